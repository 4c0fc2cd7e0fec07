// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A repair is scheduled only if that is asked for: as a plan of everything, or as a repair of a few checks within a budget of its own.
func TestScheduledRepair(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		x := newScheduled(t, s)
		const more = "\n    scheduled_audit_parts: [quick]"
		x.plays(t, []string{
			x.play("none", "scheduled_audit_repair: none"+more), x.play("plan", "scheduled_audit_repair: plan\n    scheduled_audit_repair_at: '05:15'"+more),
			x.play("apply", "scheduled_audit_repair: apply\n    scheduled_audit_repair_checks: [PLC101, PLC105]\n    scheduled_audit_repair_max_changes: 3\n    scheduled_audit_repair_max_share: 0.05"+more),
			x.play("again", "scheduled_audit_repair: none"+more),
		}).ok(t)
		after := func(play, name string) string { return filepath.Join(x.dir, "after-"+play, name) }
		for _, play := range []string{"none", "again"} {
			for _, name := range files(t, after(play, "")) {
				if strings.Contains(name, "repair") {
					t.Errorf("%s: %s", play, name)
				}
			}
		}
		if unit := read(t, after("plan", "units/placement-repair.service")); !strings.Contains(unit, "/placement heal "+x.root+"/etc/repair.json --brief") {
			t.Error(unit)
		}
		if timer := read(t, after("plan", "units/placement-repair.timer")); !strings.Contains(timer, "OnCalendar=05:15\n") {
			t.Error(timer)
		}
		for play, want := range map[string][]string{
			"plan":  {`"_ansible_check_mode": true`, `"plan": "` + x.root + `/state/repair.json"`},
			"apply": {`"PLC101"`, `"PLC105"`, `"journal": "` + x.root + `/state/journal.jsonl"`},
		} {
			text := read(t, after(play, "etc/repair.json"))
			for _, part := range want {
				if !strings.Contains(text, part) {
					t.Errorf("%s: no %s in %s", play, part, text)
				}
			}
			out, _ := exec.CommandContext(t.Context(), after("plan", "libexec/placement"), "heal", after(play, "etc/repair.json"), "--brief").CombinedOutput()
			if got := string(out); !strings.Contains(got, "192.0.2.1") && !strings.Contains(got, "clouds.yaml") || strings.Contains(got, "Unsupported") {
				t.Errorf("%s: %s", play, got)
			}
		}
		var apply map[string]any
		if err := json.Unmarshal([]byte(read(t, after("apply", "etc/repair.json"))), &apply); err != nil || apply["_ansible_check_mode"] != nil || apply["plan"] != nil ||
			fmt.Sprint(apply["max_changes"], " ", apply["max_share"]) != "3 0.05" {
			t.Errorf("%v: %v", err, apply)
		}
	})
}
