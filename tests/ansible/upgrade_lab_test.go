// SPDX-License-Identifier: Apache-2.0

//go:build lab

package ansible_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// operator is a deploy host with an inventory whose hosts are this machine under other names.
type operator struct {
	lab
	root, dir, bin string
	vars           []byte // extra variables, as JSON
}

// newOperator writes an inventory with a control host, two computes of the lab and one that nobody can reach. A compute
// names itself as it does there, since its Python runs in a UTS namespace of its own, and has the identity that Nova has.
func newOperator(t *testing.T) *operator {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	o := &operator{lab: runningLab(t), root: root, dir: t.TempDir()}
	o.bin = "/usr/bin"
	if release() == "current" {
		o.bin = filepath.Join(root, ".venv/ansible-2.19/bin")
	}
	inventory := "[control]\nctl1\n[compute]\ncn1\ncn2\n[all:vars]\nansible_connection=local\nansible_python_interpreter=/usr/bin/python3\n"
	writeBelow(t, filepath.Join(o.dir, "hosts"), inventory)
	for _, host := range []string{"cn1", "cn2"} {
		o.names(t, host, host)
		writeBelow(t, filepath.Join(o.dir, "compute_id", host), o.identity(t, host)+"\n")
	}
	script(t, filepath.Join(o.dir, "bin/docker"), "shift 2; program=$1; shift; exec "+o.Root+"/bin/$program \"$@\"") // docker exec CONTAINER …
	o.vars, err = json.Marshal(map[string]any{
		"CONFIG_DIR": o.Root, "pre_upgrade_directory": filepath.Join(o.dir, "kept"),
		"pre_upgrade_grace": 2, "post_upgrade_grace": 2, "post_upgrade_wait_interval": 3, "pre_upgrade_become": false, "post_upgrade_become": false,
		"pre_upgrade_compute_id_files": []string{filepath.Join(o.dir, "compute_id/{{ inventory_hostname }}")},
		"post_upgrade_log_files":       []string{filepath.Join(o.Root, "log/placement.log"), filepath.Join(o.Root, "log/nova-*.log")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// names makes a host of the inventory name itself so.
func (o *operator) names(t *testing.T, host, nodename string) {
	t.Helper()
	python := filepath.Join(o.dir, "python", host)
	script(t, python, `exec unshare -r --uts sh -c 'hostname `+nodename+`; exec /usr/bin/python3 "$@"' sh "$@"`)
	writeBelow(t, filepath.Join(o.dir, "host_vars", host+".yml"), "ansible_python_interpreter: "+python+"\n")
}

// identity is the UUID of a host's compute node.
func (o *operator) identity(t *testing.T, host string) string {
	t.Helper()
	answer := byProgram(t, "placement_compute_info", map[string]any{"cloud": o.Cloud, "clouds_file": o.CloudsFile, "hosts": []string{host}})
	var read struct {
		Computes []struct{ Nodes []struct{ UUID string } }
	}
	raw, err := json.Marshal(answer)
	if err == nil {
		err = json.Unmarshal(raw, &read)
	}
	if err != nil || len(read.Computes) != 1 || len(read.Computes[0].Nodes) != 1 {
		t.Fatalf("%v: %s", err, raw)
	}
	return read.Computes[0].Nodes[0].UUID
}

// play runs one of the collection's playbooks and says whether it succeeded.
func (o *operator) play(t *testing.T, book string, args ...string) (out string, ok bool) {
	t.Helper()
	args = append([]string{"playbooks/" + book, "-i", filepath.Join(o.dir, "hosts"), "-e", string(o.vars)}, args...)
	cmd := exec.CommandContext(t.Context(), filepath.Join(o.bin, "ansible-playbook"), args...)
	cmd.Dir = o.root
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(o.dir, "bin")+":"+o.bin+":/usr/bin:/bin:/usr/sbin:/sbin",
		"ANSIBLE_CONFIG="+filepath.Join(o.root, "ansible.cfg"), "HOME="+o.dir, "XDG_CACHE_HOME=", "ANSIBLE_NOCOLOR=1")
	text, err := cmd.CombinedOutput()
	return string(text), err == nil
}

// plays fails unless the playbook ends as wanted and says all of these.
func (o *operator) plays(t *testing.T, ok bool, says []string, book string, args ...string) {
	t.Helper()
	out, succeeded := o.play(t, book, args...)
	for _, want := range says {
		if !strings.Contains(out, want) {
			t.Errorf("%s %v does not say %q", book, args, want)
		}
	}
	if succeeded != ok || t.Failed() {
		t.Fatalf("%s %v: succeeded %v\n%s", book, args, succeeded, out)
	}
}

func script(t *testing.T, path, body string) {
	t.Helper()
	writeBelow(t, path, "#!/bin/sh\n"+body+"\n")
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
}

// Before an upgrade a healthy cloud passes, the baseline is kept, and a compute that would get a second identity is named.
func TestLabPreUpgrade(t *testing.T) {
	o := newOperator(t)
	kept := filepath.Join(o.dir, "kept")
	o.plays(t, true, []string{"pass: nothing speaks against the upgrade", "2 of 2 looked at, 2 keep", "none is taken in check mode"}, "pre_upgrade.yml", "--check")
	if _, err := os.Stat(kept); err == nil {
		t.Error("check mode made the directory")
	}
	o.plays(t, true, []string{"pass: nothing", "Report: " + kept}, "pre_upgrade.yml")
	o.plays(t, true, []string{"is kept (pre_upgrade_keep_hours: 24)", "localhost                  : ok=9    changed=0"}, "pre_upgrade.yml")
	before := mustRead(t, filepath.Join(kept, "snapshot.json"))
	o.names(t, "cn2", "cn2.example.org")
	o.plays(t, false, []string{"fail: the upgrade is not safe for Placement (1 critical)", "CRITICAL  compute_id second", "cn2 names itself cn2.example.org, but its hypervisor is cn2"},
		"pre_upgrade.yml", "-e", "pre_upgrade_keep_hours=0")
	if string(mustRead(t, filepath.Join(kept, "snapshot.previous.json"))) != string(before) {
		t.Error("the baseline before is not kept")
	}
	o.plays(t, true, []string{"warn: look at this", "cn2: it was not among the hosts of this run"}, "pre_upgrade.yml", "--limit", "localhost,cn1", "--check")
}

// After an upgrade that broke something the verdict is fail with the command that repairs it, and pass when it is repaired.
func TestLabPostUpgrade(t *testing.T) {
	o := newOperator(t)
	kept := filepath.Join(o.dir, "kept")
	o.plays(t, true, []string{"warn: the upgrade left something to look at", "there is no baseline"}, "post_upgrade.yml", "--check", "-e", "post_upgrade_since=-5s")
	if _, err := os.Stat(kept); err == nil {
		t.Error("check mode made the directory")
	}
	o.plays(t, true, nil, "pre_upgrade.yml")
	labCommand(t, "seed", "missing-allocation")
	t.Cleanup(func() { labCommand(t, "unseed", "missing-allocation") })
	o.plays(t, false, []string{
		"fail: the upgrade left something to repair (1 critical", "CRITICAL  PLC105 missing-allocation", "1 new, 0 known, 0 gone",
		"Command on ctl1: sudo docker exec nova_api nova-manage placement heal_allocations --instance", "6 of 6 computes have reported",
		"placement-status: 3 success", "Conflicts: no conflicts",
	}, "post_upgrade.yml")
	var report struct {
		Verdict string
		Reasons []struct{ Severity, Command string }
	}
	if err := json.Unmarshal(mustRead(t, filepath.Join(kept, "post_upgrade.json")), &report); err != nil || report.Verdict != "fail" {
		t.Errorf("%v: %+v", err, report)
	}
	o.repairs(t)
}

// repairs lets tasks of the operator's do what the finding says, and sees that this is enough.
func (o *operator) repairs(t *testing.T) {
	t.Helper()
	tasks := filepath.Join(o.dir, "repair.yml")
	writeBelow(t, tasks, `- name: Do what the findings say
  ansible.builtin.command: {argv: ["{{ post_upgrade_api_host and '`+o.Root+`/bin/nova-manage' }}", placement, heal_allocations, --instance, "{{ item.subject.uuid }}"]}
  loop: "{{ post_upgrade_audit.findings | selectattr('id', 'equalto', 'PLC105') | list }}"
  failed_when: false
`)
	o.plays(t, true, []string{"pass: Placement and Nova agree as before", "0 new, 0 known, 0 gone"}, "post_upgrade.yml", "-e", "post_upgrade_repair_tasks="+tasks)
	out, _ := o.play(t, "post_upgrade.yml", "--limit", "localhost")
	for _, want := range []string{"warn: ", "the logs of ctl1 were not read: it was not among the hosts of this run", "no host with it is among the hosts of this run", "changed=0"} {
		if !strings.Contains(out, want) {
			t.Errorf("--limit localhost does not say %q:\n%s", want, out)
		}
	}
}
