// SPDX-License-Identifier: Apache-2.0

//go:build lab

package rehearsal_test

import (
	"os"
	"strings"
	"testing"
)

// post_upgrade shows a plan of what an upgrade broke, repairs nothing in check mode or beyond its checks, and passes when it has
// repaired it. restore.yml brings the fault back.
func TestLabPostUpgradeRepair(t *testing.T) {
	l := present(t)
	o := quick(t, l).With(map[string]any{"post_upgrade_conflicts": false, "pre_upgrade_identities": false})
	o.Play(t, true, nil, "pre_upgrade.yml")
	l.Command(t, "seed", "orphaned-allocation")
	t.Cleanup(func() { l.Command(t, "unseed", "orphaned-allocation") })

	o.With(map[string]any{"post_upgrade_repair": "plan"}).Play(t, false, []string{
		"fail: the upgrade left something to repair (1 high", "Repair plan: 1 planned", "step 1 planned: Empty consumer ", "placement_heal",
	}, "post_upgrade.yml")
	if plan := o.Read(t, "kept/plan.json"); !strings.Contains(plan, "openstack_ops.placement/plan") {
		t.Error(plan)
	}
	apply := map[string]any{"post_upgrade_repair": "apply"}
	o.With(apply).Play(t, false, []string{"Repair plan: 1 planned", "changed=0"}, "post_upgrade.yml", "--check")
	o.With(apply).Play(t, false, []string{"Repair: nothing to heal"}, "post_upgrade.yml", "-e", "post_upgrade_repair_checks=PLC105")
	if _, err := os.Stat(o.Path(".local/state/openstack_ops.placement/journal.jsonl")); err == nil {
		t.Error("something was written")
	}
	o.With(apply).Play(t, true, []string{
		"pass: Placement and Nova agree as before", "Repair: 1 done", "step 1 done: Empty consumer ", "placement_restore undoes it",
	}, "post_upgrade.yml")
	o.Play(t, true, []string{"1 done Set the allocation of consumer "}, "restore.yml")
}
