// SPDX-License-Identifier: Apache-2.0

package report

import (
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Provider is a resource provider with what it has and what is used of it.
type Provider struct {
	UUID, Name   string
	Parent, Root string // UUIDs; Parent is empty for a root
	Generation   int
	Unread       string // why there are no Classes; empty if they were read
	Classes      []Class
}

// Class is what a provider has of one resource class, in units of the class.
type Class struct {
	Name           string
	Used, Capacity int
	// Inventory has total, reserved and allocation_ratio; nil if only the capacity was read.
	Inventory *openstack.Inventory
}

// Reserved is what the reserved amount takes of the capacity, in the unit of Capacity; -1 if only the capacity was read.
func (c Class) Reserved() int {
	if c.Inventory == nil {
		return -1
	}
	reserved := *c.Inventory
	reserved.Total, reserved.Reserved = reserved.Reserved, 0
	return reserved.Capacity()
}

// ProvidersOf returns the resource providers of a snapshot in the order in which they were read, as the second look saw them. It
// returns nil if they were not read.
func ProvidersOf(s *snapshot.Snapshot) []Provider {
	if s.Second != nil {
		s = s.View()
	}
	if !s.Usable(snapshot.Providers) {
		return nil
	}
	all := make([]Provider, 0, len(s.Providers()))
	for _, p := range s.Providers() {
		one := Provider{
			UUID: foreign.Line(p.UUID), Name: foreign.Line(p.Name), Parent: foreign.Line(p.ParentUUID), Root: foreign.Line(p.RootUUID),
			Generation: p.Generation,
		}
		one.Classes, one.Unread = classesOf(s, p.UUID)
		all = append(all, one)
	}
	return all
}

// classesOf returns the classes of a provider by name, or why they are not known.
func classesOf(s *snapshot.Snapshot, provider string) ([]Class, string) {
	if !s.Usable(snapshot.Usages) || !s.Usable(snapshot.Capacities) {
		return nil, "usages and inventories were not read"
	}
	used, have := s.UsageMap[provider]
	capacities := s.Capacity(provider)
	if !have || capacities == nil {
		return nil, "its usages or inventories were not read"
	}
	inventories, _ := s.Details(provider)
	var all []Class
	for _, name := range slices.Sorted(maps.Keys(capacities)) {
		class := Class{Name: foreign.Line(name), Used: used[name], Capacity: capacities[name]}
		if i, read := inventories[name]; read {
			class.Inventory = &i
		}
		all = append(all, class)
	}
	return all, ""
}
