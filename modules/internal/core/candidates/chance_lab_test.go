// SPDX-License-Identifier: Apache-2.0

//go:build lab

package candidates_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

func classes() []string { return []string{"CUSTOM_CAND_A", "CUSTOM_CAND_B", "CUSTOM_CAND_C"} }

func traits() []string { return []string{"CUSTOM_CAND_T", "CUSTOM_CAND_U", "CUSTOM_CAND_V"} }

func aggregates() []string {
	return []string{"a0000000-0000-4000-8000-0000000000a1", "a0000000-0000-4000-8000-0000000000a2", "a0000000-0000-4000-8000-0000000000a3"}
}

// profile is the lab to use, where it is not the one with Placement alone.
func profile() string { return os.Getenv("PLACEMENT_CANDIDATES_PROFILE") }

// chance makes states and requests.
type chance struct{ *rand.Rand }

// in reports whether something of that probability, in percent, happens.
func (c *chance) in(percent int) bool { return c.IntN(100) < percent }

func (c *chance) uuid() string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", c.Uint32(), c.IntN(1<<16), c.IntN(1<<12), c.IntN(1<<12), c.Int64N(1<<48))
}

// some returns each of the names with that probability.
func (c *chance) some(names []string, percent int) []string {
	return slices.DeleteFunc(slices.Clone(names), func(string) bool { return !c.in(percent) })
}

func (c *chance) one(names []string) string { return names[c.IntN(len(names))] }

// providers makes some trees; in some states all of one provider, in some with providers that share.
func (c *chance) providers() []candidates.Provider {
	var out []candidates.Provider
	nested, shares := c.in(75), c.in(60)
	for range 2 + c.IntN(3) {
		out = append(out, c.tree(nested)...)
	}
	if shares {
		for range 1 + c.IntN(2) {
			p := c.provider()
			p.Aggregates = []string{c.one(aggregates())}
			p.Traits = append(p.Traits, candidates.Sharing)
			out = append(out, p)
		}
	}
	return out
}

// tree makes a root, and providers below any that there is.
func (c *chance) tree(nested bool) []candidates.Provider {
	out := []candidates.Provider{c.provider()}
	if !nested {
		return out
	}
	for range c.IntN(4) {
		p := c.provider()
		p.ParentUUID, p.RootUUID = out[c.IntN(len(out))].UUID, out[0].UUID
		if c.in(3) {
			p.Traits = append(p.Traits, candidates.Sharing)
		}
		out = append(out, p)
	}
	return out
}

func (c *chance) provider() candidates.Provider {
	uuid := c.uuid()
	p := candidates.Provider{
		Provider:    openstack.Provider{UUID: uuid, RootUUID: uuid, Name: uuid},
		Inventories: map[string]openstack.Inventory{}, Usages: map[string]int{},
		Traits: c.some(traits(), 45), Aggregates: c.some(aggregates(), 35),
	}
	for _, class := range c.some(classes(), 60) {
		i := openstack.Inventory{Total: 1 + c.IntN(16), MinUnit: 1, MaxUnit: 16, StepSize: 1, AllocationRatio: 1}
		if c.in(25) {
			i.Reserved = c.IntN(i.Total + 1)
		}
		if c.in(25) {
			i.AllocationRatio = []float64{0.3, 0.7, 1.1, 1.5, 2, 16}[c.IntN(6)]
		}
		if c.in(15) {
			i.MinUnit = 1 + c.IntN(3)
		}
		if c.in(15) {
			i.MaxUnit = i.MinUnit + c.IntN(6)
		}
		if c.in(15) {
			i.StepSize = 1 + c.IntN(3)
		}
		p.Inventories[class] = i
		if c.in(40) {
			p.Usages[class] = 1 + c.IntN(12)
		}
	}
	return p
}

// request makes a request that Placement takes.
func (c *chance) request(made []candidates.Provider) *candidates.Request {
	r := &candidates.Request{}
	if c.in(70) {
		r.Groups = append(r.Groups, c.group("", made))
	}
	granular := []string{"1", "_NIC", "x-2"}[:c.IntN(4)]
	if len(r.Groups) == 0 && len(granular) == 0 {
		granular = []string{"1"}
	}
	for _, suffix := range granular {
		r.Groups = append(r.Groups, c.group(suffix, made))
	}
	c.subtree(r, granular, made)
	if len(granular) > 1 || c.in(20) {
		r.Policy, r.Isolate = true, c.in(50)
	}
	if overlaps(r) {
		r.Policy, r.Isolate = true, false
	}
	if c.in(15) {
		r.RootRequired = []string{c.one(traits())}
	}
	if forbidden := c.one(traits()); c.in(15) && !slices.Contains(r.RootRequired, forbidden) {
		r.RootForbidden = []string{forbidden}
	}
	return r
}

// subtree asks in some requests that groups are served below one provider; one more may have no resources then.
func (c *chance) subtree(r *candidates.Request, granular []string, made []candidates.Provider) {
	if len(granular) == 0 || !c.in(35) {
		return
	}
	suffixes := slices.Clone(granular[:1+c.IntN(len(granular))])
	if c.in(50) {
		g := c.group("_TOP", made)
		g.Resources = nil
		if len(g.Required)+len(g.Forbidden)+len(g.MemberOf) == 0 {
			g.Required = [][]string{{c.one(traits())}} // or else there is no such group
		}
		r.Groups = append(r.Groups, g)
		suffixes = append(suffixes, "_TOP")
		r.Policy = true
	}
	r.SameSubtree = [][]string{suffixes}
}

// overlaps reports whether a class is asked for with a suffix and without. Placement adds both amounts up in one object then, and
// uses it again for other candidates, unless the policy is none (copy_arr_if_needed): its answer depends on the order of a set.
func overlaps(r *candidates.Request) bool {
	for _, g := range r.Groups {
		for _, other := range r.Groups {
			if g.Suffix == "" && other.Suffix != "" && slices.ContainsFunc(classes(), func(class string) bool {
				return g.Resources[class] > 0 && other.Resources[class] > 0
			}) {
				return true
			}
		}
	}
	return false
}

func (c *chance) group(suffix string, made []candidates.Provider) candidates.Group {
	g := candidates.Group{Suffix: suffix, Resources: map[string]int{}}
	for _, class := range c.some(classes(), 45) {
		g.Resources[class] = 1 + c.IntN(6)
	}
	if len(g.Resources) == 0 {
		g.Resources[c.one(classes())] = 1 + c.IntN(4)
	}
	c.traits(&g)
	if c.in(25) {
		g.MemberOf = append(g.MemberOf, c.some(aggregates(), 60))
	}
	if c.in(8) {
		g.MemberOf = append(g.MemberOf, []string{c.one(aggregates()), c.uuid()})
	}
	g.MemberOf = slices.DeleteFunc(g.MemberOf, func(list []string) bool { return len(list) == 0 })
	if c.in(12) {
		g.NotMemberOf = []string{c.one(aggregates())}
	}
	switch {
	case c.in(12):
		g.InTree = made[c.IntN(len(made))].UUID
	case c.in(1):
		g.InTree = c.uuid()
	}
	return g
}

// traits asks for traits, and against others.
func (c *chance) traits(g *candidates.Group) {
	if c.in(25) {
		g.Required = append(g.Required, []string{c.one(traits())})
	}
	if c.in(20) {
		g.Required = append(g.Required, []string{traits()[0], traits()[1+c.IntN(2)]})
	}
	if c.in(20) {
		forbidden := c.one(traits())
		if !slices.ContainsFunc(g.Required, func(list []string) bool { return slices.Contains(list, forbidden) }) {
			g.Forbidden = []string{forbidden}
		}
	}
}
