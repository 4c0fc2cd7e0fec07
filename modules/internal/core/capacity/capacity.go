// SPDX-License-Identifier: Apache-2.0

// Package capacity counts how many more servers fit on the resource providers of a cloud, now and after a change that is only wished for.
// It is pure, and goes by Placement's own rules.
package capacity

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Slots are how many more servers of one kind fit.
type Slots struct {
	Total int    `json:"total"`      // if nothing else is built meanwhile; what is shared counts once
	Count int    `json:"host_count"` // on how many hosts at least one fits
	Hosts []Host `json:"hosts"`      // these, the most first
	// Fragmentation is the fraction of the servers that would fit if all that is free were one piece, and do not fit, from 0 to 1.
	Fragmentation float64 `json:"fragmentation"`
}

// First returns the slots with no more than so many of the hosts.
func (s Slots) First(n int) Slots {
	s.Hosts = s.Hosts[:min(n, len(s.Hosts))]
	return s
}

// Host is how many fit on one host, if no other gets any.
type Host struct {
	UUID  string `json:"provider_uuid"`
	Name  string `json:"provider_name"`
	Slots int    `json:"slots"`
}

// Count fills the trees with servers that ask for the request, first each alone, then all. Trees of the roots in out get none.
func Count(providers []candidates.Provider, r *candidates.Request, out map[string]bool) Slots {
	s := candidates.NewSupply(spendable(providers))
	found := Slots{Hosts: []Host{}}
	for _, root := range s.Roots() {
		if out[root] {
			continue
		}
		takes := fill(s, r, root)
		if takes.count > 0 {
			p := s.Provider(root)
			found.Hosts = append(found.Hosts, Host{root, p.Name, takes.count})
		}
		takes.undo(s)
	}
	for _, h := range found.Hosts {
		found.Total += fill(s, r, h.UUID).count
	}
	found.Count, found.Fragmentation = len(found.Hosts), fragmentation(found.Total, inOnePiece(providers, r, out))
	slices.SortStableFunc(found.Hosts, func(a, b Host) int { return cmp.Or(cmp.Compare(b.Slots, a.Slots), cmp.Compare(a.Name, b.Name)) })
	return found
}

// filled is what was taken of some providers.
type filled struct {
	count int
	taken map[candidates.Take]int
}

// fill puts servers into a tree until none fits any more.
func fill(s *candidates.Supply, r *candidates.Request, root string) filled {
	f := filled{taken: map[candidates.Take]int{}}
	for {
		c, lands, _ := s.Lands(r, root)
		if !lands || len(c.Takes) == 0 {
			return f
		}
		n := repeat(s, c)
		for take, amount := range c.Takes {
			s.Provider(take.Provider).Usages[take.Class] += n * amount
			f.taken[take] += n * amount
		}
		f.count += n
	}
}

// repeat is how often the same providers can give the same again.
func repeat(s *candidates.Supply, c candidates.Candidate) int {
	most := 0
	for take, amount := range c.Takes {
		p := s.Provider(take.Provider)
		n := (p.Inventories[take.Class].Capacity() - p.Usages[take.Class]) / amount
		if most == 0 || n < most {
			most = n
		}
	}
	return max(most, 1)
}

func (f filled) undo(s *candidates.Supply) {
	for take, amount := range f.taken {
		s.Provider(take.Provider).Usages[take.Class] -= amount
	}
}

// Clone copies providers, so that usages and inventories of the copies can be changed.
func Clone(providers []candidates.Provider) []candidates.Provider {
	out := spendable(providers)
	for i := range out {
		out[i].Inventories = maps.Clone(out[i].Inventories)
	}
	return out
}

// spendable copies providers, so that usages of the copies can be changed.
func spendable(providers []candidates.Provider) []candidates.Provider {
	out := slices.Clone(providers)
	for i := range out {
		out[i].Usages = maps.Clone(out[i].Usages)
		if out[i].Usages == nil {
			out[i].Usages = map[string]int{}
		}
	}
	return out
}

// Wish is a change of inventories that is not made. What is nil stays as it is.
type Wish struct {
	Provider string // name or UUID; all if empty
	Class    string
	Total    *int
	Reserved *int
	Ratio    *float64
}

// Apply returns the providers as they would be, and how many inventories the wish changes.
func (w Wish) Apply(providers []candidates.Provider) (out []candidates.Provider, changed int) {
	out = Clone(providers)
	for i := range out {
		p := &out[i]
		inventory, has := p.Inventories[w.Class]
		if !has || w.Provider != "" && !named(p, w.Provider) {
			continue
		}
		changed++
		if w.Total != nil {
			inventory.MaxUnit = grown(inventory.MaxUnit, inventory.Total, *w.Total)
			inventory.Total = *w.Total
		}
		if w.Reserved != nil {
			inventory.Reserved = *w.Reserved
		}
		if w.Ratio != nil {
			inventory.AllocationRatio = *w.Ratio
		}
		p.Inventories[w.Class] = inventory
	}
	return out, changed
}

// named reports whether a provider is meant by a name or a UUID.
func named(p *candidates.Provider, text string) bool {
	return p.Name == text || openstack.SameUUID(p.UUID, text)
}

// Refused names a provider whose inventory Placement would not take as the wish has it, and why; empty if there is none. after are the
// providers as the wish leaves them.
func (w Wish) Refused(after []candidates.Provider) (name, why string) {
	for i := range after {
		p := &after[i]
		inventory, has := p.Inventories[w.Class]
		if has && (w.Provider == "" || named(p, w.Provider)) && inventory.Reserved > inventory.Total {
			return p.Name, fmt.Sprintf("%d reserved of %d", inventory.Reserved, inventory.Total)
		}
	}
	return "", ""
}

// grown is the max_unit of another total: nova-compute writes the total as max_unit.
func grown(unit, total, wished int) int {
	if unit == total {
		return wished
	}
	return unit
}

// More returns the providers with so many more hosts like one, empty ones. It reports whether there is such a root.
func More(providers []candidates.Provider, like string, count int) (out []candidates.Provider, found bool) {
	i := slices.IndexFunc(providers, func(p candidates.Provider) bool { return p.IsRoot() && named(&p, like) })
	if i < 0 {
		return providers, false
	}
	out = slices.Clone(providers)
	for n := 1; n <= count; n++ {
		for _, p := range providers {
			if p.RootUUID == providers[i].UUID || p.UUID == providers[i].UUID {
				out = append(out, another(p, n))
			}
		}
	}
	return out, true
}

// Without returns the providers but for the trees of these roots.
func Without(providers []candidates.Provider, roots map[string]bool) []candidates.Provider {
	return slices.DeleteFunc(slices.Clone(providers), func(p candidates.Provider) bool { return roots[p.UUID] || roots[p.RootUUID] })
}

// another is a copy of a provider that does not exist yet.
func another(p candidates.Provider, n int) candidates.Provider {
	id := func(uuid string) string {
		if uuid == "" {
			return ""
		}
		return fmt.Sprintf("%s more %d", uuid, n)
	}
	p.UUID, p.ParentUUID, p.RootUUID = id(p.UUID), id(p.ParentUUID), id(p.RootUUID)
	p.Name, p.Usages = fmt.Sprintf("%s (more %d)", p.Name, n), map[string]int{}
	return p
}
