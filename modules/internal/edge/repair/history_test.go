// SPDX-License-Identifier: Apache-2.0

package repair_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	core "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
)

var here = openstack.Cloud{Endpoints: []string{"http://192.0.2.1"}}

func marked(generation int, traits, aggregates []string) core.State {
	return core.State{Providers: []core.Provider{{UUID: provider, Name: "cn1", Generation: generation, Traits: traits, Aggregates: aggregates}}}
}

// entries are the two lines of a write.
func entries(place int, c core.Change, left *core.State) []change.Entry {
	e := change.Entry{Cloud: here, Run: "run", Place: place, Op: string(c.Op), State: change.Intended, Change: &c}
	if left == nil {
		return []change.Entry{e}
	}
	return []change.Entry{e, {Cloud: here, Run: "run", Place: place + 1, Op: string(c.Op), State: change.Written, Left: left}}
}

// What a step left counts as it is once later steps of the journal have moved the generation, and only those.
func TestStepsFollow(t *testing.T) {
	none, some := []string{}, []string{"A"}
	traits := core.Change{Op: core.Traits, Before: marked(4, none, nil), After: marked(4, some, nil)}
	left := marked(5, some, nil)
	for name, c := range map[string]struct {
		bound int // the generation that the second write was bound to
		want  int
	}{"nobody else wrote": {5, 6}, "somebody wrote in between": {7, 5}} {
		second := core.Change{Op: core.Aggregates, Before: marked(c.bound, nil, none), After: marked(c.bound, nil, some)}
		after := marked(c.bound+1, nil, some)
		all := append(entries(1, traits, &left), entries(3, second, &after)...)
		steps := repair.Steps(all, here, "")
		if len(steps) != 2 || steps[0].Left.Providers[0].Generation != c.want || left.Providers[0].Generation != 5 {
			t.Errorf("%s: %+v", name, steps)
		}
	}
}

// A write that nothing tells the end of is expected to have moved the generation by one.
func TestStepsKilled(t *testing.T) {
	traits := core.Change{Op: core.Traits, Before: marked(4, []string{}, nil), After: marked(4, []string{"A"}, nil)}
	steps := repair.Steps(entries(1, traits, nil), here, "")
	if len(steps) != 1 || steps[0].Mark != change.Unknown || steps[0].Left.Providers[0].Generation != 5 {
		t.Errorf("%+v", steps)
	}
}

// A write whose answer was lost may come after it was looked for: it has left what it was to leave, whatever was seen then. What was
// seen of a provider that was made in part is what there is.
func TestStepsLost(t *testing.T) {
	none, some := []string{}, []string{"A"}
	traits := core.Change{Op: core.Traits, Before: marked(4, none, nil), After: marked(4, some, nil)}
	absent := marked(0, none, nil)
	absent.Providers[0].Absent = true
	made := core.Change{Op: core.CreateProvider, Before: absent, After: marked(0, some, nil)}
	for name, c := range map[string]struct {
		change core.Change
		seen   core.State
		want   int
		traits []string
	}{
		"nothing showed yet":             {traits, marked(4, none, nil), 5, some},
		"another client wrote":           {traits, marked(6, []string{"B"}, nil), 5, some},
		"a provider made in part":        {made, marked(0, none, nil), 0, none},
		"a provider that did not show":   {made, absent, 1, some},
		"it was written, as can be seen": {traits, marked(5, some, nil), 5, some},
	} {
		all := entries(1, c.change, &c.seen)
		if name != "it was written, as can be seen" {
			all[1].State = change.Unknown
		}
		steps := repair.Steps(all, here, "")
		if len(steps) != 1 || steps[0].Left.Providers[0].Generation != c.want || !slices.Equal(steps[0].Left.Providers[0].Traits, c.traits) {
			t.Errorf("%s: %+v", name, steps)
		}
	}
}
