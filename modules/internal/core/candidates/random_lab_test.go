// SPDX-License-Identifier: Apache-2.0

//go:build lab

package candidates_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
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

// bench is the Placement of the lab.
type bench struct {
	t        *testing.T
	raw      *live.Raw
	consumer string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	lab := live.FindProfile(t, cmp.Or(profile(), "placement"))
	b := &bench{t: t, raw: lab.Raw(t).At("1.39")}
	b.sweep()
	for _, class := range classes() {
		b.do(http.MethodPut, "/resource_classes/"+class, nil)
	}
	for _, trait := range traits() {
		b.do(http.MethodPut, "/traits/"+trait, nil)
	}
	return b
}

// listed is a provider as Placement lists it.
type listed struct {
	UUID, Name string
	Generation int
}

func (b *bench) providers() []listed {
	b.t.Helper()
	var all struct {
		Providers []listed `json:"resource_providers"`
	}
	if err := json.Unmarshal(b.do(http.MethodGet, "/resource_providers", nil).Body, &all); err != nil {
		b.t.Fatal(err)
	}
	return all.Providers
}

// sweep takes away what an earlier run has left: with it, no answer would be right.
func (b *bench) sweep() {
	b.t.Helper()
	for _, p := range slices.Backward(b.providers()) {
		if strings.HasPrefix(p.Name, "candidates-") {
			b.empty(p.UUID)
			b.do(http.MethodDelete, "/resource_providers/"+p.UUID, nil)
		}
	}
}

// empty takes from all consumers what they hold on a provider.
func (b *bench) empty(provider string) {
	b.t.Helper()
	var held struct{ Allocations map[string]any }
	if err := json.Unmarshal(b.do(http.MethodGet, "/resource_providers/"+provider+"/allocations", nil).Body, &held); err != nil {
		b.t.Fatal(err)
	}
	for consumer := range held.Allocations {
		b.do(http.MethodDelete, "/allocations/"+consumer, nil)
	}
}

func (b *bench) do(method, path string, body any) live.Answer {
	b.t.Helper()
	a := b.raw.Do(b.t.Context(), method, path, body)
	if a.Err != nil || a.Status >= http.StatusMultipleChoices {
		b.t.Fatalf("%s %s: %d %s %v", method, path, a.Status, a.Body, a.Err)
	}
	return a
}

type object = map[string]any

// make makes the providers, and one consumer that holds what they say is used: first with room for it, then with the inventories that
// they shall have. Placement moves whole trees in one request.
func (b *bench) make(made []candidates.Provider) {
	b.t.Helper()
	wide, exact, held := map[string]object{}, map[string]object{}, object{}
	for _, p := range made {
		b.makeOne(p)
		wide[p.UUID], exact[p.UUID] = object{}, object{}
		used := maps.Clone(p.Usages)
		maps.DeleteFunc(used, func(class string, n int) bool { _, has := p.Inventories[class]; return n == 0 || !has })
		for class, i := range p.Inventories {
			wide[p.UUID][class], exact[p.UUID][class] = object{"total": 100000}, i
		}
		if len(used) > 0 {
			held[p.UUID] = object{"resources": used}
		}
	}
	b.reshape(wide)
	if len(held) > 0 {
		b.consumer = live.UUID()
		b.do(http.MethodPut, "/allocations/"+b.consumer, object{
			"allocations": held, "project_id": live.UUID(), "user_id": live.UUID(), "consumer_generation": nil, "consumer_type": "TEST",
		})
	}
	b.reshape(exact)
}

// makeOne makes a provider without inventories.
func (b *bench) makeOne(p candidates.Provider) {
	b.t.Helper()
	body := object{"uuid": p.UUID, "name": "candidates-" + p.UUID}
	if p.ParentUUID != "" {
		body["parent_provider_uuid"] = p.ParentUUID
	}
	b.do(http.MethodPost, "/resource_providers", body)
	generation := 0
	if len(p.Traits) > 0 {
		b.do(http.MethodPut, "/resource_providers/"+p.UUID+"/traits", object{"resource_provider_generation": generation, "traits": p.Traits})
		generation++
	}
	if len(p.Aggregates) > 0 {
		b.do(http.MethodPut, "/resource_providers/"+p.UUID+"/aggregates", object{"resource_provider_generation": generation, "aggregates": p.Aggregates})
	}
}

// reshape sets the inventories of providers, all at once.
func (b *bench) reshape(inventories map[string]object) {
	b.t.Helper()
	all := object{}
	for _, p := range b.providers() {
		if mine, ours := inventories[p.UUID]; ours {
			all[p.UUID] = object{"resource_provider_generation": p.Generation, "inventories": mine}
		}
	}
	b.do(http.MethodPost, "/reshaper", object{"inventories": all, "allocations": object{}})
}

// unmake takes everything away again.
func (b *bench) unmake(made []candidates.Provider) {
	b.t.Helper()
	ctx := context.WithoutCancel(b.t.Context())
	if b.consumer != "" {
		b.raw.Do(ctx, http.MethodDelete, "/allocations/"+b.consumer, nil)
		b.consumer = ""
	}
	for _, p := range slices.Backward(made) {
		if a := b.raw.Do(ctx, http.MethodDelete, "/resource_providers/"+p.UUID, nil); a.Status != http.StatusNoContent {
			b.t.Errorf("resource provider %s stays: %d %s %v", p.UUID, a.Status, a.Body, a.Err)
		}
	}
}

// ask returns Placement's candidates as lines, or how it refused.
func (b *bench) ask(r *candidates.Request) (found map[string]bool, refused string) {
	b.t.Helper()
	a := b.raw.Do(b.t.Context(), http.MethodGet, "/allocation_candidates?"+r.Query().Encode(), nil)
	if a.Err != nil || a.Status != http.StatusOK {
		return nil, fmt.Sprintf("%d %s %v", a.Status, a.Body, a.Err)
	}
	var answer struct {
		Requests []struct {
			Allocations map[string]struct{ Resources map[string]int }
			Mappings    map[string][]string
		} `json:"allocation_requests"`
	}
	if err := json.Unmarshal(a.Body, &answer); err != nil {
		b.t.Fatal(err)
	}
	found = map[string]bool{}
	for _, one := range answer.Requests {
		c := candidates.Candidate{Takes: map[candidates.Take]int{}, By: one.Mappings}
		for provider, from := range one.Allocations {
			for class, amount := range from.Resources {
				c.Takes[candidates.Take{Provider: provider, Class: class}] = amount
			}
		}
		for _, by := range c.By {
			slices.Sort(by)
		}
		found[text(c)] = true
	}
	return found, ""
}
