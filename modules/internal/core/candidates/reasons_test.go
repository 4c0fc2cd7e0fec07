// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

const (
	first  = "CUSTOM_CAND_A"
	second = "CUSTOM_CAND_B"
	trait  = "CUSTOM_CAND_T"
	here   = "a0000000-0000-4000-8000-0000000000a1"
	root   = "c0000000-0000-4000-8000-0000000000c1"
	child  = "c0000000-0000-4000-8000-0000000000c2"
	pool   = "c0000000-0000-4000-8000-0000000000c3"
)

// a state is some providers, for which a request is asked.
type state struct {
	providers []candidates.Provider
	request   candidates.Request
}

// on returns the provider of that UUID to change it.
func (s *state) on(uuid string) *candidates.Provider {
	return &s.providers[slices.IndexFunc(s.providers, func(p candidates.Provider) bool { return p.UUID == uuid })]
}

// set changes an inventory.
func (s *state) set(uuid, class string, change func(*openstack.Inventory)) {
	i := s.on(uuid).Inventories[class]
	change(&i)
	s.on(uuid).Inventories[class] = i
}

// healthy is a tree of two providers and one that shares; the request fits.
func healthy() *state {
	made := func(uuid, name, parent string, offered ...string) candidates.Provider {
		p := candidates.Provider{
			Provider:    openstack.Provider{UUID: uuid, Name: name, RootUUID: root, ParentUUID: parent},
			Inventories: map[string]openstack.Inventory{}, Usages: map[string]int{}, Traits: []string{}, Aggregates: []string{},
		}
		for _, class := range offered {
			p.Inventories[class] = openstack.Inventory{Total: 10, MinUnit: 1, MaxUnit: 10, StepSize: 1, AllocationRatio: 1}
		}
		return p
	}
	s := &state{providers: []candidates.Provider{made(root, "cn1", "", first), made(child, "cn1_nic", root, second), made(pool, "pool", "")}}
	s.on(pool).RootUUID = pool
	s.request.Groups = []candidates.Group{{Resources: map[string]int{first: 4}}}
	return s
}

// ask asks for more, or for something else.
func (s *state) ask(change func(*candidates.Group)) *state {
	change(&s.request.Groups[0])
	return s
}

func granular(suffix, class string, amount int) candidates.Group {
	return candidates.Group{Suffix: suffix, Resources: map[string]int{class: amount}}
}

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
			candidates.KindTrait, "cn1 lacks each of the traits CUSTOM_CAND_U, CUSTOM_CAND_T",
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
			candidates.KindOtherTree, "the request names the tree of " + pool + ", and cn1 is another",
		},
		"who has the trait has no room": {
			func(s *state) {
				s.ask(func(g *candidates.Group) { g.Required = [][]string{{trait}} })
				s.on(child).Traits = []string{trait}
			},
			traits(trait), candidates.KindTogether, "cn1 has room, but the provider with the room lacks traits or aggregates that are asked for, or has a forbidden one",
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

// judged judges the tree of the root.
func (s *state) judged() candidates.Tree {
	j := candidates.Judge{Supply: candidates.NewSupply(s.providers), Request: &s.request, Aggregates: map[string]string{here: "ours"}}
	return j.Tree(root)
}

// Each reason is named, and alone; once it is mended the request lands.
func TestReasons(t *testing.T) {
	for name, c := range reasonCases() {
		t.Run(name, func(t *testing.T) {
			s := healthy()
			if got := s.judged(); !got.Fits {
				t.Fatalf("the healthy tree: %+v", got.Reasons)
			}
			c.breaks(s)
			got := s.judged()
			if got.Fits || len(got.Reasons) != 1 || got.Reasons[0].Kind != c.kind || !strings.HasPrefix(got.Reasons[0].Text, c.text) {
				t.Errorf("%v %+v, want %s: %s", got.Fits, got.Reasons, c.kind, c.text)
			}
			c.mends(s)
			if got := s.judged(); !got.Fits {
				t.Errorf("mended: %+v", got.Reasons)
			}
		})
	}
}

// What is said to help does help.
func TestHelp(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*openstack.Inventory)
		help   string
	}{
		"full":     {func(i *openstack.Inventory) { i.Total = 3 }, "Raise the allocation_ratio of CUSTOM_CAND_A on cn1 from 1 to 1.34"},
		"reserved": {func(i *openstack.Inventory) { i.Reserved = 8 }, "Lower what is reserved of CUSTOM_CAND_A on cn1 from 8 to 6, or raise its allocation_ratio from 1 to 2"},
		"max_unit": {func(i *openstack.Inventory) { i.MaxUnit = 1 }, "Raise max_unit of CUSTOM_CAND_A on cn1 to 4"},
	} {
		s := healthy()
		s.set(root, first, c.change)
		if got := s.judged(); got.Fits || got.Reasons[0].Help != c.help {
			t.Errorf("%s: %+v", name, got.Reasons)
		}
	}
}

// The funnel counts what is left behind each stage; the nearest tree is the one that lacks the least.
func TestFunnel(t *testing.T) {
	var all []candidates.Provider
	for i, change := range []func(*candidates.Provider){
		func(p *candidates.Provider) { p.Traits = []string{candidates.Disabled} },
		func(p *candidates.Provider) { p.Traits = nil },
		func(p *candidates.Provider) { p.Usages[first] = 9 },
		func(p *candidates.Provider) { p.Usages[first] = 7 },
		func(p *candidates.Provider) { delete(p.Inventories, first) },
	} {
		p := healthy().providers[0]
		p.UUID = root[:len(root)-1] + string(rune('1'+i))
		p.RootUUID, p.Name, p.Traits = p.UUID, "cn"+string(rune('1'+i)), []string{trait}
		change(&p)
		all = append(all, p)
	}
	j := candidates.Judge{Supply: candidates.NewSupply(all), Request: &candidates.Request{
		RootForbidden: []string{candidates.Disabled},
		Groups:        []candidates.Group{{Resources: map[string]int{first: 4}, Required: [][]string{{trait}}}},
	}}
	var trees []candidates.Tree
	for _, root := range j.Supply.Roots() {
		trees = append(trees, j.Tree(root))
	}
	want := []candidates.Stage{
		{Stage: "enabled", Text: "enabled", Left: 4},
		{Stage: "traits", Text: "with CUSTOM_CAND_T", Left: 3},
		{Stage: "class CUSTOM_CAND_A", Text: "with 4 CUSTOM_CAND_A at once"},
		{Stage: "together", Text: "with everything at once"},
	}
	if got := j.Funnel(trees); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	nearest := candidates.Nearest(trees, 2)
	if len(nearest) != 2 || nearest[0].Root.Name != "cn4" || nearest[0].Reasons[0].Numbers.Lacks != 1 || nearest[1].Root.Name != "cn3" {
		t.Errorf("%+v", nearest)
	}
}

// A tree in which there are more ways than can be tried is not judged, rather than judged wrong.
func TestTooManyWays(t *testing.T) {
	s := healthy()
	s.request.Policy, s.request.Isolate = true, true
	s.request.Groups = nil
	for i := range 10 {
		p := s.providers[1]
		p.UUID, p.Name = child[:len(child)-2]+string(rune('d'))+string(rune('0'+i)), "nic"+string(rune('0'+i))
		s.providers = append(s.providers, p)
		s.request.Groups = append(s.request.Groups, granular(string(rune('a'+i)), second, 1))
	}
	s.request.Groups = append(s.request.Groups, granular("y", second, 1), granular("z", second, 1))
	if got := s.judged(); got.Fits || got.Reasons[0].Kind != candidates.KindNotJudged {
		t.Errorf("%v %+v", got.Fits, got.Reasons)
	}
}
