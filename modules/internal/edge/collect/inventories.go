// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// readInventories reads the inventories of every provider, or in a large cloud of some of each group of equals: providers
// that have the same capacities in the same classes and are those of compute nodes of the same size. What is nested may be
// another service's, which writes nothing back, and is always read. nova-compute writes
// all fields of its inventories but the ratio back, so that two equals differ only where a ratio and what is reserved
// cancel each other out. If those that were read of a group differ, all of it is read. What is not read is noted in
// Presumed; a suspect is read by the second look.
func (r *reader) readInventories(ctx context.Context) error {
	single, groups := r.groups()
	for _, g := range groups {
		single = append(single, samples(g)...)
	}
	err := r.addInventories(ctx, single)
	if fatal(err) {
		return err
	}
	var odd []string
	for _, g := range groups {
		if !r.alike(samples(g)) {
			odd = append(odd, g...)
		}
	}
	err2 := r.addInventories(ctx, odd)
	if fatal(err2) {
		return err2
	}
	r.presume(groups)
	return cmp.Or(err, err2)
}

// Inventories reads the inventories of these providers into a snapshot that was read without them, and marks the part as read, in part or
// failed.
func Inventories(ctx context.Context, src Source, s *snapshot.Snapshot, uuids []string) {
	r := &reader{Source: src, s: s}
	r.settle(snapshot.Inventories, r.addInventories(ctx, uuids))
}

// samples are those of a group that are read: the first, the last, and one of the middle.
func samples(g []string) []string {
	if len(g) <= 3 {
		return g
	}
	return []string{g[0], g[len(g)/2], g[len(g)-1]}
}

func (r *reader) addInventories(ctx context.Context, uuids []string) error {
	uuids = slices.DeleteFunc(uuids, func(uuid string) bool { _, read := r.s.InventoryMap[uuid]; return read })
	slices.Sort(uuids)
	var found map[string]map[string]openstack.Inventory
	err := perProvider(ctx, r, slices.Compact(uuids), r.Placement.Offered, &found)
	if fatal(err) {
		return err
	}
	if r.s.InventoryMap == nil {
		r.s.InventoryMap = map[string]map[string]openstack.Inventory{}
	}
	maps.Copy(r.s.InventoryMap, found)
	return err
}

// alike reports whether the inventories of the providers are the same; a provider deleted meanwhile is like nobody.
func (r *reader) alike(uuids []string) bool {
	first := r.s.InventoryMap[uuids[0]]
	return first != nil && !slices.ContainsFunc(uuids, func(uuid string) bool { return !maps.Equal(first, r.s.InventoryMap[uuid]) })
}

func (r *reader) presume(groups [][]string) {
	r.s.Presumed = map[string]string{}
	for _, g := range groups {
		for _, uuid := range g {
			if _, read := r.s.InventoryMap[uuid]; !read {
				r.s.InventoryMap[uuid], r.s.Presumed[uuid] = r.s.InventoryMap[g[0]], g[0]
			}
		}
	}
}

// groups parts the providers into those that are read one by one and groups of equals, each sorted by name.
func (r *reader) groups() (single []string, groups [][]string) {
	if len(r.s.ProviderList) <= r.Exact || !r.s.Parts[snapshot.Hypervisors].Read {
		return r.uuids(), nil
	}
	byKind := map[string][]string{}
	sorted := slices.SortedFunc(slices.Values(r.s.ProviderList), func(a, b openstack.Provider) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.UUID, b.UUID))
	})
	for _, p := range sorted {
		capacity, fromSummary := r.s.CapacityMap[p.UUID]
		node, ofNode := r.s.Hypervisor(p.RootUUID)
		if !fromSummary || !ofNode || !p.IsRoot() || node.State != "up" {
			single = append(single, p.UUID)
			continue
		}
		kind := fmt.Sprint(capacity, node.Type, node.VCPUs, node.MemoryMB, node.LocalGB)
		byKind[kind] = append(byKind[kind], p.UUID)
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		groups = append(groups, byKind[kind])
	}
	return single, groups
}
