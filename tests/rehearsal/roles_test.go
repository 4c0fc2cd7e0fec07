// SPDX-License-Identifier: Apache-2.0

//go:build lab

package rehearsal_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// present is the lab in the new release; the old one's turn is the upgrade itself.
func present(t *testing.T) *live.Lab {
	t.Helper()
	if live.Release() != to {
		t.Skipf("one release is enough: PLACEMENT_LAB_RELEASE=%s", to)
	}
	return live.Find(t)
}

// quick is an operator in a hurry: the lab is quiet.
func quick(t *testing.T, l *live.Lab) *live.Operator {
	t.Helper()
	return live.NewOperator(t, l).With(map[string]any{"pre_upgrade_grace": 2, "post_upgrade_grace": 2})
}

// identify writes the identities of two computes, as Nova has them, where the role looks for them.
func identify(t *testing.T, l *live.Lab, o *live.Operator) {
	t.Helper()
	var nodes struct {
		Hypervisors []struct {
			ID   string
			Name string `json:"hypervisor_hostname"`
		}
	}
	if err := l.Login(t).Nova(t.Context(), http.MethodGet, "/os-hypervisors", nil, &nodes); err != nil {
		t.Fatal(err)
	}
	for _, node := range nodes.Hypervisors {
		o.Write(t, "compute_id/"+node.Name, node.ID+"\n")
	}
}

// Before an upgrade a healthy cloud passes, the baseline is kept, and a compute that would get a second identity is named.
// Check mode writes nothing, and a second run changes nothing.
func TestLabPreUpgrade(t *testing.T) {
	l := present(t)
	o := quick(t, l)
	identify(t, l, o)
	o.Play(t, true, []string{"pass: nothing was found that makes the upgrade unsafe", "6 of 6 read, 6 keep or get the right identity", "none is taken in check mode"}, "pre_upgrade.yml", "--check")
	if _, err := os.Stat(o.Path("kept")); err == nil {
		t.Error("check mode made the directory")
	}
	l.Command(t, "seed", "below-usage")
	t.Cleanup(func() { l.Command(t, "unseed", "below-usage") })
	o.Play(t, true, []string{"warn: look at this before the upgrade (1 high)", "HIGH PLC301 over-capacity", "Report: " + o.Path("kept")}, "pre_upgrade.yml")
	broken := o.Read(t, "kept/snapshot.json")
	l.Command(t, "unseed", "below-usage")
	o.Play(t, true, []string{"pass: nothing was found that makes the upgrade unsafe", "Baseline: " + o.Path("kept/snapshot.json") + " Report: "}, "pre_upgrade.yml")
	if o.Read(t, "kept/snapshot.previous.json") != broken || o.Read(t, "kept/snapshot.json") == broken {
		t.Error("what was repaired is still in the baseline, or the one before is not kept")
	}
	o.Name(t, "cn2", "cn2.example.org")
	o.Play(t, false, []string{
		"fail: the upgrade is not safe for Placement (1 critical)", "CRITICAL compute_id second",
		"cn2 names itself cn2.example.org, but its hypervisor is cn2", "is kept (pre_upgrade_keep_hours: 24)", "changed=0",
	}, "pre_upgrade.yml")
	o.Play(t, true, []string{
		"warn: nothing was found, but not everything could be read (5 medium)", "it is unknown what happens to cn2: it was not among the hosts of this run", "1 of 6 read",
	}, "pre_upgrade.yml", "--limit", "localhost,cn1")
}

// After an upgrade that broke something the verdict is fail, with the command that repairs it, and pass when that is done.
func TestLabPostUpgrade(t *testing.T) {
	l := present(t)
	o := quick(t, l)
	hosts := o.Read(t, "hosts")
	o.Write(t, "hosts", strings.Replace(hosts, "[control]\n", "[control]\nctl0 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1\n", 1))
	o.With(map[string]any{"post_upgrade_since": "-5s", "post_upgrade_warn_severity": "critical"}).Play(t, true, []string{
		"warn: the upgrade left something to look at", "there is no baseline", "the logs of ctl0 were not read", "placement-status: 3 success",
	}, "post_upgrade.yml", "--check")
	o.Write(t, "hosts", hosts)
	if _, err := os.Stat(o.Path("kept")); err == nil {
		t.Error("check mode made the directory")
	}
	o.With(map[string]any{"pre_upgrade_identities": false}).Play(t, true, nil, "pre_upgrade.yml")
	l.Command(t, "seed", "missing-allocation")
	t.Cleanup(func() { l.Command(t, "unseed", "missing-allocation") })
	o.Play(t, false, []string{
		"fail: the upgrade left something to repair (1 critical", "CRITICAL PLC105 missing-allocation", "1 new, 0 known, 0 gone",
		"Command on ctl1:", "$ sudo docker exec nova_api nova-manage placement heal_allocations --instance", "6 of 6 computes have reported",
		"placement-status: 3 success",
	}, "post_upgrade.yml")
	var report struct{ Verdict string }
	if err := json.Unmarshal([]byte(o.Read(t, "kept/post_upgrade.json")), &report); err != nil || report.Verdict != "fail" {
		t.Errorf("%v: the report says %q", err, report.Verdict)
	}
	o.Write(t, "repair.yml", `- name: Do what the findings say
  ansible.builtin.command: {argv: [`+l.NovaManage+`, placement, heal_allocations, --instance, "{{ item.subject.uuid }}"]}
  loop: "{{ post_upgrade_audit.findings | selectattr('id', 'equalto', 'PLC105') | list }}"
`)
	o.With(map[string]any{"post_upgrade_repair_tasks": o.Path("repair.yml")}).Play(t, true,
		[]string{"pass: Placement and Nova agree as before", "0 new, 0 known, 0 gone"}, "post_upgrade.yml")
	o.Play(t, true, []string{
		"warn: ", "the logs of ctl1 were not read: it was not among the hosts of this run", "it was not among the hosts of this run", "changed=0",
	}, "post_upgrade.yml", "--limit", "cn1,localhost")
	o.Play(t, false, []string{"--limit cn1 leaves out all hosts that this playbook needs"}, "post_upgrade.yml", "--limit", "cn1")
}

// The roles give the same verdicts from the databases. Before an upgrade they need no login to the APIs.
func TestLabUpgradeFromDatabases(t *testing.T) {
	l := present(t)
	o := quick(t, l)
	identify(t, l, o)
	vars := map[string]any{}
	for option, value := range l.Databases() {
		vars["pre_upgrade_"+option], vars["decommission_check_"+option] = value, value
	}
	o = o.With(vars)
	o.With(map[string]any{"cloud_auth": map[string]any{"auth_url": "http://127.0.0.1:1/v3"}}).Play(t, true,
		[]string{"pass: nothing was found that makes the upgrade unsafe", "6 of 6 read, 6 keep or get the right identity"}, "pre_upgrade.yml")
	l.Command(t, "seed", "missing-allocation")
	t.Cleanup(func() { l.Command(t, "unseed", "missing-allocation") })
	o.Play(t, false, []string{
		"fail: the upgrade left something to repair (1 critical", "CRITICAL PLC105 missing-allocation", "1 new, 0 known, 0 gone", "6 of 6 computes have reported",
	}, "post_upgrade.yml")
	o.With(map[string]any{"decommission_check_host": "cn1", "decommission_check_grace": 2}).Play(t, false,
		[]string{"cn1 can't be removed yet: resource provider cn1 "}, "decommission.yml")
}
