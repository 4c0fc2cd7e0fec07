// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// read reads what a change is about, in its order.
func (w *Writer) read(ctx context.Context, c repair.Change) (repair.State, error) {
	var now repair.State
	for _, one := range c.After.Consumers {
		consumer, err := ReadConsumer(ctx, w.Placement, one.UUID)
		if err != nil {
			return now, err
		}
		now.Consumers = append(now.Consumers, consumer)
	}
	for i, one := range c.After.Providers {
		like := one
		if one.Absent {
			like = c.Before.Providers[i]
		}
		provider, err := ReadProvider(ctx, w.Placement, like)
		if err != nil {
			return now, err
		}
		now.Providers = append(now.Providers, provider)
	}
	return now, nil
}

// ReadConsumer reads what a consumer holds.
func ReadConsumer(ctx context.Context, p Placement, uuid string) (repair.Consumer, error) {
	c, err := p.Consumer(ctx, uuid)
	if err != nil {
		return repair.Consumer{}, err
	}
	return consumerOf(c), nil
}

func consumerOf(c placement.Consumer) repair.Consumer {
	out := repair.Consumer{UUID: c.UUID, ProjectID: c.ProjectID, UserID: c.UserID, Type: c.Type, Held: repair.Of(c.Allocations)}
	if len(c.Allocations) > 0 {
		out.Generation = &c.Generation
	}
	return out
}

// ReadProvider reads a provider, and of it what the other tells of.
func ReadProvider(ctx context.Context, p Placement, like repair.Provider) (repair.Provider, error) {
	have, err := p.Provider(ctx, like.UUID)
	if errors.Is(err, cloud.ErrNotFound) {
		return repair.Provider{UUID: like.UUID, Name: like.Name, Parent: like.Parent, Absent: true}, nil
	}
	if err != nil {
		return repair.Provider{}, err
	}
	out := repair.Provider{UUID: have.UUID, Name: have.Name, Parent: have.ParentUUID, Generation: have.Generation}
	if like.Inventories != nil {
		if out.Inventories, err = p.Offered(ctx, like.UUID); err != nil {
			return out, err
		}
	}
	if like.Traits != nil {
		if out.Traits, err = sorted(p.Traits(ctx, like.UUID)); err != nil {
			return out, err
		}
	}
	if like.Aggregates != nil {
		if out.Aggregates, err = sorted(p.Aggregates(ctx, like.UUID)); err != nil {
			return out, err
		}
	}
	return out, nil
}

func sorted(list []string, err error) ([]string, error) {
	out := append([]string{}, list...)
	slices.Sort(out)
	return out, err
}

// changed says what is no longer as it was judged; empty if all is.
func changed(before, now repair.State) string {
	for i, was := range before.Consumers {
		if is := now.Consumers[i]; !is.Same(was) || !is.Unmoved(was) {
			return fmt.Sprintf("what consumer %s holds has changed since it was judged", was.UUID)
		}
	}
	for i, was := range before.Providers {
		is := now.Providers[i]
		if !is.Same(was) || was.Counted() && is.Generation != was.Generation {
			return fmt.Sprintf("resource provider %s (%s) has changed since it was judged", was.Name, was.UUID)
		}
	}
	return ""
}
