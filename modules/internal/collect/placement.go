// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

func (r *reader) readPlacement(ctx context.Context, parts []snapshot.Part) {
	if !slices.Contains(parts, snapshot.Providers) {
		return
	}
	providers, err := r.Placement.Providers(ctx, nil)
	if !r.settle(snapshot.Providers, err) {
		r.withoutProviders(parts, err)
		return
	}
	r.s.ProviderList = providers
	for _, p := range parts {
		switch p {
		case snapshot.Traits:
			r.settle(p, r.readTraits(ctx))
		case snapshot.Inventories:
			r.settle(p, perProvider(ctx, r, r.uuids(), r.Placement.Inventories, &r.s.InventoryMap))
		case snapshot.Usages:
			r.settle(p, perProvider(ctx, r, r.uuids(), r.Placement.Usages, &r.s.UsageMap))
		case snapshot.Allocations:
			r.settle(p, r.readAllocations(ctx))
		default:
		}
	}
}

// withoutProviders fails what is read provider by provider: there is nobody to ask about.
func (r *reader) withoutProviders(parts []snapshot.Part, err error) {
	for _, p := range []snapshot.Part{
		snapshot.Traits, snapshot.Inventories, snapshot.Usages, snapshot.Allocations,
	} {
		if slices.Contains(parts, p) {
			r.s.MarkFailed(p, err.Error())
		}
	}
}

func (r *reader) uuids() []string {
	out := make([]string, 0, len(r.s.ProviderList))
	for _, p := range r.s.ProviderList {
		out = append(out, p.UUID)
	}
	return out
}

// readTraits asks for the holders of each known trait: one request a trait instead of one a provider.
func (r *reader) readTraits(ctx context.Context) error {
	holders := map[string][]string{}
	for _, trait := range snapshot.KnownTraits() {
		list, err := r.Placement.Providers(ctx, url.Values{"required": {trait}})
		if err != nil {
			return err
		}
		holders[trait] = []string{}
		for _, p := range list {
			holders[trait] = append(holders[trait], p.UUID)
		}
	}
	r.s.TraitHolders = holders
	return nil
}

// readAllocations reads what is held on each provider of which something is used. If the usages could not be read,
// every provider is asked.
func (r *reader) readAllocations(ctx context.Context) error {
	uuids := r.uuids()
	if r.s.Parts[snapshot.Usages].Read {
		uuids = slices.DeleteFunc(uuids, func(uuid string) bool { return !snapshot.InUse(r.s.UsageMap[uuid]) })
	}
	var byProvider map[string][]snapshot.Allocation
	if err := perProvider(ctx, r, uuids, r.Placement.Allocations, &byProvider); err != nil {
		return err
	}
	r.s.AllocationList = []snapshot.Allocation{}
	for _, uuid := range uuids {
		r.s.AllocationList = append(r.s.AllocationList, byProvider[uuid]...)
	}
	return nil
}

// perProvider reads one thing of each provider into target and drops the providers that were deleted meanwhile.
func perProvider[T any](ctx context.Context, r *reader, uuids []string,
	read func(context.Context, string) (T, error), target *map[string]T,
) error {
	found, gone, err := each(ctx, r.Concurrency, uuids, read)
	if err != nil {
		return err
	}
	if err := r.reallyGone(ctx, gone); err != nil {
		return err
	}
	*target = found
	r.s.ProviderList = slices.DeleteFunc(r.s.ProviderList, func(p snapshot.Provider) bool {
		return slices.Contains(gone, p.UUID)
	})
	return nil
}

// reallyGone makes sure that the providers of which a part answered 404 were deleted. A part of a provider that exists
// never answers 404: then something between us and Placement does, and nothing was read.
func (r *reader) reallyGone(ctx context.Context, uuids []string) error {
	there, _, err := each(ctx, r.Concurrency, uuids, r.Placement.Provider)
	if err != nil {
		return err
	}
	for _, p := range there {
		return partMissing(p)
	}
	return nil
}

func partMissing(p snapshot.Provider) error {
	return fmt.Errorf("resource provider %s (%s) exists, but what belongs to it answers 404", p.Name, p.UUID)
}
