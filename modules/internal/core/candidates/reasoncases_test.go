// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// reasonCase is a state in which one thing alone keeps the request out of the tree, and what mends it.
type reasonCase struct {
	breaks, mends func(*state)
	kind, text    string
}

func reasonCases() map[string]reasonCase {
	all := capacityCases()
	for name, c := range placeCases() {
		all[name] = c
	}
	for name, c := range groupCases() {
		all[name] = c
	}
	return all
}

func capacityCases() map[string]reasonCase {
	change := func(change func(*openstack.Inventory)) func(*state) {
		return func(s *state) { s.set(root, first, change) }
	}
	return map[string]reasonCase{
		"one class is full": {
			func(s *state) { s.on(root).Usages[first] = 9 }, func(s *state) { s.on(root).Usages[first] = 6 },
			candidates.KindFull, "cn1 lacks 3 CUSTOM_CAND_A (9 of 10 used; capacity = (10 - 0 reserved) x 1)",
		},
		"the ratio": {
			change(func(i *openstack.Inventory) { i.AllocationRatio = 0.3 }), change(func(i *openstack.Inventory) { i.AllocationRatio = 0.4 }),
			candidates.KindFull, "cn1 lacks 1 CUSTOM_CAND_A (0 of 3 used; capacity = (10 - 0 reserved) x 0.3)",
		},
		"reserved": {
			change(func(i *openstack.Inventory) { i.Reserved = 8 }), change(func(i *openstack.Inventory) { i.Reserved = 6 }),
			candidates.KindReserved, "cn1 lacks 2 CUSTOM_CAND_A, because 8 are reserved",
		},
		"max_unit": {
			change(func(i *openstack.Inventory) { i.MaxUnit = 3 }), change(func(i *openstack.Inventory) { i.MaxUnit = 4 }),
			candidates.KindMaxUnit, "cn1 gives at most 3 CUSTOM_CAND_A at a time (max_unit), and 4 are asked for",
		},
		"min_unit": {
			change(func(i *openstack.Inventory) { i.MinUnit = 5 }), change(func(i *openstack.Inventory) { i.MinUnit = 4 }),
			candidates.KindMinUnit, "cn1 gives CUSTOM_CAND_A only in amounts of at least 5 (min_unit), and 4 are asked for",
		},
		"step_size": {
			change(func(i *openstack.Inventory) { i.StepSize = 3 }), change(func(i *openstack.Inventory) { i.StepSize = 2 }),
			candidates.KindStepSize, "cn1 gives CUSTOM_CAND_A in steps of 3, and 4 are asked for",
		},
		"a nested provider is full": {
			func(s *state) {
				s.ask(func(g *candidates.Group) { g.Resources[second] = 1 })
				s.on(child).Usages[second] = 10
			},
			func(s *state) { s.on(child).Usages[second] = 9 },
			candidates.KindFull, "cn1_nic lacks 1 CUSTOM_CAND_B",
		},
		"no inventory": {
			func(s *state) { delete(s.on(root).Inventories, first) },
			func(s *state) {
				s.on(root).Inventories[first] = openstack.Inventory{Total: 4, MinUnit: 1, MaxUnit: 4, StepSize: 1, AllocationRatio: 1}
			},
			candidates.KindNoInventory, "cn1 has no inventory of CUSTOM_CAND_A",
		},
		"a sharing provider in no aggregate of it": {
			func(s *state) {
				s.ask(func(g *candidates.Group) { g.Resources["CUSTOM_CAND_C"] = 1 })
				s.on(pool).Inventories["CUSTOM_CAND_C"] = openstack.Inventory{Total: 4, MinUnit: 1, MaxUnit: 4, StepSize: 1, AllocationRatio: 1}
				s.on(pool).Traits = []string{candidates.Sharing}
				s.on(pool).Aggregates = []string{here}
			},
			func(s *state) { s.on(root).Aggregates = []string{here} },
			candidates.KindNotShared, "cn1 has no inventory of CUSTOM_CAND_C, and pool, which shares it, is in no aggregate with it",
		},
	}
}

func placeCases() map[string]reasonCase {
	none := func(s *state) { s.on(root).Traits = []string{} }
	traits := func(of ...string) func(*state) { return func(s *state) { s.on(root).Traits = of } }
	return map[string]reasonCase{
		"disabled": {
			func(s *state) {
				s.request.RootForbidden = []string{candidates.Disabled}
				traits(candidates.Disabled)(s)
			}, none,
			candidates.KindDisabled, "cn1 is disabled (it has the trait COMPUTE_STATUS_DISABLED)",
		},
		"a trait of the root": {
			func(s *state) { s.request.RootRequired = []string{trait} }, traits(trait), candidates.KindRootTrait, "cn1 lacks the trait CUSTOM_CAND_T",
		},
		"a forbidden trait of the root": {
			func(s *state) { s.request.RootForbidden = []string{trait}; traits(trait)(s) }, none,
			candidates.KindRootTrait, "cn1 has the trait CUSTOM_CAND_T, which the root must not have",
		},
		"a missing trait": {
			func(s *state) { s.ask(func(g *candidates.Group) { g.Required = [][]string{{trait}} }) }, traits(trait),
			candidates.KindTrait, "cn1 lacks the trait CUSTOM_CAND_T",
		},
		"none of some traits": {
			func(s *state) { s.ask(func(g *candidates.Group) { g.Required = [][]string{{"CUSTOM_CAND_U", trait}} }) }, traits(trait),
			candidates.KindTrait, "cn1 has none of the traits CUSTOM_CAND_U, CUSTOM_CAND_T",
		},
		"a forbidden trait": {
			func(s *state) { s.ask(func(g *candidates.Group) { g.Forbidden = []string{trait} }); traits(trait)(s) }, none,
			candidates.KindForbidden, "cn1 has the trait CUSTOM_CAND_T, which the request forbids",
		},
		"not in the aggregate": {
			func(s *state) { s.ask(func(g *candidates.Group) { g.MemberOf = [][]string{{here}} }) },
			func(s *state) { s.on(root).Aggregates = []string{here} },
			candidates.KindAggregate, "cn1 is not in the aggregate ours",
		},
		"isolated by an aggregate": {
			func(s *state) {
				s.ask(func(g *candidates.Group) { g.NotMemberOf = []string{here} })
				s.on(root).Aggregates = []string{here}
			},
			func(s *state) { s.on(root).Aggregates = []string{} },
			candidates.KindNoAggregate, "cn1 is in the aggregate ours, which the request keeps out of",
		},
		"another tree": {
			func(s *state) { s.ask(func(g *candidates.Group) { g.InTree = pool }) },
			func(s *state) { s.ask(func(g *candidates.Group) { g.InTree = child }) },
			candidates.KindOtherTree, "the request names the tree of pool, and cn1 is another",
		},
		"who has the trait has no room": {
			func(s *state) {
				s.ask(func(g *candidates.Group) { g.Required = [][]string{{trait}} })
				s.on(child).Traits = []string{trait}
			},
			traits(trait), candidates.KindTrait, "cn1_nic has the trait CUSTOM_CAND_T, but gives nothing of what is asked for, and those that give it lack the trait",
		},
	}
}

func groupCases() map[string]reasonCase {
	two := func(isolate bool) func(*state) {
		return func(s *state) {
			s.request.Groups = []candidates.Group{granular("1", first, 5), granular("2", first, 5)}
			s.request.Policy, s.request.Isolate = true, isolate
		}
	}
	return map[string]reasonCase{
		"a group of its own is not served": {
			func(s *state) {
				s.request.Groups = append(s.request.Groups, granular("1", second, 1))
				s.on(child).Usages[second] = 10
			},
			func(s *state) { s.on(child).Usages[second] = 9 }, candidates.KindFull, "cn1_nic lacks 1 CUSTOM_CAND_B",
		},
		"isolated groups": {
			two(true), two(false), candidates.KindIsolate, "cn1 has room for all groups, but not for each on a provider of its own (group_policy isolate)",
		},
		"not below one provider": {
			func(s *state) {
				s.providers = append(s.providers, candidates.Provider{
					Provider:    openstack.Provider{UUID: "c0000000-0000-4000-8000-0000000000c4", Name: "cn1_gpu", RootUUID: root, ParentUUID: root},
					Inventories: map[string]openstack.Inventory{"CUSTOM_CAND_C": {Total: 1, MinUnit: 1, MaxUnit: 1, StepSize: 1, AllocationRatio: 1}},
					Usages:      map[string]int{}, Traits: []string{}, Aggregates: []string{},
				})
				s.request.Groups = []candidates.Group{granular("1", second, 1), granular("2", "CUSTOM_CAND_C", 1)}
				s.request.Policy, s.request.SameSubtree = true, [][]string{{"1", "2"}}
			},
			func(s *state) { s.request.SameSubtree = nil }, candidates.KindSameSubtree, "cn1 has room for all groups, but not below one provider (same_subtree)",
		},
		"each group alone": {
			func(s *state) { two(false)(s); s.on(root).Usages[first] = 3 }, func(s *state) { s.on(root).Usages[first] = 0 },
			candidates.KindTogether, "cn1 has room for each group alone, but not for all at once: 10 CUSTOM_CAND_A are asked for, 7 are free",
		},
	}
}
