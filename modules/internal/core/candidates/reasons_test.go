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

// judged judges the tree of the root.
func (s *state) judged() candidates.Tree {
	j := candidates.Judge{Supply: candidates.NewSupply(s.providers), Request: &s.request, Aggregates: map[string]openstack.Aggregate{here: {Name: "ours"}}}
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
		"reserved": {func(i *openstack.Inventory) { i.Reserved = 8 }, "Lower what is reserved of CUSTOM_CAND_A on cn1 from 8 to 6, or raise the allocation_ratio of CUSTOM_CAND_A from 1 to 2"},
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
