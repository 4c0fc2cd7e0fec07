// SPDX-License-Identifier: Apache-2.0

// Package supply reads what decides where a request of resources can land: providers with inventories and usages, and of traits and
// aggregates those that the request names. It takes few requests, however many providers there are.
package supply

import (
	"context"
	"net/url"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
)

// Read reads the providers for a request, and the wanted parts of Nova as far as these can be read. Offered are the providers that
// Placement's candidates for the request take from. They matter without Nova's hypervisors only, by which equal providers are known.
func Read(
	ctx context.Context, src collect.Source, r *candidates.Request, offered map[string]bool, more ...snapshot.Part,
) (*snapshot.Snapshot, []candidates.Provider, error) {
	parts := append(candidates.Parts(), more...)
	spare := !slices.Contains(more, snapshot.Hypervisors)
	if spare {
		parts = slices.DeleteFunc(parts, func(p snapshot.Part) bool { return p == snapshot.Inventories })
	}
	s := collect.Read(ctx, src, parts)
	holders, err := holders(ctx, src, r)
	if err != nil {
		return nil, nil, err
	}
	if spare {
		inventories(ctx, src, s, offered, holders[candidates.Sharing])
	}
	members, err := members(ctx, src, r, holders[candidates.Sharing])
	if err != nil {
		return nil, nil, err
	}
	providers, err := candidates.FromSnapshot(s, holders, members)
	return s, providers, err
}

// inventories reads those of all providers but of the ones that need not be read.
func inventories(ctx context.Context, src collect.Source, s *snapshot.Snapshot, offered map[string]bool, sharing []string) {
	if !s.Has(snapshot.Providers) || !s.Has(snapshot.Capacities) {
		return // FromSnapshot says why
	}
	asked, told := parted(s, src.Exact, offered, sharing)
	collect.Inventories(ctx, src, s, asked)
	if !s.Has(snapshot.Inventories) {
		return
	}
	for _, uuid := range told {
		s.InventoryMap[uuid] = whole(s.CapacityMap[uuid])
	}
}

// parted parts the providers into those whose inventories have to be read, and those of which Placement has said enough. These are, in
// a cloud of more than exact providers, a whole tree that Placement offers, of which the capacities were read. Who shares with other trees
// may be offered with one of them, and too small for another.
func parted(s *snapshot.Snapshot, exact int, offered map[string]bool, sharing []string) (asked, told []string) {
	sizes := map[string]int{}
	for _, p := range s.Providers() {
		sizes[p.RootUUID]++
	}
	large := len(s.Providers()) > exact
	for _, p := range s.Providers() {
		_, known := s.CapacityMap[p.UUID]
		if large && known && offered[p.UUID] && sizes[p.RootUUID] == 1 && !slices.Contains(sharing, p.UUID) {
			told = append(told, p.UUID)
		} else {
			asked = append(asked, p.UUID)
		}
	}
	return asked, told
}

// whole are inventories that give each class up to its capacity at once.
func whole(capacities map[string]int) map[string]openstack.Inventory {
	out := map[string]openstack.Inventory{}
	for class, n := range capacities {
		out[class] = openstack.Inventory{Total: n, MinUnit: 1, MaxUnit: n, StepSize: 1, AllocationRatio: 1}
	}
	return out
}

// holders reads who has the traits that the request names, and who shares: one request a trait.
func holders(ctx context.Context, src collect.Source, r *candidates.Request) (map[string][]string, error) {
	names := append(r.Traits(), candidates.Sharing, candidates.Disabled, snapshot.TraitOneTimeUse)
	slices.Sort(names)
	known, err := src.Placement.KnownTraits(ctx, slices.Compact(names))
	if err != nil {
		return nil, err
	}
	return each(ctx, src, "required", known)
}

// members reads who is in the aggregates that the request names, and in those of the providers that share.
func members(ctx context.Context, src collect.Source, r *candidates.Request, sharing []string) (map[string][]string, error) {
	aggregates := r.Aggregates()
	for _, uuid := range sharing {
		in, err := src.Placement.Aggregates(ctx, uuid)
		if err != nil {
			return nil, err
		}
		aggregates = append(aggregates, in...)
	}
	slices.Sort(aggregates)
	return each(ctx, src, "member_of", slices.Compact(aggregates))
}

// each lists the providers that a filter finds by each of the names.
func each(ctx context.Context, src collect.Source, filter string, names []string) (map[string][]string, error) {
	out := map[string][]string{}
	for _, name := range names {
		list, err := src.Placement.Providers(ctx, url.Values{filter: {name}})
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			out[name] = append(out[name], p.UUID)
		}
	}
	return out, nil
}
