// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// View returns the snapshot as the second look saw it: what was read again in place of what was read first.
// The result keeps Second, so that ConsumerType answers.
func (s *Snapshot) View() *Snapshot {
	l := s.Second
	v := *s
	v.index, v.Parts, v.TakenAt = nil, map[Part]Status{}, l.TakenAt
	for p, st := range s.Parts {
		v.Parts[p] = st
	}
	for p, st := range l.Parts {
		single := p == Servers || p == Allocations // of which the second look reads one by one what the first list lacks
		if !(single && st.Read && s.Parts[p].Partial) {
			v.Parts[p] = st
		}
	}
	v.Blind = s.Blind.and(l.Blind)
	v.AllocationList = l.allocations(s.AllocationList)
	v.IncompleteList = l.incomplete(s.IncompleteList)
	v.ServerList = l.servers(s.ServerList)
	l.providers(s, &v)
	v.TraitHolders = l.traits(s.TraitHolders)
	replace(l, Migrations, &v.MigrationList, l.Migrations)
	replace(l, Hypervisors, &v.HypervisorList, l.Hypervisors)
	replace(l, Services, &v.ServiceList, l.Services)
	replace(l, Aggregates, &v.AggregateList, l.Aggregates)
	if _, tried := l.Parts[Rows]; tried {
		v.Rows = l.Rows
	}
	if _, tried := l.Parts[Customs]; tried {
		v.Custom = l.Custom
	}
	return &v
}

func replace[T any](l *Look, p Part, target *[]T, again []T) {
	if _, tried := l.Parts[p]; tried {
		*target = again
	}
}

// allocations puts in what was read again. Providers are read after consumers: of what is held on one of them, its own
// answer counts.
func (l *Look) allocations(first []openstack.Allocation) []openstack.Allocation {
	if len(l.Consumers) == 0 && len(l.Providers) == 0 {
		return first
	}
	ofProvider := func(a openstack.Allocation) bool {
		p := l.Providers[a.ProviderUUID]
		return p != nil && p.Allocations != nil
	}
	out := slices.DeleteFunc(slices.Clone(first), func(a openstack.Allocation) bool {
		_, looked := l.Consumers[a.ConsumerUUID]
		return looked || ofProvider(a)
	})
	for _, held := range l.Consumers {
		for _, a := range held {
			if !ofProvider(a) {
				out = append(out, a)
			}
		}
	}
	for _, p := range l.Providers {
		if p != nil {
			out = append(out, p.Allocations...)
		}
	}
	return out
}

// incomplete drops the consumers that hold nothing any more or have got an owner.
func (l *Look) incomplete(first []openstack.Owner) []openstack.Owner {
	return slices.DeleteFunc(slices.Clone(first), func(o openstack.Owner) bool {
		_, looked := l.Consumers[o.ConsumerUUID]
		return looked && l.Owners[o.ConsumerUUID].ProjectID != o.ProjectID
	})
}

func (l *Look) traits(first map[string][]string) map[string][]string {
	again := func(uuid string) bool {
		p, looked := l.Providers[uuid]
		return looked && (p == nil || p.Traits != nil)
	}
	out := make(map[string][]string, len(first))
	for trait, holders := range first {
		out[trait] = slices.DeleteFunc(slices.Clone(holders), again)
		for uuid, p := range l.Providers {
			if p != nil && slices.Contains(p.Traits, trait) {
				out[trait] = append(out[trait], uuid)
			}
		}
	}
	return out
}

func (l *Look) servers(first []openstack.Server) []openstack.Server {
	if len(l.Servers) == 0 { // they are most of a large snapshot
		return first
	}
	out := slices.DeleteFunc(slices.Clone(first), func(v openstack.Server) bool {
		_, looked := l.Servers[v.UUID]
		return looked
	})
	for _, v := range l.Servers {
		if v != nil {
			out = append(out, *v)
		}
	}
	return out
}

// providers puts the providers that were read again into v. The order of the list stays as it was.
func (l *Look) providers(s, v *Snapshot) {
	v.ProviderList = nil
	v.InventoryMap, v.UsageMap, v.MembershipMap = maps.Clone(s.InventoryMap), maps.Clone(s.UsageMap), maps.Clone(s.MembershipMap)
	listed := make(map[string]bool, len(s.ProviderList))
	for _, p := range s.ProviderList {
		listed[p.UUID] = true
		again, looked := l.Providers[p.UUID]
		switch {
		case !looked:
			v.ProviderList = append(v.ProviderList, p)
		case again != nil:
			v.addProvider(again)
		}
	}
	for uuid, found := range l.Providers {
		if !listed[uuid] && found != nil { // it was created between the looks
			v.addProvider(found)
		}
	}
}

func (s *Snapshot) addProvider(p *ProviderLook) {
	s.ProviderList = append(s.ProviderList, p.Provider)
	put(&s.InventoryMap, p.Provider.UUID, p.Inventories)
	put(&s.UsageMap, p.Provider.UUID, p.Usages)
	put(&s.MembershipMap, p.Provider.UUID, p.Aggregates)
}

func put[T any](m *map[string]T, key string, value T) {
	if *m == nil {
		*m = map[string]T{}
	}
	(*m)[key] = value
}
