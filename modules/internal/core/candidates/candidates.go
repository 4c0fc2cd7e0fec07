// SPDX-License-Identifier: Apache-2.0

// Package candidates decides where a request of resources can land, as Placement's allocation candidates do, and tells why it
// can't land elsewhere. It is pure: it is told what the providers have, and what is asked for.
//
// The rules are those of Placement (placement/objects/allocation_candidate.py and research_context.py); a test on the lab holds
// them to its answers, for random states and requests.
package candidates

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Sharing is the trait of a provider that gives its inventory to all trees in one of its aggregates.
const Sharing = "MISC_SHARES_VIA_AGGREGATE"

// Disabled is the trait of a compute node whose service is disabled.
const Disabled = "COMPUTE_STATUS_DISABLED"

// Provider is a resource provider with all that decides whether something lands on it.
type Provider struct {
	openstack.Provider

	Inventories map[string]openstack.Inventory
	Usages      map[string]int
	Traits      []string
	Aggregates  []string
}

// Has reports whether the provider has the trait.
func (p *Provider) Has(trait string) bool { return slices.Contains(p.Traits, trait) }

// in reports whether the provider is a member of one of the aggregates.
func (p *Provider) in(aggregates []string) bool {
	return slices.ContainsFunc(p.Aggregates, func(a string) bool { return slices.Contains(aggregates, a) })
}

// anyOf reports whether the provider has one of the traits.
func (p *Provider) anyOf(traits []string) bool { return slices.ContainsFunc(traits, p.Has) }

// Group is one group of a request. The one without a suffix may take each class from another provider of a tree, and from those that
// share with it; a group with a suffix takes all from one provider.
type Group struct {
	Suffix      string
	Resources   map[string]int
	Required    [][]string // one of each list
	Forbidden   []string
	MemberOf    [][]string // one of each list
	NotMemberOf []string
	InTree      string // UUID of a provider of the tree; any if empty
}

// Request is what is asked for.
type Request struct {
	Groups        []Group
	Isolate       bool       // no two groups with suffixes take from one provider: group_policy isolate
	Policy        bool       // a group_policy was given
	SameSubtree   [][]string // suffixes: the providers of each list are below one of them
	RootRequired  []string
	RootForbidden []string
	Nodes         []string // UUIDs of the roots to land on, which Placement is not asked for; any if empty
}

// Supply is what Placement has.
type Supply struct {
	byUUID  map[string]*Provider
	trees   map[string][]*Provider // by root
	roots   []string
	sharing map[string][]*Provider // by root: who of other trees shares with it
	sharers []*Provider            // all who share
}

// NewSupply takes what was read of all providers.
func NewSupply(providers []Provider) *Supply {
	s := &Supply{byUUID: map[string]*Provider{}, trees: map[string][]*Provider{}, sharing: map[string][]*Provider{}}
	for i := range providers {
		p := &providers[i]
		if p.RootUUID == "" {
			p.RootUUID = p.UUID
		}
		s.byUUID[p.UUID] = p
		if s.trees[p.RootUUID] == nil {
			s.roots = append(s.roots, p.RootUUID)
		}
		s.trees[p.RootUUID] = append(s.trees[p.RootUUID], p)
	}
	s.share(providers)
	return s
}

// share notes for each tree who shares with it: a provider in an aggregate that any provider of the tree is in as well.
func (s *Supply) share(providers []Provider) {
	members := map[string][]string{} // roots by aggregate
	for i := range providers {
		for _, a := range providers[i].Aggregates {
			members[a] = append(members[a], providers[i].RootUUID)
		}
	}
	for i := range providers {
		p := &providers[i]
		if !p.Has(Sharing) {
			continue
		}
		s.sharers = append(s.sharers, p)
		for _, a := range p.Aggregates {
			s.offer(p, members[a])
		}
	}
}

// offer notes that a provider shares with the trees of these roots, its own left out.
func (s *Supply) offer(p *Provider, roots []string) {
	for _, root := range roots {
		if root != p.RootUUID && !slices.Contains(s.sharing[root], p) {
			s.sharing[root] = append(s.sharing[root], p)
		}
	}
}

// Roots lists the roots of all trees, in the order in which they were given.
func (s *Supply) Roots() []string { return s.roots }

// Provider returns the provider of that UUID; nil if there is none.
func (s *Supply) Provider(uuid string) *Provider { return s.byUUID[uuid] }

// Tree lists the providers of a tree.
func (s *Supply) Tree(root string) []*Provider { return s.trees[root] }

// reach lists whom a request that lands in a tree may take from: the tree, and who shares with it.
func (s *Supply) reach(root string) []*Provider {
	return slices.Concat(s.trees[root], s.sharing[root])
}

// anchor reports whether the root may be the root of a candidate.
func (r *Request) anchor(root *Provider) bool {
	return root != nil && !root.anyOf(r.RootForbidden) && !slices.ContainsFunc(r.RootRequired, func(t string) bool { return !root.Has(t) })
}

// room reports whether a provider can give so much of a class at once.
func (p *Provider) room(class string, amount int) bool {
	i, has := p.Inventories[class]
	return has && float64(p.Usages[class]+amount) <= float64(i.Total-i.Reserved)*i.AllocationRatio &&
		i.MinUnit <= amount && amount <= i.MaxUnit && (i.StepSize <= 0 || amount%i.StepSize == 0)
}
