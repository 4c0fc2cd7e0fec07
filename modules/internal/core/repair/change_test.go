// SPDX-License-Identifier: Apache-2.0

package repair_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

func of(generation *int, held repair.Held) repair.State {
	return repair.State{Consumers: []repair.Consumer{{UUID: "c", Generation: generation, Held: held}}}
}

// What a write leaves is known before its answer, with the generation: so one whose answer was lost can be told from another.
func TestPredicted(t *testing.T) {
	four, some, none := 4, repair.Held{"p": {"VCPU": 1}}, repair.Held{}
	for name, tc := range map[string]struct {
		change repair.Change
		want   int // generation, -1: none
	}{
		"a consumer written again": {repair.Change{Op: repair.Allocations, Before: of(&four, some), After: of(&four, some)}, 5},
		"a new consumer":           {repair.Change{Op: repair.Allocations, Before: of(nil, none), After: of(nil, some)}, 1},
		"a consumer emptied":       {repair.Change{Op: repair.Allocations, Before: of(&four, some), After: of(&four, none)}, -1},
	} {
		got := tc.change.Predicted().Consumers[0].Generation
		if (got == nil) != (tc.want < 0) || got != nil && *got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	whole := repair.Provider{Generation: 0, Inventories: map[string]openstack.Inventory{"VCPU": {}}, Traits: []string{"A"}, Aggregates: []string{}}
	for op, want := range map[repair.Op]int{
		repair.CreateProvider: 2, repair.Traits: 1, repair.Inventories: 1, repair.Aggregates: 1, repair.UpdateProvider: 0, repair.DeleteProvider: 0,
	} {
		c := repair.Change{Op: op, Before: repair.State{Providers: []repair.Provider{{}}}, After: repair.State{Providers: []repair.Provider{whole}}}
		if got := c.Predicted().Providers[0].Generation; got != want {
			t.Errorf("%s moves it to %d", op, got)
		}
	}
}

// A change that is not about the same before and after is none.
func TestValid(t *testing.T) {
	four, some := 4, repair.Held{"p": {"VCPU": 1}}
	p := repair.State{Providers: []repair.Provider{{UUID: "p"}}}
	for name, tc := range map[string]struct {
		change repair.Change
		valid  bool
	}{
		"allocations": {repair.Change{Op: repair.Allocations, Before: of(&four, some), After: of(&four, some)}, true},
		"a provider":  {repair.Change{Op: repair.Traits, Before: p, After: p}, true},
		"nothing":     {repair.Change{Op: repair.Traits}, false},
		"two things":  {repair.Change{Op: repair.Traits, Before: p, After: of(&four, some)}, false},
		"another op":  {repair.Change{Op: repair.Traits, Before: of(&four, some), After: of(&four, some)}, false},
	} {
		if err := tc.change.Valid(); (err == nil) != tc.valid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
