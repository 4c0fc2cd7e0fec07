// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

func (l *looker) readProviders(ctx context.Context, uuids []string) {
	if len(uuids) == 0 {
		return
	}
	l.look.Providers = map[string]*snapshot.ProviderLook{}
	all, err := eachBut(ctx, l.Concurrency, bearable(len(uuids)), uuids, l.readProvider)
	if err = cmp.Or(err, first(all.failed)); err != nil {
		l.look.Unseen = err.Error()
	}
	for uuid, p := range all.found {
		l.look.Providers[uuid] = &p
	}
	for _, uuid := range all.gone {
		l.look.Providers[uuid] = nil
	}
}

// readProvider reads a provider again, as much of it as the first look has. It is there or it is not: if it answers and
// what belongs to it answers 404, something between us and Placement does.
func (l *looker) readProvider(ctx context.Context, uuid string) (snapshot.ProviderLook, error) {
	var p snapshot.ProviderLook
	var err error
	if p.Provider, err = l.Placement.Provider(ctx, uuid); err == nil {
		err = l.readBelongings(ctx, uuid, &p)
	}
	if errors.Is(err, cloud.ErrNotFound) {
		_, err = l.whyMissing(ctx, uuid)
	}
	return p, err
}

// readBelongings reads the usages last: if they grow in between, the provider still gets the inventories of before.
func (l *looker) readBelongings(ctx context.Context, uuid string, p *snapshot.ProviderLook) error {
	var err error
	if p.Inventories, err = l.Placement.Offered(ctx, uuid); err != nil {
		return err
	}
	if l.hasRead(snapshot.Traits) {
		if p.Traits, err = l.Placement.Traits(ctx, uuid); err != nil {
			return err
		}
		p.Traits = slices.DeleteFunc(p.Traits, func(t string) bool { return !slices.Contains(snapshot.KnownTraits(), t) })
	}
	if l.hasRead(snapshot.Memberships) {
		if p.Aggregates, err = l.Placement.Aggregates(ctx, uuid); err != nil {
			return err
		}
	}
	return l.readUse(ctx, uuid, p)
}

// readUse reads the allocations and then the usages, of one generation if there are to be allocations at all. Usages
// can't grow without a new generation; they may shrink.
func (l *looker) readUse(ctx context.Context, uuid string, p *snapshot.ProviderLook) error {
	const tries = 5
	for range tries {
		generation := -1
		if l.hasRead(snapshot.Allocations) {
			held, err := l.Placement.Allocations(ctx, uuid)
			if err != nil {
				return err
			}
			generation, p.Allocations = held.Generation, held.Allocations
		}
		used, err := l.Placement.Usages(ctx, uuid)
		if err != nil {
			return err
		}
		p.Usages = used.ByClass
		if generation < 0 || generation == used.Generation {
			return nil
		}
	}
	return fmt.Errorf("resource provider %s (%s) changes faster than it can be read", p.Provider.Name, uuid)
}
