// SPDX-License-Identifier: Apache-2.0

//go:build lab

package computeinfo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/computeinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// lab runs tests/lab/lab for the control plane with Nova of the release under test.
func lab(t *testing.T, verb string, args ...string) []byte {
	t.Helper()
	release := os.Getenv("PLACEMENT_LAB_RELEASE")
	if release == "" {
		release = "zed"
	}
	args = append([]string{verb, "--profile", "nova", "--release", release}, args...)
	out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "../../tests/lab/lab", args...).Output()
	if err != nil {
		t.Fatalf("tests/lab/lab %v: %v\n%s", args, err, out)
	}
	return out
}

// answer is what the module returns, as far as these tests need it.
type answer struct {
	Failed   bool
	Msg      string
	Complete bool
	Computes []struct {
		Host             string
		Reported         bool
		Nodes, Providers []struct{ UUID, Name string }
	}
	Silent     []string
	Latest     time.Time
	Identities []struct{ Host, Effect, Message string }
	Unseen     []string
	Hosts      []struct {
		Host    string
		Servers []struct{ Name, Status, Host string }
	}
	Consumers []struct{ Kind string }
	Requests  map[string]int
}

func ask(t *testing.T, more dict) answer {
	t.Helper()
	var env struct {
		Cloud      string `json:"cloud"`
		CloudsFile string `json:"clouds_file"`
	}
	if err := json.Unmarshal(lab(t, "env"), &env); err != nil {
		t.Fatal(err)
	}
	args := dict{"cloud": env.Cloud, "clouds_file": env.CloudsFile}
	for key, value := range more {
		args[key] = value
	}
	raw, err := json.Marshal(ansibletest.Run(t, computeinfo.Module(), args))
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil || a.Failed {
		t.Fatalf("%v: %s", err, raw)
	}
	return a
}

// The databases show the same computes, nodes and providers as the APIs, with the same reports, and nobody is asked.
func TestLabFromDatabases(t *testing.T) {
	var env struct {
		ConfigDir string `json:"config_dir"`
	}
	if err := json.Unmarshal(lab(t, "env"), &env); err != nil {
		t.Fatal(err)
	}
	fromAPI := ask(t, nil)
	fromDatabases := ask(t, dict{"source": "database", "nova_conf": env.ConfigDir + "/nova/nova.conf", "placement_conf": env.ConfigDir + "/placement/placement.conf"})
	if got, want := fmt.Sprint(fromDatabases.Computes, fromDatabases.Silent), fmt.Sprint(fromAPI.Computes, fromAPI.Silent); got != want || len(fromAPI.Computes) < 6 {
		t.Errorf("from the databases %s\nfrom the APIs %s", got, want)
	}
	if !fromDatabases.Complete || len(fromDatabases.Requests) != 0 || fromDatabases.Latest.Before(fromAPI.Latest.Truncate(time.Second)) {
		t.Errorf("%+v", fromDatabases)
	}
}

// Every compute has its node and its provider, and reports again within the lab's interval of five seconds.
func TestLabReported(t *testing.T) {
	first := ask(t, nil)
	if len(first.Computes) < 6 || len(first.Silent) > 0 || !first.Complete {
		t.Fatalf("%+v", first)
	}
	for _, c := range first.Computes {
		if len(c.Nodes) != 1 || fmt.Sprint(c.Nodes) != fmt.Sprint(c.Providers) {
			t.Errorf("%+v", c)
		}
	}
	only := []string{"cn1", "cn6"} // of both cells
	at := dict{"since": first.Latest.Format(time.RFC3339Nano), "hosts": only}
	if again := ask(t, at); len(again.Computes) != len(only) || len(again.Silent) == 0 && !again.Latest.After(first.Latest) {
		t.Errorf("nobody has reported after %v yet: %+v", first.Latest, again)
	}
	for deadline := time.Now().Add(4 * time.Minute); len(ask(t, at).Silent) > 0; time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			t.Fatal("they never reported")
		}
	}
}

// The servers of each host are named, and a consumer that is neither a server nor a migration is told to be that.
func TestLabServers(t *testing.T) {
	a := ask(t, dict{"hosts": []string{"cn1", "cn6"}, "servers": true, "consumers": []string{"e0000000-0000-4000-8000-000000000005"}})
	if !a.Complete || len(a.Hosts) != 2 || len(a.Consumers) != 1 || a.Consumers[0].Kind != "unknown" {
		t.Fatalf("%+v", a)
	}
	for i, name := range []string{"s1", "s6"} {
		if on := a.Hosts[i]; len(on.Servers) == 0 || on.Servers[0].Host != on.Host || !strings.Contains(fmt.Sprint(on.Servers), name) {
			t.Errorf("%+v", on)
		}
	}
}

// One that is down is named; nothing is said about identities while a cell does not answer.
func TestLabSilent(t *testing.T) {
	lab(t, "host", "add", "cn13")
	t.Cleanup(func() { lab(t, "host", "retire", "cn13") })
	lab(t, "host", "kill", "cn13")
	at := ask(t, nil).Latest.Add(time.Second).Format(time.RFC3339Nano)
	for deadline := time.Now().Add(4 * time.Minute); !slices.Equal(ask(t, dict{"since": at}).Silent, []string{"cn13"}); time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			t.Fatalf("silent: %v", ask(t, dict{"since": at}).Silent)
		}
	}
	lab(t, "seed", "cell-down")
	t.Cleanup(func() { lab(t, "unseed", "cell-down") })
	a := ask(t, dict{"identities": []dict{{"host": "cn1", "nodename": "cn1"}}})
	if a.Complete || !slices.Contains(a.Silent, "cn6") || !strings.Contains(a.Msg, "a cell does not answer") {
		t.Errorf("%+v", a)
	}
	if i := a.Identities[0]; i.Effect != "unknown" || !strings.Contains(i.Message, "a cell does not answer") {
		t.Errorf("%+v", i)
	}
}

// Each host is told what the step of Kolla-Ansible would do to it.
func TestLabIdentities(t *testing.T) {
	computes := ask(t, dict{"hosts": []string{"cn1", "cn2"}}).Computes
	own, other := computes[0].Nodes[0].UUID, computes[1].Nodes[0].UUID
	a := ask(t, dict{"identities": []dict{
		{"host": "a", "nodename": "cn1", "compute_id": own + "\n"},
		{"host": "b", "nodename": "cn3", "compute_id": other},
		{"host": "c", "nodename": "cn1.example.com", "compute_id": own},
		{"host": "d", "nodename": "cn99"},
	}})
	var effects []string
	for _, i := range a.Identities {
		effects = append(effects, i.Effect)
	}
	if want := []string{"keep", "replace", "second", "create"}; !slices.Equal(effects, want) || !strings.Contains(a.Msg, "2 of 4 identities are not safe") {
		t.Errorf("%v, want %v: %s", effects, want, a.Msg)
	}
	if want := []string{"cn3", "cn4", "cn5", "cn6"}; !slices.Equal(a.Unseen, want) {
		t.Errorf("unseen: %v, want %v", a.Unseen, want)
	}
	if a.Requests["POST"] != 1 || len(a.Requests) != 2 { // the login
		t.Errorf("requests: %v", a.Requests)
	}
}
