// SPDX-License-Identifier: Apache-2.0

package snapshot

// Counts tells how many entries each part that was read has. Traits count as holders, inventories, capacities,
// usages and memberships as providers, custom names as classes and those traits that nobody has, generations as the times that
// they were read.
func (s *Snapshot) Counts() map[Part]int {
	holders := 0
	for _, list := range s.TraitHolders {
		holders += len(list)
	}
	all := map[Part]int{
		Providers: len(s.ProviderList), Traits: holders, Inventories: len(s.InventoryMap), Usages: len(s.UsageMap),
		Allocations: len(s.AllocationList), Hypervisors: len(s.HypervisorList), Servers: len(s.ServerList),
		Migrations: len(s.MigrationList), Services: len(s.ServiceList),
		Capacities: len(s.ProviderList), Incomplete: len(s.IncompleteList), Aggregates: len(s.AggregateList),
		Memberships: len(s.MembershipMap),
	}
	if s.Custom != nil {
		all[Customs] = len(s.Custom.Classes) + len(s.Custom.FreeTraits)
	}
	if s.Watch != nil {
		all[Generations] = s.Watch.Samples
	}
	read := map[Part]int{}
	for p, n := range all {
		if s.Usable(p) {
			read[p] = n
		}
	}
	return read
}
