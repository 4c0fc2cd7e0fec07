// SPDX-License-Identifier: Apache-2.0

// Package codec turns a snapshot into the text of a file and back. A file from which something was cut is refused.
package codec

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
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
	*snapshot.Snapshot
}

// Write writes the snapshot as indented JSON, the same bytes for the same data. A list that was read and is nil becomes an empty one.
func Write(to io.Writer, s *snapshot.Snapshot) error {
	for p, list := range lists(s) {
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
func Decode(data []byte) (*snapshot.Snapshot, error) {
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
	f := file{Snapshot: &snapshot.Snapshot{}}
	if err := strict.File(data, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotASnapshot, err)
	}
	return f.Snapshot, valid(f.Snapshot)
}

// list is the field that holds a part.
type list struct {
	missing func() bool
	fill    func() // makes an absent list an empty one, so that it is written as such
}

func lists(s *snapshot.Snapshot) map[snapshot.Part]list {
	return map[snapshot.Part]list{
		snapshot.Providers:   sliceField(&s.ProviderList),
		snapshot.Traits:      mapField(&s.TraitHolders),
		snapshot.Inventories: mapField(&s.InventoryMap),
		snapshot.Usages:      mapField(&s.UsageMap),
		snapshot.Capacities:  mapField(&s.CapacityMap),
		snapshot.Incomplete:  sliceField(&s.IncompleteList),
		snapshot.Aggregates:  sliceField(&s.AggregateList),
		snapshot.Memberships: mapField(&s.MembershipMap),
		snapshot.Allocations: sliceField(&s.AllocationList),
		snapshot.Hypervisors: sliceField(&s.HypervisorList),
		snapshot.Servers:     sliceField(&s.ServerList),
		snapshot.Migrations:  sliceField(&s.MigrationList),
		snapshot.Services:    sliceField(&s.ServiceList),
		snapshot.Customs: {func() bool { return s.Custom == nil }, func() {
			if s.Custom == nil {
				s.Custom = &snapshot.Names{}
			}
		}},
		snapshot.Generations: {func() bool { return s.Watch == nil }, func() {
			if s.Watch == nil {
				s.Watch = &snapshot.Watch{}
			}
		}},
		snapshot.Rows: {func() bool { return s.Rows == nil }, func() {
			if s.Rows == nil {
				s.Rows = &snapshot.Database{}
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
