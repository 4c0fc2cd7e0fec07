// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	aProvider = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"
	anEntry   = "2026-11-22 10:00:%02d.000 7 INFO placement.requestlog [None req-%08d-0000-4000-8000-000000000000 u p - - default default] " +
		"127.0.0.1 \"PUT /resource_providers/" + aProvider + "/inventories\" status: %d len: 263 microversion: 1.39\n"
	aReport = "2026-11-22 10:00:%02d.000 7 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] " +
		"[req-%08d-0000-4000-8000-000000000000] Failed to update inventory to [{}] for resource provider with UUID " + aProvider +
		`.  Got 409: {"errors": [{"status": 409, "detail": "There was a conflict when trying to complete your request.\n\n ` +
		`resource provider generation conflict  "}]}` + "\n"
)

// logsOfThree writes the logs of two control hosts and a compute, and an inventory of them and of a host without any.
func logsOfThree(t *testing.T, dir string) string {
	t.Helper()
	for name, text := range map[string]string{
		"one/placement-api.log":  fmt.Sprintf(anEntry, 1, 1, 409),
		"two/placement-api.log":  fmt.Sprintf(anEntry, 2, 2, 200),
		"three/nova-compute.log": fmt.Sprintf(aReport, 1, 1),
	} {
		writeBelow(t, filepath.Join(dir, name), text)
	}
	hosts := filepath.Join(dir, "three-hosts")
	write(t, hosts, "[control]\none\ntwo\n[compute]\nthree\n[all:vars]\nansible_connection=local\nansible_python_interpreter=/nonexistent\n")
	return hosts
}

// The playbook joins what three hosts have read: a refusal that one control host logged and a compute complained of, and
// the next try that went through at another.
func TestConflictsPlaybook(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		args := []string{
			"ansible-playbook", "-i", logsOfThree(t, s.dir), "playbooks/conflicts.yml", "-e", "placement_since=all placement_fail=true placement_timezone=UTC",
			"-e", `{"placement_become": false, "placement_files": ["` + s.dir + `/{{ inventory_hostname }}/*.log"]}`,
		}
		for _, more := range [][]string{nil, {"--check"}} {
			out := s.run(t, s.root, nil, append(args, more...)...).ok(t).out
			for _, want := range []string{"CLEAN 1 refused request, 0 to act on", "transient 1 22 Nov 10:00 inventory-generation ", "1 ERROR line is noise"} {
				if !strings.Contains(result{out: out}.flat(), want) {
					t.Errorf("%v: no %q in\n%s", more, want, out)
				}
			}
		}
		if err := os.Remove(filepath.Join(s.dir, "two", "placement-api.log")); err != nil {
			t.Fatal(err)
		}
		r := s.run(t, s.root, nil, args...)
		if r.code == 0 || !strings.Contains(r.out, "\"msg\": \"two\"") {
			t.Errorf("status %d without the log of one host:\n%s", r.code, r.out)
		}
	})
}
