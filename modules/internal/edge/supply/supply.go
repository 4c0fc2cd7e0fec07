// SPDX-License-Identifier: Apache-2.0

// Package supply reads what decides where a request of resources can land: providers with inventories and usages, and of traits and
// aggregates those that the request names. It takes few requests, however many providers there are.
package supply

import (
	"context"
	"net/url"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
)

// Read reads the providers for a request, and the wanted parts of Nova as far as these can be read.
func Read(ctx context.Context, src collect.Source, r *candidates.Request, more ...snapshot.Part) (*snapshot.Snapshot, []candidates.Provider, error) {
	s := collect.Read(ctx, src, append(candidates.Parts(), more...))
	holders, err := holders(ctx, src, r)
	if err != nil {
		return nil, nil, err
	}
	members, err := members(ctx, src, r, holders[candidates.Sharing])
	if err != nil {
		return nil, nil, err
	}
	providers, err := candidates.FromSnapshot(s, holders, members)
	return s, providers, err
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
