// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
)

// Format and FormatVersion mark a saved snapshot. A reader refuses a version newer than its own.
const (
	Format        = "openstack_ops.placement/snapshot"
	FormatVersion = 1
)

// ErrNotASnapshot is returned by Decode for anything that Write has not written.
var ErrNotASnapshot = errors.New("not a snapshot")

type file struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	*Snapshot
}

// Write writes the snapshot as indented JSON, the same bytes for the same data.
func (s *Snapshot) Write(to io.Writer) error {
	for p, list := range s.lists() {
		if s.Usable(p) {
			list.fill()
		}
	}
	err := strict.Write(to, file{Format, FormatVersion, s})
	if err == nil {
		_, err = io.WriteString(to, "\n")
	}
	if err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	return nil
}

// Decode reads what Write wrote. Errors wrap ErrNotASnapshot and say what is wrong with the bytes.
func Decode(data []byte) (*Snapshot, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotASnapshot, err)
	}
	if head.Format != Format {
		return nil, fmt.Errorf("%w: its format is %q, not %q", ErrNotASnapshot, head.Format, Format)
	}
	if head.Version < 1 || head.Version > FormatVersion {
		return nil, fmt.Errorf("%w this version can read: it has format version %d, the newest known is %d",
			ErrNotASnapshot, head.Version, FormatVersion)
	}
	f := file{Snapshot: &Snapshot{}}
	if err := strict.File(data, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotASnapshot, err)
	}
	return f.Snapshot, f.valid()
}

// valid refuses a file that claims to have read a part that it does not contain.
func (s *Snapshot) valid() error {
	if len(s.Parts) == 0 {
		return fmt.Errorf("%w: it does not say which parts were read", ErrNotASnapshot)
	}
	lists := s.lists()
	for p := range s.Parts {
		list, known := lists[p]
		if !known {
			return fmt.Errorf("%w: unknown part %q", ErrNotASnapshot, p)
		}
		if s.Usable(p) && list.missing() {
			return fmt.Errorf("%w: it says that %s were read, but does not contain them", ErrNotASnapshot, p)
		}
	}
	if err := s.Blind.valid(s.Parts); err != nil {
		return err
	}
	if s.nameless() {
		return fmt.Errorf("%w: something in it has no UUID", ErrNotASnapshot)
	}
	for _, p := range s.ProviderList {
		if part := s.lacks(p.UUID); part != "" {
			return fmt.Errorf("%w: it has no %s of resource provider %s", ErrNotASnapshot, part, p.UUID)
		}
	}
	if s.Watch != nil {
		if err := s.Watch.valid(); err != nil {
			return err
		}
	}
	if s.Second != nil {
		return s.Second.valid()
	}
	return nil
}

// nameless reports whether anything that is told by its UUID has none.
func (s *Snapshot) nameless() bool {
	return slices.ContainsFunc(s.ProviderList, func(p openstack.Provider) bool { return p.UUID == "" }) ||
		slices.ContainsFunc(s.AllocationList, func(a openstack.Allocation) bool { return a.ConsumerUUID == "" || a.ProviderUUID == "" }) ||
		slices.ContainsFunc(s.IncompleteList, func(o openstack.Owner) bool { return o.ConsumerUUID == "" }) ||
		slices.ContainsFunc(s.HypervisorList, func(h openstack.Hypervisor) bool { return h.UUID == "" }) ||
		slices.ContainsFunc(s.ServerList, func(v openstack.Server) bool { return v.UUID == "" }) ||
		slices.ContainsFunc(s.MigrationList, func(m openstack.Migration) bool { return m.UUID == "" || m.ServerUUID == "" }) ||
		slices.ContainsFunc(s.AggregateList, func(a openstack.Aggregate) bool { return a.UUID == "" })
}

// lacks returns a part that was read, but not of this provider; empty if there is none.
func (s *Snapshot) lacks(provider string) Part {
	_, inventories := s.InventoryMap[provider]
	_, capacities := s.CapacityMap[provider]
	_, usages := s.UsageMap[provider]
	_, memberships := s.MembershipMap[provider]
	for part, there := range map[Part]bool{
		Inventories: inventories, Capacities: inventories || capacities, Usages: usages, Memberships: memberships,
	} {
		if s.Parts[part].Read && !there {
			return part
		}
	}
	return ""
}

// list is the field that holds a part.
type list struct {
	missing func() bool
	fill    func() // makes an absent list an empty one, so that it is written as such
}

func (s *Snapshot) lists() map[Part]list {
	return map[Part]list{
		Providers:   sliceField(&s.ProviderList),
		Traits:      mapField(&s.TraitHolders),
		Inventories: mapField(&s.InventoryMap),
		Usages:      mapField(&s.UsageMap),
		Capacities:  mapField(&s.CapacityMap),
		Incomplete:  sliceField(&s.IncompleteList),
		Aggregates:  sliceField(&s.AggregateList),
		Memberships: mapField(&s.MembershipMap),
		Allocations: sliceField(&s.AllocationList),
		Hypervisors: sliceField(&s.HypervisorList),
		Servers:     sliceField(&s.ServerList),
		Migrations:  sliceField(&s.MigrationList),
		Services:    sliceField(&s.ServiceList),
		Customs: {func() bool { return s.Custom == nil }, func() {
			if s.Custom == nil {
				s.Custom = &Names{}
			}
		}},
		Generations: {func() bool { return s.Watch == nil }, func() {
			if s.Watch == nil {
				s.Watch = &Watch{}
			}
		}},
		Rows: {func() bool { return s.Rows == nil }, func() {
			if s.Rows == nil {
				s.Rows = &Database{}
			}
		}},
	}
}

func sliceField[T any](f *[]T) list {
	return list{func() bool { return *f == nil }, func() {
		if *f == nil {
			*f = []T{}
		}
	}}
}

func mapField[K comparable, V any](f *map[K]V) list {
	return list{func() bool { return *f == nil }, func() {
		if *f == nil {
			*f = map[K]V{}
		}
	}}
}
