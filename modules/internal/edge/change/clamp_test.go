// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

type clamping struct {
	has   openstack.Inventory
	used  int
	wish  change.Wish
	state change.State
	want  openstack.Inventory
	clamp []change.Clamp
}

func TestJudgeClampsFields(t *testing.T) {
	ratio := func(r float64) *float64 { return &r }
	clamps(t, map[string]clamping{
		"total": {
			inventory(10, 0, 16), 32,
			change.Wish{Total: pointer(1)},
			change.Present, inventory(2, 0, 16),
			[]change.Clamp{{"VCPU", "total", 1, 2}},
		},
		"the ratio, for no total there is would do": {
			inventory(10, 0, 16), 32,
			change.Wish{Total: pointer(8), AllocationRatio: ratio(1)},
			change.Present, inventory(8, 0, 4),
			[]change.Clamp{{"VCPU", "allocation_ratio", 1.0, 4.0}},
		},
		"reserved, for no total there is would do": {
			inventory(10, 0, 1), 4,
			change.Wish{Total: pointer(8), Reserved: pointer(7)},
			change.Present, inventory(8, 4, 1),
			[]change.Clamp{{"VCPU", "reserved", 7, 4}},
		},
		"total and ratio": {
			inventory(10, 0, 16), 150,
			change.Wish{Total: pointer(8), AllocationRatio: ratio(1)},
			change.Present, inventory(10, 0, 15),
			[]change.Clamp{{"VCPU", "total", 8, 10}, {"VCPU", "allocation_ratio", 1.0, 15.0}},
		},
	})
}

func TestJudgeClampsOverCapacity(t *testing.T) {
	ratio := func(r float64) *float64 { return &r }
	clamps(t, map[string]clamping{
		"over capacity": {
			inventory(10, 0, 1), 20,
			change.Wish{Total: pointer(5)},
			change.Present, inventory(10, 0, 1),
			[]change.Clamp{{"VCPU", "total", 5, 10}},
		},
		"over capacity, raised by another field": {
			inventory(10, 0, 1), 20,
			change.Wish{Total: pointer(2), AllocationRatio: ratio(4)},
			change.Present, inventory(3, 0, 4),
			[]change.Clamp{{"VCPU", "total", 2, 3}},
		},
	})
}

func TestJudgeClampsRatios(t *testing.T) {
	ratio := func(r float64) *float64 { return &r }
	clamps(t, map[string]clamping{
		"exact": {
			inventory(10, 0, 16), 32,
			change.Wish{Total: pointer(10), MaxUnit: pointer(10)},
			change.Exact, inventory(10, 0, 3.2),
			[]change.Clamp{{"VCPU", "allocation_ratio", 1.0, 3.2}},
		},
		"a ratio of more than six digits": {
			inventory(2000000, 0, 1.0000005), 2000001,
			change.Wish{AllocationRatio: ratio(0.5)},
			change.Present,
			inventory(2000000, 0, 1.0000005),
			[]change.Clamp{{"VCPU", "allocation_ratio", 0.5, 1.0000005}},
		},
		"no capacity is asked for": {
			inventory(10, 0, 4), 1,
			change.Wish{Total: pointer(1), AllocationRatio: ratio(0)},
			change.Present, inventory(1, 0, 1),
			[]change.Clamp{{"VCPU", "allocation_ratio", 0.0, 1.0}},
		},
	})
}

// With clamp, of the fields that lower the capacity the first that can do it alone gives way. None goes beyond what is
// there, and the next run changes nothing.
func clamps(t *testing.T, cases map[string]clamping) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.want.MaxUnit = c.has.MaxUnit
			used, wishes := map[string]int{"VCPU": c.used}, map[string]change.Wish{"VCPU": c.wish}
			p := change.Judge(change.Inventories{"VCPU": c.has}, used, wishes, c.state, true)
			if p.After["VCPU"] != c.want || !slices.Equal(p.Clamped, c.clamp) || len(p.Refused) > 0 {
				t.Errorf("becomes %+v, clamped %+v, refused %+v", p.After["VCPU"], p.Clamped, p.Refused)
			}
			if again := change.Judge(p.After, used, wishes, c.state, true); again.Changes() {
				t.Errorf("the next run makes of it %+v", again.After)
			}
		})
	}
}
