// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// upgraded are the variables of post_upgrade on the recorded cloud, which refuses to write, and whose computes are down.
const upgraded = `{"cloud_cloud": CLOUD, "post_upgrade_directory": "HERE/up", "post_upgrade_grace": 1, "post_upgrade_wait": 0, "post_upgrade_become": false,
	"post_upgrade_conflicts": false, "post_upgrade_status_checks": false, "post_upgrade_fail": false, "post_upgrade_repair_max_share": 1, MORE}`

// The plan is in the verdict and in the report, and kept. Check mode keeps none.
func TestPostUpgradePlan(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud, vars := s.cloud(t), strings.Replace(upgraded, "MORE", `"post_upgrade_repair": "plan"`, 1)
		s.playbook(t, "post_upgrade", cloud, vars, "--check").says(t, "Repair plan: ", "step 1 planned: Empty consumer ", "changed=0")
		if _, err := os.Stat(filepath.Join(s.dir, "up")); err == nil {
			t.Error("check mode made the directory")
		}
		s.playbook(t, "post_upgrade", cloud, vars).says(t, "Repair plan: ", "step 1 planned: Empty consumer ", "up/plan.json and heal_confirm=")
		for name, want := range map[string]string{"post_upgrade.md": "step 1 planned: Empty consumer", "post_upgrade.json": `"repair": {`, "plan.json": "openstack_ops.placement/plan"} {
			if text := read(t, filepath.Join(s.dir, "up", name)); !strings.Contains(text, want) {
				t.Errorf("no %q in %s:\n%s", want, name, text)
			}
		}
		none := s.playbook(t, "post_upgrade", cloud, vars, "-e", "post_upgrade_repair=none")
		if strings.Contains(none.out, "Repair plan") {
			t.Error(none.out)
		}
	})
}

// A repair stays within its budget and its checks, and one that is not done is a reason. Check mode repairs nothing.
func TestPostUpgradeApply(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud, vars := s.cloud(t), strings.Replace(upgraded, "MORE", `"post_upgrade_repair": "apply"`, 1)
		s.playbook(t, "post_upgrade", cloud, vars, "--check").says(t, "Repair plan: ", "step 1 planned: Empty consumer ", "changed=0")
		s.playbook(t, "post_upgrade", cloud, vars, "-e", "post_upgrade_repair_max_changes=1").says(t,
			"not all steps of the repair were done: nothing is changed: the plan has ", "max_changes allows 1", "Audit the cloud after the repair")
		only := s.playbook(t, "post_upgrade", cloud, vars, "--check", "-e", "post_upgrade_repair_checks=PLC201")
		only.says(t, "Repair plan: ", "Delete resource provider cn7")
		if strings.Contains(only.out, "planned: Empty consumer ") {
			t.Error(only.out)
		}
	})
}

// refusals are what a log says of a provider whose name is taken.
func refusals(host string) string {
	one := "2026-11-22 10:0M:01.000 7 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] " +
		"[req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8] Failed to create resource provider record in placement API for UUID " +
		`4f1e2c3d-0a1b-4c2d-8e3f-222222222222. Got 409: {"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict ` +
		`when trying to complete your request.\n\n Conflicting resource provider name: ` + host + ` already exists.  "}]}.` + "\n"
	return strings.Replace(one, "M", "0", 1) + strings.Replace(one, "M", "1", 1) + strings.Replace(one, "M", "2", 1)
}

// A nova-compute whose provider is refused is restarted once, on as many hosts as may be, and the cloud is audited again. Check
// mode restarts none, and neither does the role unless told to.
func TestPostUpgradeRestart(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		write(t, filepath.Join(s.dir, "nova-compute.log"), refusals("target")+refusals("other.example.org"))
		cloud, vars := s.cloud(t), strings.NewReplacer("MORE", `"post_upgrade_restart_flapping": true, "post_upgrade_restart_watch": 0,
			"post_upgrade_log_files": ["HERE/nova-compute.log"], "post_upgrade_since": "all", "post_upgrade_container_engine": "none",
			"post_upgrade_restart_hosts": ["target", "target2"], "post_upgrade_restart_max": 1, "ansible_python_interpreter": "/usr/bin/python3", "post_upgrade_restart_command": ["sh", "-c", "echo once >> HERE/restarted"]`,
			`"post_upgrade_conflicts": false`, `"post_upgrade_conflicts": true`).Replace(upgraded)
		restarted := filepath.Join(s.dir, "restarted")
		for _, flags := range [][]string{{"--check"}, {"-e", "post_upgrade_restart_flapping=false"}, {"-e", `{"post_upgrade_restart_hosts": ["elsewhere"]}`}} {
			r := s.playbook(t, "post_upgrade", cloud, vars, flags...)
			if _, err := os.Stat(restarted); err == nil || r.code != 0 {
				t.Fatalf("%v: %v, status %d:\n%s", flags, err, r.code, r.out)
			}
		}
		r := s.playbook(t, "post_upgrade", cloud, vars)
		if text, err := os.ReadFile(restarted); string(text) != "once\n" || r.code != 0 {
			t.Errorf("%v: status %d, %q:\n%s", err, r.code, text, r.out)
		}
		r.says(t, "Audit the cloud after the restart")
		s.playbook(t, "post_upgrade", cloud, vars, "-e", `{"post_upgrade_restart_command": ["sh", "-c", "echo it is down >&2; exit 1"]}`).says(t,
			"(item=target) => {", "it is down", "Audit the cloud after the restart", "changed=0")
	})
}
