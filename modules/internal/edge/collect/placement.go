// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"maps"
	"net/url"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

func (r *reader) readPlacement(ctx context.Context, parts []snapshot.Part) {
	if !slices.Contains(parts, snapshot.Providers) {
		return
	}
	if slices.Contains(parts, snapshot.Customs) {
		r.readCustoms(ctx)
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
		case snapshot.Usages, snapshot.Capacities:
			if _, done := r.s.Parts[p]; !done { // both are read in one go
				r.readStock(ctx, parts)
			}
		case snapshot.Allocations:
			if !r.Quick {
				r.settle(p, r.readAllocations(ctx))
			}
		case snapshot.Incomplete:
			if !r.Quick {
				r.settle(p, r.readIncomplete(ctx))
			}
		default:
		}
	}
}

// readDetails reads what takes fewer requests once Nova's lists are known.
func (r *reader) readDetails(ctx context.Context, parts []snapshot.Part) {
	if !r.s.Parts[snapshot.Providers].Read {
		return
	}
	if r.Quick && slices.Contains(parts, snapshot.Allocations) {
		r.settle(snapshot.Allocations, r.readQuickly(ctx))
	}
	if r.Quick && slices.Contains(parts, snapshot.Incomplete) {
		r.settle(snapshot.Incomplete, r.readIncomplete(ctx))
	}
	if slices.Contains(parts, snapshot.Memberships) {
		r.settle(snapshot.Memberships, r.readMemberships(ctx))
	}
	switch {
	case !slices.Contains(parts, snapshot.Inventories):
	case !r.usable(snapshot.Capacities):
		r.s.MarkFailed(snapshot.Inventories, r.s.Parts[snapshot.Capacities].Reason)
	default:
		r.settle(snapshot.Inventories, r.readInventories(ctx))
	}
}

// withoutProviders fails what is read provider by provider: there is nobody to ask about.
func (r *reader) withoutProviders(parts []snapshot.Part, err error) {
	for _, p := range ofPlacement() {
		if slices.Contains(parts, p) {
			r.s.MarkFailed(p, err.Error())
		}
	}
}

func ofPlacement() []snapshot.Part {
	return []snapshot.Part{
		snapshot.Traits, snapshot.Usages, snapshot.Capacities, snapshot.Allocations, snapshot.Incomplete, snapshot.Memberships,
		snapshot.Inventories,
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
	known, err := r.Placement.KnownTraits(ctx, snapshot.KnownTraits())
	if err != nil {
		return err
	}
	for _, trait := range known {
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

// readAllocations reads what is held on each provider of which something is used, or may be. If the usages could not be
// read, every provider is asked.
func (r *reader) readAllocations(ctx context.Context) error {
	uuids := r.uuids()
	if r.usable(snapshot.Usages) {
		uuids = slices.DeleteFunc(uuids, func(uuid string) bool { return !r.mayHold(uuid) })
	}
	var byProvider map[string]placement.Held
	err := perProvider(ctx, r, uuids, r.allocations(), &byProvider)
	if fatal(err) {
		return err
	}
	r.s.AllocationList = []openstack.Allocation{}
	for _, uuid := range uuids {
		r.s.AllocationList = append(r.s.AllocationList, byProvider[uuid].Allocations...)
	}
	return err
}

// mayHold reports whether a provider may be held. Placement counts usages by inventory: a provider without any shows none,
// whatever is held on it.
func (r *reader) mayHold(uuid string) bool {
	used := r.s.UsageMap[uuid]
	return len(used) == 0 || snapshot.InUse(used)
}

// counted tells how many of the single reads are done.
func counted[T any](r *reader, more int, read func(context.Context, string) (T, error)) func(context.Context, string) (T, error) {
	if r.Progress == nil {
		return read
	}
	r.total.Add(int64(more))
	return func(ctx context.Context, uuid string) (T, error) {
		value, err := read(ctx, uuid)
		r.Progress("reading Placement, request", int(r.done.Add(1)), int(r.total.Load()))
		return value, err
	}
}

// perProvider reads one thing of each provider into target and drops the providers that were deleted meanwhile. If some can't be
// read, its error is inPart.
func perProvider[T any](ctx context.Context, r *reader, uuids []string,
	read func(context.Context, string) (T, error), target *map[string]T,
) error {
	all, err := eachBut(ctx, r.Concurrency, bearable(len(uuids)), uuids, counted(r, len(uuids), read))
	if err != nil {
		return err
	}
	missing, err := eachBut(ctx, r.Concurrency, bearable(len(uuids)), all.gone, r.whyMissing)
	if err != nil {
		return err
	}
	maps.Copy(all.failed, missing.failed)
	if err := all.none(len(uuids)); err != nil {
		return err
	}
	*target = all.found
	if len(missing.gone) > 0 {
		r.s.ProviderList = slices.DeleteFunc(r.s.ProviderList, func(p openstack.Provider) bool {
			return slices.Contains(missing.gone, p.UUID)
		})
		r.s.Reindex()
	}
	return r.blindTo(all.failed)
}
