// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// shared is a tree that takes a class from a provider that shares it.
func shared() *state {
	s := healthy()
	s.on(pool).Inventories[second] = openstack.Inventory{Total: 100, MinUnit: 1, MaxUnit: 100, StepSize: 1, AllocationRatio: 1}
	s.on(pool).Traits, s.on(pool).Aggregates, s.on(root).Aggregates = []string{candidates.Sharing}, []string{here}, []string{here}
	return s.ask(func(g *candidates.Group) { g.Resources[second] = 50 })
}

// Where each thing is there, and not with the one who has room, the reason names who that is and what keeps it out.
func TestWhoHasRoomMayNotGive(t *testing.T) {
	const there = "a0000000-0000-4000-8000-0000000000a2"
	for name, c := range map[string]struct {
		change           func(*state)
		kind, text, help string
	}{
		"the tree is named": {
			func(s *state) { s.ask(func(g *candidates.Group) { g.InTree = root }) }, candidates.KindNotShared,
			"pool shares with cn1, but the request names the tree of cn1, and Placement takes nothing from outside of it, so that it does not give 50 CUSTOM_CAND_B, for which it has room",
			"Ask without naming the host or the tree",
		},
		"in another aggregate": {
			func(s *state) {
				s.on(root).Aggregates = append(s.on(root).Aggregates, there)
				s.ask(func(g *candidates.Group) { g.MemberOf = [][]string{{there}} })
			}, candidates.KindAggregate,
			"pool is not in the aggregate " + there + ", so that it does not give 50 CUSTOM_CAND_B, for which it has room",
			"Add pool to the aggregate " + there + " with placement_aggregate",
		},
		"in a forbidden aggregate": {
			func(s *state) {
				s.on(pool).Aggregates = append(s.on(pool).Aggregates, there)
				s.ask(func(g *candidates.Group) { g.NotMemberOf = []string{there} })
			}, candidates.KindNoAggregate, "pool is in the aggregate " + there + ", which the request keeps out of, so that", "Remove pool from the aggregate",
		},
		"with a forbidden trait": {
			func(s *state) {
				s.on(pool).Traits = append(s.on(pool).Traits, trait)
				s.on(child).Inventories[second] = openstack.Inventory{Total: 10, MinUnit: 1, MaxUnit: 10, StepSize: 1, AllocationRatio: 1}
				s.ask(func(g *candidates.Group) { g.Forbidden = []string{trait} })
			}, candidates.KindForbidden, "pool has the trait CUSTOM_CAND_T, which the request forbids, so that", "Remove the trait CUSTOM_CAND_T from pool",
		},
		"a full one has the trait": {
			func(s *state) {
				s.on(child).Traits = []string{trait}
				s.ask(func(g *candidates.Group) { g.Required = [][]string{{trait}} })
			}, candidates.KindFull, "cn1_nic lacks 40 CUSTOM_CAND_B (0 of 10 used; capacity = (10 - 0 reserved) x 1), and those with room for it lack the trait CUSTOM_CAND_T", "",
		},
	} {
		s := shared()
		if !s.judged().Fits {
			t.Fatalf("%+v", s.judged().Reasons)
		}
		c.change(s)
		got := s.judged()
		if got.Fits || len(got.Reasons) != 1 {
			t.Errorf("%s: %+v", name, got.Reasons)
			continue
		}
		if r := got.Reasons[0]; r.Kind != c.kind || !strings.HasPrefix(r.Text, c.text) || !strings.HasPrefix(r.Help, c.help) {
			t.Errorf("%s: %s: %q, %q", name, r.Kind, r.Text, r.Help)
		}
	}
}

// A ratio is no help where the service that owns the provider writes 1, nor is it to lower what that service reserves.
func TestDevicesAreNotOvercommitted(t *testing.T) {
	for name, c := range map[string]struct {
		class     string
		inventory openstack.Inventory
		traits    []string
		used      int
		help      string
	}{
		"dedicated CPUs": {"PCPU", openstack.Inventory{Total: 4, MaxUnit: 4}, nil, 1, "Free 1 PCPU on cn1"},
		"a node of Ironic in maintenance": {
			"CUSTOM_BM",
			openstack.Inventory{Total: 1, MaxUnit: 1, Reserved: 1},
			nil, 0,
			"Look in Ironic at node cn1: it reserves a node in maintenance, in cleaning or in use, and frees it itself",
		},
		"a node of Ironic in use": {"CUSTOM_BM", openstack.Inventory{Total: 1, MaxUnit: 1}, nil, 1, "Free 1 CUSTOM_BM on cn1"},
		"a device that was given out": {
			"CUSTOM_PCI_10DE_20B0",
			openstack.Inventory{Total: 2, MaxUnit: 2, Reserved: 2},
			[]string{snapshot.TraitOneTimeUse},
			0,
			"Take another device: cn1 is given out once, and Nova keeps it reserved until an operator has made it fit for the next server",
		},
	} {
		s := healthy()
		c.inventory.MinUnit, c.inventory.StepSize, c.inventory.AllocationRatio = 1, 1, 1
		s.on(root).Inventories, s.on(root).Traits = map[string]openstack.Inventory{c.class: c.inventory}, c.traits
		s.on(root).Usages = map[string]int{c.class: c.used}
		s.request.Groups = []candidates.Group{{Resources: map[string]int{c.class: c.inventory.Total}}}
		if got := s.judged(); got.Fits || len(got.Reasons) != 1 || got.Reasons[0].Help != c.help {
			t.Errorf("%s: %+v", name, got.Reasons)
		}
	}
}

// Of several nodes of one host Placement is asked for none: what it offers elsewhere does not count.
func TestNodesOfAHost(t *testing.T) {
	s := shared()
	j := &candidates.Judge{Supply: candidates.NewSupply(s.providers), Request: &s.request}
	whole := j.Tree(root)
	s.request.Only([]string{root, child})
	if q := s.request.Query(); q.Has("in_tree") || !j.OnHost(whole).Fits {
		t.Errorf("%v %+v", q, j.OnHost(whole))
	}
	s.request.Only([]string{child, pool})
	other := j.OnHost(whole)
	if other.Fits || other.Reasons[0].Kind != candidates.KindOtherTree || j.Funnel([]candidates.Tree{other})[0].Left != 0 || len(candidates.Nearest([]candidates.Tree{other}, 3)) != 0 {
		t.Errorf("%+v", other)
	}
}
