// SPDX-License-Identifier: Apache-2.0

package snapshot

import "slices"

// index holds the maps that the accessors answer from, made at the first access.
type index struct {
	provider     map[string]Provider
	trait        map[string]map[string]bool // trait -> provider UUID
	byConsumer   map[string][]Allocation
	byProvider   map[string][]Allocation
	server       map[string]Server
	migration    map[string]Migration
	ofServer     map[string][]Migration
	hypervisor   map[string]Hypervisor
	consumerList []string
}

func (s *Snapshot) indexed() *index {
	if s.index == nil {
		s.index = &index{
			provider:   keyed(s.ProviderList, func(p Provider) string { return p.UUID }),
			trait:      map[string]map[string]bool{},
			byConsumer: grouped(s.AllocationList, func(a Allocation) string { return a.ConsumerUUID }),
			byProvider: grouped(s.AllocationList, func(a Allocation) string { return a.ProviderUUID }),
			server:     keyed(s.ServerList, func(v Server) string { return v.UUID }),
			migration:  keyed(s.MigrationList, func(m Migration) string { return m.UUID }),
			ofServer:   grouped(s.MigrationList, func(m Migration) string { return m.ServerUUID }),
			hypervisor: keyed(s.HypervisorList, func(h Hypervisor) string { return h.UUID }),
		}
		for trait, holders := range s.TraitHolders {
			s.index.trait[trait] = set(holders)
		}
		for consumer := range s.index.byConsumer {
			s.index.consumerList = append(s.index.consumerList, consumer)
		}
		slices.Sort(s.index.consumerList)
	}
	return s.index
}

func keyed[T any](list []T, key func(T) string) map[string]T {
	m := make(map[string]T, len(list))
	for _, v := range list {
		m[key(v)] = v
	}
	return m
}

func grouped[T any](list []T, key func(T) string) map[string][]T {
	m := make(map[string][]T, len(list))
	for _, v := range list {
		m[key(v)] = append(m[key(v)], v)
	}
	return m
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, v := range list {
		m[v] = true
	}
	return m
}

// Providers returns all providers in the order in which they were read. Needs Providers.
func (s *Snapshot) Providers() []Provider {
	s.need(Providers)
	return s.ProviderList
}

// Provider returns the provider of that UUID. Needs Providers.
func (s *Snapshot) Provider(uuid string) (Provider, bool) {
	s.need(Providers)
	p, ok := s.indexed().provider[uuid]
	return p, ok
}

// Root returns the root of the tree that the provider is in. Needs Providers.
func (s *Snapshot) Root(uuid string) (Provider, bool) {
	p, ok := s.Provider(uuid)
	if !ok || p.RootUUID == "" || p.RootUUID == p.UUID {
		return p, ok
	}
	return s.Provider(p.RootUUID)
}

// HasTrait says whether the provider has the trait, one of those that collect asks for. Needs Traits.
func (s *Snapshot) HasTrait(uuid, trait string) bool {
	s.need(Traits)
	return s.indexed().trait[trait][uuid]
}

// Inventory returns a provider's inventories by resource class. Needs Inventories.
func (s *Snapshot) Inventory(uuid string) map[string]Inventory {
	s.need(Inventories)
	return s.InventoryMap[uuid]
}

// Usage returns a provider's usages by resource class. Needs Usages.
func (s *Snapshot) Usage(uuid string) map[string]int {
	s.need(Usages)
	return s.UsageMap[uuid]
}

// Consumers returns the UUIDs of all consumers that hold something, sorted. Needs Allocations.
func (s *Snapshot) Consumers() []string {
	s.need(Allocations)
	return s.indexed().consumerList
}

// Held returns what a consumer holds, one entry a provider. Needs Allocations.
func (s *Snapshot) Held(consumer string) []Allocation {
	s.need(Allocations)
	return s.indexed().byConsumer[consumer]
}

// HeldOn returns what is held on a provider, one entry a consumer. Needs Allocations.
func (s *Snapshot) HeldOn(provider string) []Allocation {
	s.need(Allocations)
	return s.indexed().byProvider[provider]
}

// Servers returns all servers. Needs Servers.
func (s *Snapshot) Servers() []Server {
	s.need(Servers)
	return s.ServerList
}

// Server returns the server of that UUID. Needs Servers.
func (s *Snapshot) Server(uuid string) (Server, bool) {
	s.need(Servers)
	v, ok := s.indexed().server[uuid]
	return v, ok
}

// Migrations returns all migrations. Needs Migrations.
func (s *Snapshot) Migrations() []Migration {
	s.need(Migrations)
	return s.MigrationList
}

// Migration returns the migration of that UUID. Needs Migrations.
func (s *Snapshot) Migration(uuid string) (Migration, bool) {
	s.need(Migrations)
	m, ok := s.indexed().migration[uuid]
	return m, ok
}

// Moving says whether a move of the server is in progress. Needs Migrations.
func (s *Snapshot) Moving(server string) bool {
	s.need(Migrations)
	return slices.ContainsFunc(s.indexed().ofServer[server], Migration.InProgress)
}

// Hypervisors returns all compute nodes. Needs Hypervisors.
func (s *Snapshot) Hypervisors() []Hypervisor {
	s.need(Hypervisors)
	return s.HypervisorList
}

// Hypervisor returns the compute node of that UUID. Needs Hypervisors.
func (s *Snapshot) Hypervisor(uuid string) (Hypervisor, bool) {
	s.need(Hypervisors)
	h, ok := s.indexed().hypervisor[uuid]
	return h, ok
}

// Services returns all Nova services. Needs Services.
func (s *Snapshot) Services() []ComputeService {
	s.need(Services)
	return s.ServiceList
}
