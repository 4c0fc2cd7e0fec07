// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cloud is the recorded cloud, which refuses to write, as a variable.
func (s *site) cloud(t *testing.T) string {
	t.Helper()
	cloud, err := json.Marshal(recordedCloud(t, s.root, nil))
	if err != nil {
		t.Fatal(err)
	}
	return string(cloud)
}

// playbook runs a playbook of the checkout on a cloud. CLOUD and HERE in the variables are that cloud and the site's folder.
func (s *site) playbook(t *testing.T, name, cloud, vars string, flags ...string) result {
	t.Helper()
	file := filepath.Join(s.dir, "vars.json")
	write(t, file, strings.NewReplacer("CLOUD", cloud, "HERE", s.dir).Replace(vars))
	return s.run(t, s.root, []string{"ANSIBLE_CALLBACK_RESULT_FORMAT=json"}, append([]string{"ansible-playbook", "playbooks/" + name + ".yml", "-e", "@" + file}, flags...)...)
}

// says fails for each text that is not in the output.
func (r result) says(t *testing.T, want ...string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(r.flat(), text) {
			t.Errorf("no %q in\n%s", text, r.out)
		}
	}
}

// Check mode shows the plan, a line for each step, and keeps it for its owner only. Nothing else than that plan is followed.
func TestHealPlaybook(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud := s.cloud(t)
		const vars = `{"placement_cloud": CLOUD, "heal_grace": 2, "heal_plan": "HERE/plan.json", "heal_max_share": 1, "heal_journal": "HERE/own/journal.jsonl"}`
		r := s.playbook(t, "heal", cloud, vars, "--check")
		r.says(t, "digest of the plan: ", "1 planned PLC101: Empty consumer ", " by hand ", "and with: plan: "+s.dir+"/plan.json confirm: ")
		if info, err := os.Stat(filepath.Join(s.dir, "plan.json")); r.code != 0 || err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("status %d, %v %v:\n%s", r.code, err, info, r.out)
		}
		digest := regexp.MustCompile(`confirm: ([0-9a-f]{12})\b`).FindStringSubmatch(r.flat())
		if digest == nil {
			t.Fatal(r.out)
		}
		s.playbook(t, "heal", cloud, vars).fails(t, "confirm must be given to follow a plan")
		s.playbook(t, "heal", cloud, vars, "-e", "heal_confirm=0123456789ab").fails(t, "it is not the plan that was confirmed")
		s.playbook(t, "heal", cloud, vars, "-e", "heal_confirm="+digest[1], "-e", "heal_max_changes=1").fails(t, "max_changes allows 1", "1 planned ")
		s.playbook(t, "heal", cloud, vars, "-e", "heal_plan=", "-e", "heal_checks=PLC999").fails(t, "PLC999")
		if _, err := os.Stat(filepath.Join(s.dir, "own/journal.jsonl")); err == nil {
			t.Error("something was noted in the journal")
		}
	})
}

// Variables of the playbook reach the module: scope, checks and budget.
func TestHealPlaybookScope(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud := s.cloud(t)
		const vars = `{"placement_cloud": CLOUD, "heal_grace": 5, "heal_checks": ["PLC201"], "heal_max_share": 1}`
		s.playbook(t, "heal", cloud, vars, "--check").ok(t).says(t, "Delete resource provider cn7 (")
		s.playbook(t, "heal", cloud, vars, "--check", "-e", "heal_hosts=cn1").ok(t).says(t, "nothing to heal")
		s.playbook(t, "heal", cloud, vars, "--check", "-e", "heal_providers=cn7").ok(t).says(t, "Delete resource provider cn7 (")
		s.playbook(t, "heal", cloud, vars, "--check", "-e", "heal_max_share=0").fails(t, "with a budget of 0 nothing is healed")
		s.playbook(t, "heal", cloud, vars, "--check", "--limit", "target").fails(t, "leaves out all hosts that this playbook needs")
	})
}

// A provider that a compute node stands behind is not deleted; one without is, in check mode without a write.
func TestProviderPlaybook(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud := s.cloud(t)
		const vars = `{"placement_cloud": CLOUD, "placement_state": "absent", "placement_journal": "HERE/own/journal.jsonl"}`
		s.playbook(t, "provider", cloud, vars, "--check", "-e", "placement_provider=cn1").fails(t, "must not be the resource provider of a compute node")
		s.playbook(t, "provider", cloud, vars, "--check", "-e", "placement_provider=cn7").ok(t).says(t, "resource provider cn7 (", "changed=1")
	})
}

// A journal that is not there can't be undone.
func TestRestorePlaybook(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud := s.cloud(t)
		s.playbook(t, "restore", cloud, `{"placement_cloud": CLOUD, "placement_journal": "HERE/none.jsonl"}`, "--check").fails(t, "journal", "none.jsonl")
	})
}

// A watch may take longer than a task may by default: the playbook adds the time of the watch.
func TestAuditPlaybookWatch(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		const vars = `{"placement_cloud": {"auth_type": "none", "auth": {"endpoint": "http://127.0.0.1:1"}}, "placement_watch": 1200}`
		s.playbook(t, "audit", "", vars).fails(t, "connection refused")
	})
}

// pasted runs the task that each finding has for its remedy, as it is, and looks at what it plans.
const pasted = `
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/openstack_ops.placement.placement: {cloud: CLOUD}
  tasks:
    - name: Audit the cloud
      openstack_ops.placement.placement_audit:
        grace: 0
      register: audit
    - name: Run the task of each finding
      openstack_ops.placement.placement_heal:
        checks: "{{ item.remedy.args.checks }}"
        findings: "{{ item.remedy.args.findings }}"
        max_share: 1
        grace: 0
      check_mode: true
      loop: "{{ audit.findings | selectattr('remedy.module', 'equalto', 'placement_heal') }}"
      register: healed
    - name: Check that each plan is about its finding alone
      ansible.builtin.assert:
        that:
          - item.item.remedy.args | length == 2
          - item.steps | map(attribute='finding') | unique == [item.item.fingerprint]
          - item.steps | map(attribute='also') | flatten == []
      loop: "{{ healed.results }}"
      loop_control:
        label: "{{ item.item.fingerprint }}: {{ item.steps | map(attribute='state') | join(' ') }}"
    - name: Check that there were enough
      ansible.builtin.assert:
        that: healed.results | length >= 7
`

// A task that is pasted from a finding works, and plans to heal that finding alone.
func TestPastedTasks(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		book := filepath.Join(s.dir, "pasted.yml")
		write(t, book, strings.Replace(pasted, "CLOUD", s.cloud(t), 1))
		if r := s.run(t, s.root, nil, "ansible-playbook", book); r.code != 0 {
			t.Errorf("status %d:\n%s", r.code, r.out)
		}
	})
}

// What is found about a host that is removed is finished if the role is told to, and the host is checked again. Check mode shows
// what would be done; what can't be done stays in the verdict.
func TestDecommissionClean(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		const vars = `{"cloud_cloud": CLOUD, "decommission_check_host": "cn7", "decommission_check_phase": "after", "decommission_check_grace": 1,
			"decommission_check_clean": true, "decommission_check_clean_max_share": 1, "decommission_check_clean_max_changes": 10, "decommission_check_fail": false}`
		cloud := s.cloud(t)
		r := s.playbook(t, "decommission", cloud, vars, "--check")
		r.says(t, "1 planned PLC201: Delete resource provider cn7 (", "is left of cn7")
		if strings.Contains(r.flat(), " 2 planned ") || r.code != 0 {
			t.Errorf("status %d, or it would do more than that:\n%s", r.code, r.out)
		}
		s.playbook(t, "decommission", cloud, vars, "-e", "decommission_check_clean_max_share=0").says(t, "with a budget of 0 nothing is healed", "is left of cn7")
		s.playbook(t, "decommission", cloud, vars).says(t, "Delete resource provider cn7 (", "is left of cn7")
		none := s.playbook(t, "decommission", cloud, vars, "-e", "decommission_check_clean=false")
		if strings.Contains(none.out, "Heal what the audit finds about the host] ***\nok") || strings.Contains(none.out, "Delete resource provider cn7 (") {
			t.Error(none.out)
		}
	})
}
