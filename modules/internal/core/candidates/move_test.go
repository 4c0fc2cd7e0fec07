// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// compute is a host with so many of the first class, so many of which are used.
func compute(name string, total, used int) candidates.Provider {
	return candidates.Provider{
		Provider:    openstack.Provider{UUID: name, Name: name, RootUUID: name},
		Inventories: map[string]openstack.Inventory{first: {Total: total, MinUnit: 1, MaxUnit: total, StepSize: 1, AllocationRatio: 1}},
		Usages:      map[string]int{first: used},
	}
}

func mover(name string, n int) candidates.Mover {
	return candidates.Mover{UUID: name, Request: &candidates.Request{Groups: []candidates.Group{{Resources: map[string]int{first: n}}}}}
}

type moveCase struct {
	asked        int
	servers      []candidates.Mover
	server, host string
}

// The smallest server moves that makes enough room and fits elsewhere; nothing moves where none does, and nothing is changed.
func TestMove(t *testing.T) {
	granularOne := mover("granular", 4)
	granularOne.Request.Groups[0].Suffix = "_A"
	moves(t, map[string]moveCase{
		"the smallest that does": {6, []candidates.Mover{mover("big", 5), mover("small", 1), mover("right", 4)}, "right", "cn3"},
		"too small":              {6, []candidates.Mover{mover("small", 1)}, "", ""},
		"none fits elsewhere":    {6, []candidates.Mover{mover("big", 6)}, "", ""},
		"not all is held here":   {6, []candidates.Mover{mover("huge", 9)}, "", ""},
		"from other providers":   {6, []candidates.Mover{granularOne}, "", ""},
		"no server":              {6, nil, "", ""},
		"more than there is":     {11, []candidates.Mover{mover("right", 4)}, "", ""},
	})
}

func moves(t *testing.T, cases map[string]moveCase) {
	t.Helper()
	for name, c := range cases {
		j := candidates.Judge{
			Supply:  candidates.NewSupply([]candidates.Provider{compute("cn1", 10, 8), compute("cn2", 10, 8), compute("cn3", 5, 0)}),
			Request: mover("", c.asked).Request,
		}
		tree := j.Tree("cn1")
		if c.asked < 10 && !tree.Cramped() || c.asked > 10 && tree.Cramped() {
			t.Errorf("%s: %+v", name, tree.Reasons)
		}
		found, to := j.Move(tree.Root, c.servers, []string{"cn1", "cn2", "cn3"})
		if found.UUID != c.server || to != c.host {
			t.Errorf("%s: %s to %q", name, found.UUID, to)
		}
		if tree.Root.Usages[first] != 8 {
			t.Errorf("%s: %v is left of it", name, tree.Root.Usages)
		}
	}
}
