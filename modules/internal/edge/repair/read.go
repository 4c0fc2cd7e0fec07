// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
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
	for _, one := range c.After.Names {
		known, err := w.knows(ctx, c.Op, one.Name)
		if err != nil {
			return now, err
		}
		now.Names = append(now.Names, repair.Name{Name: one.Name, Absent: !known})
	}
	return now, nil
}

// knows reports whether there is such a trait or resource class.
func (w *Writer) knows(ctx context.Context, op repair.Op, name string) (bool, error) {
	if op == repair.CreateTrait || op == repair.DeleteTrait {
		found, err := w.Placement.KnownTraits(ctx, []string{name})
		return slices.Contains(found, name), err
	}
	all, err := w.Placement.Classes(ctx)
	return slices.Contains(all, name), err
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

// readings is how often a provider is read that another client writes meanwhile.
const readings = 5

// ReadProvider reads a provider, and of it what the other tells of. That takes several requests: all of it is of one generation, so that a
// write that arrives meanwhile is in all of it or in none. One that each of several readings finds changed is an error.
func ReadProvider(ctx context.Context, p Placement, like repair.Provider) (repair.Provider, error) {
	for range readings {
		out, whole, err := readOnce(ctx, p, like)
		if err != nil || whole {
			return out, err
		}
	}
	return repair.Provider{}, fmt.Errorf("resource provider %s was written by another client during each of %d readings", like.UUID, readings)
}

// readOnce also reports whether what it has read is of one moment.
func readOnce(ctx context.Context, p Placement, like repair.Provider) (out repair.Provider, whole bool, err error) {
	have, err := p.Provider(ctx, like.UUID)
	if errors.Is(err, cloud.ErrNotFound) {
		return repair.Provider{UUID: like.UUID, Name: like.Name, Parent: like.Parent, Absent: true}, true, nil
	}
	if err != nil {
		return repair.Provider{}, false, err
	}
	out = repair.Provider{UUID: have.UUID, Name: have.Name, Parent: have.ParentUUID, Generation: have.Generation}
	if err := readParts(ctx, p, like, &out); err != nil || !out.Counted() {
		return out, true, err
	}
	again, err := p.Provider(ctx, like.UUID)
	if errors.Is(err, cloud.ErrNotFound) {
		return out, false, nil
	}
	return out, again == have, err
}

// readParts reads of a provider what the other tells of.
func readParts(ctx context.Context, p Placement, like repair.Provider, out *repair.Provider) (err error) {
	if like.Inventories != nil {
		if out.Inventories, err = p.Offered(ctx, like.UUID); err != nil {
			return err
		}
	}
	if like.Traits != nil {
		if out.Traits, err = sorted(p.Traits(ctx, like.UUID)); err != nil {
			return err
		}
	}
	if like.Aggregates != nil {
		out.Aggregates, err = sorted(p.Aggregates(ctx, like.UUID))
	}
	return err
}

// ReadWhole reads all of a provider. One that is not there is absent.
func ReadWhole(ctx context.Context, p Placement, uuid string) (repair.Provider, error) {
	return ReadProvider(ctx, p, repair.Provider{
		UUID: uuid, Inventories: map[string]openstack.Inventory{}, Traits: []string{}, Aggregates: []string{},
	})
}

// Room tells what a provider offers, and how much of it is used.
type Room interface {
	Offered(ctx context.Context, uuid string) (map[string]openstack.Inventory, error)
	Used(ctx context.Context, uuid string) (map[string]int, error)
}

// Misfits says why Placement would refuse what a change asks for, one sentence each, before it is sent: a write of a consumer that
// fails may leave a record of it that nobody sees, and then each later write as of a new one is refused. called names a provider.
func Misfits(ctx context.Context, room Room, c repair.Change, called func(uuid string) string) ([]string, error) {
	var all []string
	for _, uuid := range slices.Sorted(maps.Keys(c.Growth())) {
		offered, err := room.Offered(ctx, uuid)
		if err != nil {
			return nil, err
		}
		used, err := room.Used(ctx, uuid)
		if err != nil {
			return nil, err
		}
		for _, why := range c.Misfits(uuid, offered, used) {
			all = append(all, "resource provider "+called(uuid)+" "+why)
		}
	}
	return all, nil
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
	for i, was := range before.Names {
		if now.Names[i] != was {
			return fmt.Sprintf("whether %s exists has changed since it was judged", was.Name)
		}
	}
	return ""
}
