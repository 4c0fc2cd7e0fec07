// SPDX-License-Identifier: Apache-2.0

package codec

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// valid refuses a file that claims to have read a part that it does not contain.
func valid(s *snapshot.Snapshot) error {
	if len(s.Parts) == 0 {
		return fmt.Errorf("%w: it does not say which parts were read", ErrNotASnapshot)
	}
	fields := lists(s)
	for p := range s.Parts {
		list, known := fields[p]
		if !known {
			return fmt.Errorf("%w: unknown part %q", ErrNotASnapshot, p)
		}
		if s.Usable(p) && list.missing() {
			return fmt.Errorf("%w: it says that %s were read, but does not contain them", ErrNotASnapshot, p)
		}
	}
	if err := validBlind(s.Blind, s.Parts); err != nil {
		return err
	}
	if nameless(s) {
		return fmt.Errorf("%w: something in it has no UUID", ErrNotASnapshot)
	}
	for _, p := range s.ProviderList {
		if part := lacks(s, p.UUID); part != "" {
			return fmt.Errorf("%w: it has no %s of resource provider %s", ErrNotASnapshot, part, p.UUID)
		}
	}
	if s.Watch != nil {
		if err := validWatch(s.Watch); err != nil {
			return err
		}
	}
	if s.Second != nil {
		return validLook(s.Second)
	}
	return nil
}

// nameless reports whether anything that is told by its UUID has none.
func nameless(s *snapshot.Snapshot) bool {
	return slices.ContainsFunc(s.ProviderList, func(p openstack.Provider) bool { return p.UUID == "" }) ||
		slices.ContainsFunc(s.AllocationList, func(a openstack.Allocation) bool { return a.ConsumerUUID == "" || a.ProviderUUID == "" }) ||
		slices.ContainsFunc(s.IncompleteList, func(o openstack.Owner) bool { return o.ConsumerUUID == "" }) ||
		slices.ContainsFunc(s.HypervisorList, func(h openstack.Hypervisor) bool { return h.UUID == "" }) ||
		slices.ContainsFunc(s.ServerList, func(v openstack.Server) bool { return v.UUID == "" }) ||
		slices.ContainsFunc(s.MigrationList, func(m openstack.Migration) bool { return m.UUID == "" || m.ServerUUID == "" }) ||
		slices.ContainsFunc(s.AggregateList, func(a openstack.Aggregate) bool { return a.UUID == "" })
}

// lacks returns a part that was read, but not of this provider; empty if there is none.
func lacks(s *snapshot.Snapshot, provider string) snapshot.Part {
	_, inventories := s.InventoryMap[provider]
	_, capacities := s.CapacityMap[provider]
	_, usages := s.UsageMap[provider]
	_, memberships := s.MembershipMap[provider]
	for part, there := range map[snapshot.Part]bool{
		snapshot.Inventories: inventories, snapshot.Capacities: inventories || capacities, snapshot.Usages: usages, snapshot.Memberships: memberships,
	} {
		if s.Parts[part].Read && !there {
			return part
		}
	}
	return ""
}

// validLook refuses a look that claims to have read what it does not contain.
func validLook(l *snapshot.Look) error {
	for p, missing := range map[snapshot.Part]bool{
		snapshot.Migrations: l.Migrations == nil, snapshot.Hypervisors: l.Hypervisors == nil, snapshot.Services: l.Services == nil,
		snapshot.Allocations: l.Consumers == nil, snapshot.Servers: l.Servers == nil,
		snapshot.Aggregates: l.Aggregates == nil, snapshot.Rows: l.Rows == nil, snapshot.Customs: l.Custom == nil,
	} {
		if (l.Parts[p].Read || l.Parts[p].Partial) && missing {
			return fmt.Errorf("%w: it says that %s were read again, but does not contain them", ErrNotASnapshot, p)
		}
	}
	if err := validBlind(l.Blind, l.Parts); err != nil {
		return err
	}
	for uuid, p := range l.Providers {
		if p != nil && (p.Provider.UUID != uuid || p.Inventories == nil || p.Usages == nil) {
			return fmt.Errorf("%w: its second look at resource provider %s is not whole", ErrNotASnapshot, uuid)
		}
	}
	return nil
}

// validBlind refuses a snapshot that has parts read in part and does not say what is missing.
func validBlind(b *snapshot.Blind, parts map[snapshot.Part]snapshot.Status) error {
	for p, st := range parts {
		switch {
		case !st.Partial:
		case st.Read:
			return fmt.Errorf("%w: it says that %s were read whole and in part", ErrNotASnapshot, p)
		case b == nil || p.FromCells() && len(b.Hosts) == 0 || !p.FromNova() && len(b.Providers) == 0:
			return fmt.Errorf("%w: it does not say what is missing of %s", ErrNotASnapshot, p)
		}
	}
	return nil
}

// validWatch refuses points out of which something was cut.
func validWatch(w *snapshot.Watch) error {
	for uuid, g := range w.Grown {
		for _, p := range g.Points {
			if p.At.IsZero() || p.Consumers == nil || p.Inventories == nil || p.Traits == nil {
				return fmt.Errorf("%w: what it watched of resource provider %s is not whole", ErrNotASnapshot, uuid)
			}
		}
	}
	return nil
}
