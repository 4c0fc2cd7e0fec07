// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// counted are the flavors of an answer, each with the number of its hosts and of those that are listed.
func counted(t *testing.T, answer dict) string {
	t.Helper()
	raw, _ := json.Marshal(answer["flavors"])
	var flavors []struct {
		Name string
		Now  struct {
			Count int `json:"host_count"`
			Hosts []any
		}
	}
	if err := json.Unmarshal(raw, &flavors); err != nil {
		t.Fatal(answer["msg"], err)
	}
	all := ""
	for _, f := range flavors {
		all += fmt.Sprintf("%s %d %d;", f.Name, f.Now.Count, len(f.Now.Hosts))
	}
	return all
}

// Only flavors of servers are counted, also one that Nova does not offer any more; however few hosts are listed, all are counted.
func TestInUse(t *testing.T) {
	for name, c := range map[string]struct {
		args    dict
		offered string
		want    string
	}{
		"all":     {dict{}, listed("m1.small", "unused"), "m1.small 6 6;unused 6 6;"},
		"in use":  {dict{"in_use": true}, listed("m1.small", "unused"), "m1.medium 6 6;m1.small 6 6;"},
		"changed": {dict{"in_use": true}, strings.ReplaceAll(listed("m1.small"), `"vcpus": 1`, `"vcpus": 400`), "m1.medium 6 6;m1.small 0 0;"},
		"deleted": {dict{"in_use": true, "max_hosts": 2}, listed("unused"), "m1.medium 6 2;m1.small 6 2;"},
		"none":    {dict{"in_use": true, "max_hosts": 0}, listed("m1.small"), "m1.medium 6 0;m1.small 6 0;"},
	} {
		answer := ansibletest.RunAtOnce(t, capacity.Module(), cloud(t, map[string]string{"/flavors/detail": c.offered}, c.args))
		if got := counted(t, answer); got != c.want || answer["complete"] != true {
			t.Errorf("%s: %s, want %s: %v", name, got, c.want, answer["msg"])
		}
	}
	answer := ansibletest.RunAtOnce(t, capacity.Module(), cloud(t, nil, dict{"in_use": true, "flavors": []string{"m1.small"}}))
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "mutually exclusive") {
		t.Errorf("%v", answer["msg"])
	}
}

// Servers that could not be read are no flavors in use; services that could not be read leave the count incomplete.
func TestUnread(t *testing.T) {
	answer := ansibletest.RunAtOnce(t, capacity.Module(), cloud(t, map[string]string{"/servers": ""}, dict{"in_use": true}))
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "in_use: the servers could not be read") {
		t.Errorf("%v", answer["msg"])
	}
	answer = ansibletest.RunAtOnce(t, capacity.Module(), cloud(t, map[string]string{"/os-services": ""}, dict{"show": true}))
	if answer["complete"] != false || !strings.Contains(fmt.Sprint(answer["not_read"]), "whether the compute services are up: the services could not be read") ||
		!strings.Contains(fmt.Sprint(answer["text"]), "Not read: whether") {
		t.Errorf("%v %v %v", answer["msg"], answer["complete"], answer["not_read"])
	}
}

// The reports have the result for programs, people and Prometheus; check mode writes none.
func TestReports(t *testing.T) {
	dir := t.TempDir()
	path := func(format string) string { return filepath.Join(dir, format+".prom") }
	var reports []dict
	for _, format := range []string{"json", "markdown", "prometheus"} {
		reports = append(reports, dict{"path": path(format), "format": format})
	}
	args := cloud(t, nil, dict{"reports": reports, "truth": true, "what_if": []dict{{"resource_class": "VCPU", "allocation_ratio": 1.0}}, "_ansible_check_mode": true})
	ansibletest.RunAtOnce(t, capacity.Module(), args)
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("check mode writes %v", left)
	}
	args["_ansible_check_mode"] = false
	answer := ansibletest.RunAtOnce(t, capacity.Module(), args)
	var all dict
	if err := json.Unmarshal([]byte(read(t, path("json"))), &all); err != nil || all["format"] != "openstack_ops.placement/capacity" || all["msg"] != answer["msg"] {
		t.Errorf("%v %v", err, all)
	}
	for format, wanted := range map[string][]string{
		"markdown":   {"# Capacity: 1 of 1 flavor fits somewhere", "| m1.small | ", "| VCPU | ", "- cn7: Nova has no compute node for it", "PLC105:server:"},
		"prometheus": {`placement_capacity_hosts{cloud="http://127.0.0.1:`, `,region="",flavor="m1.small"} 6`, "placement_capacity_complete{", `resource_class="VCPU"`},
	} {
		for _, want := range wanted {
			if text := read(t, path(format)); !strings.Contains(text, want) {
				t.Errorf("no %s in %s", want, text)
			}
		}
	}
	if info, err := os.Stat(path("prometheus")); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v %v", info, err)
	}
}
