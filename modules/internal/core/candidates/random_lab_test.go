// SPDX-License-Identifier: Apache-2.0

//go:build lab

package candidates_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Placement and we find the same ways to serve random requests in random states: the same providers, amounts and groups.
// PLACEMENT_CANDIDATES_SEED and _STATES pick others; each state is asked several requests.
func TestLabCandidatesRandom(t *testing.T) {
	const usual, perState = 60, 9
	live.ShortIsEnough(t, "PLACEMENT_CANDIDATES_STATES", "current")
	seed := live.Number(t, "PLACEMENT_CANDIDATES_SEED", time.Now().UnixNano())
	states := live.Number(t, "PLACEMENT_CANDIDATES_STATES", usual)
	lab := newBench(t)
	count := tally{}
	for state := range states {
		one := &chance{rand.New(rand.NewPCG(uint64(seed), uint64(state)))}
		if wrong := lab.state(one, perState, count); wrong != "" {
			t.Fatalf("PLACEMENT_CANDIDATES_SEED=%d, state %d, %s", seed, state, wrong)
		}
	}
	t.Logf("PLACEMENT_CANDIDATES_SEED=%d: %v", seed, count)
	for _, kind := range []string{"fits", "fits nowhere", "granular", "isolate", "any-trait", "shared", "same_subtree", "in_tree", "nested", "root_required", "member_of"} {
		if count[kind] == 0 {
			t.Errorf("no request of the kind %q: the states prove nothing about it", kind)
		}
	}
}

// state makes a state, asks requests of it, and takes it away.
func (b *bench) state(one *chance, requests int, count tally) string {
	made := one.providers()
	defer b.unmake(made)
	b.make(made)
	for n := range requests {
		request := one.request(made)
		if wrong := b.compare(made, request, count); wrong != "" {
			return fmt.Sprintf("request %d: %s\n%s\n%s", n, request.Query().Encode(), wrong, shown(made))
		}
	}
	return ""
}

// tally counts what the random requests were like.
type tally map[string]int

// compare asks both, and returns how they differ.
func (b *bench) compare(made []candidates.Provider, r *candidates.Request, count tally) string {
	theirs, refused := b.ask(r)
	if refused != "" {
		if known(made, refused) {
			count["placement failed"]++
			return ""
		}
		return refused
	}
	supply := candidates.NewSupply(made)
	ours, unsure := map[string]bool{}, map[string]bool{}
	for _, root := range supply.Roots() {
		for c := range supply.Candidates(r, root) {
			if strayed(r, c, supply) {
				unsure[text(c)] = true
				continue
			}
			ours[text(c)] = true
			count.of(r, c, supply)
		}
	}
	count.asked(r, len(ours))
	for c := range theirs {
		if unsure[c] {
			ours[c] = true
		}
	}
	if len(unsure) > 0 {
		count["an anchor may be lost"]++
	}
	if !maps.Equal(ours, theirs) {
		return fmt.Sprintf("only placement: %v\nonly we: %v", minus(theirs, ours), minus(ours, theirs))
	}
	return landing(r, supply, theirs)
}

// landing holds the trees in which the request lands to the providers that Placement's candidates take from.
func landing(r *candidates.Request, supply *candidates.Supply, theirs map[string]bool) string {
	for _, root := range supply.Roots() {
		found, lands, tried := supply.Lands(r, root)
		if !tried {
			return "not tried: " + root
		}
		if lands && !strayed(r, found, supply) && !theirs[text(found)] {
			return "it is said to land in " + root + " by " + text(found)
		}
	}
	return ""
}

// strayed reports whether Placement may leave a candidate out: where all who serve the group without a suffix share with other trees as
// well, the same group is found for several trees, and only one of these is kept (AllocationRequest.__eq__ in allocation_candidate.py
// does not look at the anchor). Where there is no other group, that changes nothing.
func strayed(r *candidates.Request, c candidates.Candidate, s *candidates.Supply) bool {
	by, has := c.By[""]
	return has && len(r.Groups) > 1 && !slices.ContainsFunc(by, func(uuid string) bool { return !s.Provider(uuid).Has(candidates.Sharing) })
}

// known reports whether an answer is a fault of Placement: it fails where a nested provider shares with a tree, and its own tree has
// nothing to give (KeyError in _alloc_candidates_multiple_providers).
func known(made []candidates.Provider, refused string) bool {
	return strings.HasPrefix(refused, "500 ") && slices.ContainsFunc(made, func(p candidates.Provider) bool {
		return p.Has(candidates.Sharing) && !p.IsRoot()
	})
}

func (c tally) asked(r *candidates.Request, found int) {
	c["requests"]++
	c[map[bool]string{true: "fits", false: "fits nowhere"}[found > 0]]++
	if r.Isolate {
		c["isolate"]++
	}
	if len(r.RootRequired)+len(r.RootForbidden) > 0 {
		c["root_required"]++
	}
}

// of counts what a candidate shows.
func (c tally) of(r *candidates.Request, found candidates.Candidate, s *candidates.Supply) {
	for _, g := range r.Groups {
		c.group(g)
	}
	if len(r.SameSubtree) > 0 {
		c["same_subtree"]++
	}
	for take := range found.Takes {
		p := s.Provider(take.Provider)
		if p.RootUUID != found.Root {
			c["shared"]++
		}
		if !p.IsRoot() {
			c["nested"]++
		}
	}
}

func (c tally) group(g candidates.Group) {
	for kind, is := range map[string]bool{
		"granular": g.Suffix != "", "in_tree": g.InTree != "", "member_of": len(g.MemberOf)+len(g.NotMemberOf) > 0,
		"any-trait": slices.ContainsFunc(g.Required, func(list []string) bool { return len(list) > 1 }),
	} {
		if is {
			c[kind]++
		}
	}
}

func minus(a, b map[string]bool) []string {
	var out []string
	for text := range a {
		if !b[text] {
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return out
}

// text is a candidate as one line, the same for the same.
func text(c candidates.Candidate) string {
	var words []string
	for take, amount := range c.Takes {
		words = append(words, fmt.Sprintf("%s %s:%d", take.Provider, take.Class, amount))
	}
	for suffix, by := range c.By {
		words = append(words, fmt.Sprintf("by%s %s", suffix, strings.Join(by, ",")))
	}
	slices.Sort(words)
	return strings.Join(words, "; ")
}

func shown(made []candidates.Provider) string {
	text, _ := json.MarshalIndent(made, "", " ")
	return string(text)
}
