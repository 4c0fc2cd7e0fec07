// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/lookup"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// index holds the positions in the lists that the accessors answer from, made at the first access to each list.
type index struct {
	provider, server, migration, hypervisor                        lookup.Table
	byConsumer, byProvider, ofServer, onHost, below, named, titled lookup.Table
	trait                                                          map[string]map[string]bool // trait -> provider UUID
	consumerList                                                   []string
	strange                                                        []Strange
	unproven                                                       map[string]bool   // UUIDs of strange roots
	cell                                                           map[string]string // host -> name of its cell
}

func (s *Snapshot) indexed() *index {
	if s.index == nil {
		s.index = &index{}
	}
	return s.index
}

func consumerOf(a *openstack.Allocation) string { return a.ConsumerUUID }

// Providers returns all providers in the order in which they were read. Needs Providers.
func (s *Snapshot) Providers() []openstack.Provider {
	s.need(Providers)
	return s.ProviderList
}

// Provider returns the provider of that UUID. Needs Providers.
func (s *Snapshot) Provider(uuid string) (openstack.Provider, bool) {
	s.need(Providers)
	return lookup.Last(&s.indexed().provider, s.ProviderList, func(p *openstack.Provider) string { return p.UUID }, uuid)
}

// ProviderNamed returns the provider that has a name: names are unique in Placement, and MariaDB compares them without case. Needs Providers.
func (s *Snapshot) ProviderNamed(name string) (openstack.Provider, bool) {
	s.need(Providers)
	return lookup.Last(&s.indexed().named, s.ProviderList, func(p *openstack.Provider) string { return strings.ToLower(p.Name) }, strings.ToLower(name))
}

// Root returns the root of the tree that the provider is in. Needs Providers.
func (s *Snapshot) Root(uuid string) (openstack.Provider, bool) {
	p, ok := s.Provider(uuid)
	if !ok || p.RootUUID == "" || p.RootUUID == p.UUID {
		return p, ok
	}
	return s.Provider(p.RootUUID)
}

// Tree returns the providers of the tree with that root, the root too. Needs Providers.
func (s *Snapshot) Tree(root string) []openstack.Provider {
	s.need(Providers)
	return lookup.All(&s.indexed().below, s.ProviderList, func(p *openstack.Provider) string { return p.RootUUID }, root)
}

// HasTrait reports whether the provider has the trait, one of those that collect asks for. Needs Traits.
func (s *Snapshot) HasTrait(uuid, trait string) bool {
	s.need(Traits)
	x := s.indexed()
	if x.trait == nil {
		x.trait = make(map[string]map[string]bool, len(s.TraitHolders))
		for trait, holders := range s.TraitHolders {
			x.trait[trait] = set(holders)
		}
	}
	return x.trait[trait][uuid]
}

// KnowsTrait reports whether Placement has the trait at all: older ones lack the newer traits. Needs Traits.
func (s *Snapshot) KnowsTrait(trait string) bool {
	s.need(Traits)
	_, known := s.TraitHolders[trait]
	return known
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, v := range list {
		m[v] = true
	}
	return m
}

// Inventory returns a provider's inventories by resource class. Needs Inventories.
func (s *Snapshot) Inventory(uuid string) map[string]openstack.Inventory {
	s.need(Inventories)
	return s.InventoryMap[uuid]
}

// Details returns a provider's inventories by resource class if they happen to have been read, as they always have at a
// second look. Needs Capacities.
func (s *Snapshot) Details(uuid string) (map[string]openstack.Inventory, bool) {
	s.need(Capacities)
	inventories, read := s.InventoryMap[uuid]
	return inventories, read
}

// Capacity returns what may be allocated of a provider, by resource class. Needs Capacities.
func (s *Snapshot) Capacity(uuid string) map[string]int {
	inventories, read := s.Details(uuid)
	if !read {
		return s.CapacityMap[uuid]
	}
	out := make(map[string]int, len(inventories))
	for class, i := range inventories {
		out[class] = i.Capacity()
	}
	return out
}

// Usage returns a provider's usages by resource class. Needs Usages.
func (s *Snapshot) Usage(uuid string) map[string]int {
	s.need(Usages)
	return s.UsageMap[uuid]
}

// Consumers returns the UUIDs of all consumers that hold something, sorted. Needs Allocations.
func (s *Snapshot) Consumers() []string {
	s.need(Allocations)
	x := s.indexed()
	if x.consumerList == nil {
		x.consumerList = lookup.Keys(&x.byConsumer, s.AllocationList, consumerOf)
		slices.Sort(x.consumerList)
	}
	return x.consumerList
}

// Held returns what a consumer holds, one entry a provider. Needs Allocations.
func (s *Snapshot) Held(consumer string) []openstack.Allocation {
	s.need(Allocations)
	return lookup.All(&s.indexed().byConsumer, s.AllocationList, consumerOf, consumer)
}

// HeldOn returns what is held on a provider, one entry a consumer. Needs Allocations.
func (s *Snapshot) HeldOn(provider string) []openstack.Allocation {
	s.need(Allocations)
	return lookup.All(&s.indexed().byProvider, s.AllocationList, func(a *openstack.Allocation) string { return a.ProviderUUID }, provider)
}

// IncompleteConsumers returns the consumers of which Placement was told no project. Needs Incomplete.
func (s *Snapshot) IncompleteConsumers() []openstack.Owner {
	s.need(Incomplete)
	return s.IncompleteList
}

// Memberships returns the UUIDs of the aggregates that a provider is a member of; only of those that Nova has, unless
// EveryMembership says otherwise. Needs Memberships.
func (s *Snapshot) Memberships(provider string) []string {
	s.need(Memberships)
	return s.MembershipMap[provider]
}
