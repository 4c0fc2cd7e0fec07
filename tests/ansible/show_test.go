// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

const shownPlay = `
- hosts: localhost
  gather_facts: false
  tasks:
    - name: Audit a snapshot and show the result
      openstack_ops.placement.placement_audit:
        snapshot: SNAPSHOT
        checks: [PLC105]
        show: true
    - name: Audit a snapshot and keep the result
      openstack_ops.placement.placement_audit:
        snapshot: SNAPSHOT
        checks: [PLC301]
      register: quiet
    - name: Audit a snapshot and hide the result
      openstack_ops.placement.placement_audit:
        snapshot: SNAPSHOT
        checks: [PLC109]
        show: true
      no_log: true
    - name: Show conflicts
      openstack_ops.placement.placement_conflicts:
        files: [LOG]
        since: all
        lookup: false
        show: true
    - name: Check that nothing is returned that was not asked for
      ansible.builtin.assert:
        that: quiet.text is not defined
`

// With show, a task prints its text plainly, with its line breaks and indents; without it nothing more than Ansible does, and with
// no_log nothing at all.
func TestShow(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		log := filepath.Join(s.dir, "placement-api.log")
		write(t, log, "")
		book := filepath.Join(s.dir, "shown.yml")
		write(t, book, strings.NewReplacer("SNAPSHOT", filepath.Join(s.root, "tests/recorded/snapshot.json"), "LOG", log).Replace(shownPlay))
		out := s.run(t, s.root, nil, "ansible-playbook", book).ok(t).out
		for _, want := range []string{
			"\nNOT CLEAN        1 critical\n\n   1 CRITICAL PLC105 missing-allocation\n              server seed-missing-allocation (178d7b2c…) is ACTIVE",
			"\n     $ nova-manage placement heal_allocations --instance 178d7b2c-6b5a-45c1-b408-614c8d73ad67\n",
			"\nCLEAN            no request was refused\n",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in\n%s", want, out)
			}
		}
		for _, bad := range []string{"PLC301", "PLC109", `"NOT CLEAN`} {
			if strings.Contains(out, bad) {
				t.Errorf("%q in\n%s", bad, out)
			}
		}
	})
}

// Each module that has a text shows it, also of what check mode would do, and says no more than Ansible where it failed.
func TestShowOfEachModule(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		cloud := recordedCloud(t, s.root, nil) // it has no resource classes
		write(t, filepath.Join(s.dir, "placement-api.log"), "")
		for module, c := range map[string]struct {
			args map[string]any
			want string
		}{
			"placement_heal":      {map[string]any{"cloud": cloud, "checks": "PLC201", "grace": 0, "max_share": 1, "show": true}, "\n   3 planned    PLC201: Delete resource provider cn7 ("},
			"placement_inventory": {map[string]any{"cloud": cloud, "provider": "cn1", "inventories": map[string]any{"VCPU": map[string]any{"total": 20}}, "show": true}, "1 of 1 resource providers would change"},
			"placement_restore":   {map[string]any{"cloud": cloud, "journal": s.dir + "/none.jsonl", "show": true}, "none.jsonl"},
			"placement_conflicts": {map[string]any{"files": []string{s.dir + "/*.log"}, "show": true}, "\nCLEAN            no request was refused\n"},
		} {
			args, err := json.Marshal(c.args)
			if err != nil {
				t.Fatal(err)
			}
			out := s.run(t, s.root, nil, "ansible", "localhost", "--check", "-m", "openstack_ops.placement."+module, "-a", string(args)).out
			if !strings.Contains(out, c.want) {
				t.Errorf("%s: no %q in\n%s", module, c.want, out)
			}
		}
	})
}
