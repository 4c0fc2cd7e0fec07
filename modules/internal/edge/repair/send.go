// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// errPartly says that a provider was created, and not all that belongs on it could be written.
var errPartly = errors.New("it was created, but not all of it")

// send sends the requests of a change. The error of a change of several requests is errPartly once the first went through.
func (w *Writer) send(ctx context.Context, c repair.Change) error {
	switch c.Op {
	case repair.Allocations:
		return w.allocate(ctx, c)
	case repair.CreateProvider:
		return w.create(ctx, c.After.Providers[0])
	case repair.DeleteProvider:
		return w.Placement.DeleteProvider(ctx, c.Before.Providers[0].UUID)
	case repair.UpdateProvider, repair.Inventories, repair.Traits, repair.Aggregates:
		return w.update(ctx, c.Op, c.Before.Providers[0].Generation, c.After.Providers[0])
	case repair.CreateTrait, repair.DeleteTrait, repair.CreateClass, repair.DeleteClass:
		return w.name(ctx, c.Op, c.After.Names[0].Name)
	case repair.RenameClass:
		from, to := c.Renamed()
		return w.Placement.RenameClass(ctx, from, to)
	}
	return fmt.Errorf("no change is called %q", c.Op)
}

// name makes or deletes a trait or a resource class. Placement deletes none that is in use.
func (w *Writer) name(ctx context.Context, op repair.Op, name string) error {
	switch op {
	case repair.CreateTrait:
		return w.Placement.CreateTrait(ctx, name)
	case repair.DeleteTrait:
		return w.Placement.DeleteTrait(ctx, name)
	case repair.CreateClass:
		return w.Placement.CreateClass(ctx, name)
	default:
		return w.Placement.DeleteClass(ctx, name)
	}
}

func (w *Writer) update(ctx context.Context, op repair.Op, generation int, to repair.Provider) (err error) {
	switch op {
	case repair.UpdateProvider:
		_, err = w.Placement.UpdateProvider(ctx, to.UUID, to.Name, to.Parent)
	case repair.Inventories:
		_, err = w.Placement.PutInventories(ctx, to.UUID, generation, to.Inventories)
	case repair.Traits:
		_, err = w.Placement.PutTraits(ctx, to.UUID, generation, to.Traits)
	default:
		_, err = w.Placement.PutAggregates(ctx, to.UUID, generation, to.Aggregates)
	}
	return err
}

// allocate writes what consumers hold. One that Placement knows although it holds nothing (a PUT that failed left it) is written
// with generation 0.
func (w *Writer) allocate(ctx context.Context, c repair.Change) error {
	claims := make([]placement.Claim, len(c.After.Consumers))
	for i, to := range c.After.Consumers {
		from := c.Before.Consumers[i]
		claims[i] = placement.Claim{Consumer: to.UUID, ProjectID: to.ProjectID, UserID: to.UserID, Generation: from.Generation, Held: to.Held}
		if len(to.Held) == 0 {
			claims[i].ProjectID, claims[i].UserID, claims[i].Held = from.ProjectID, from.UserID, repair.Held{}
		}
	}
	err := w.claim(ctx, claims)
	if placement.Unoffered(err) && nobodys(c) {
		return w.Placement.DeleteAllocations(ctx, c.After.Consumers[0].UUID)
	}
	if !placement.Ghost(err) {
		return err
	}
	zero := 0
	for i := range claims {
		if claims[i].Generation == nil {
			claims[i].Generation = &zero
		}
	}
	return w.claim(ctx, claims)
}

// nobodys reports whether a change empties one consumer of which it was seen that it is no server and no move: nobody writes it,
// so that a deletion, which no generation guards, takes away nothing else.
func nobodys(c repair.Change) bool {
	if len(c.After.Consumers) != 1 || len(c.After.Consumers[0].Held) > 0 {
		return false
	}
	return slices.ContainsFunc(c.Guards, func(g repair.Guard) bool { return g.NoServer == c.After.Consumers[0].UUID })
}

func (w *Writer) claim(ctx context.Context, claims []placement.Claim) error {
	if len(claims) == 1 {
		return w.Placement.PutAllocations(ctx, claims[0])
	}
	return w.Placement.PostAllocations(ctx, claims)
}

// create makes a provider, and puts on it what belongs there.
func (w *Writer) create(ctx context.Context, to repair.Provider) error {
	made, err := w.Placement.CreateProvider(ctx, to.UUID, to.Name, to.Parent)
	if err != nil {
		return err
	}
	generation := made.Generation
	if len(to.Inventories) > 0 {
		if generation, err = w.Placement.PutInventories(ctx, to.UUID, generation, to.Inventories); err != nil {
			return fmt.Errorf("%w: %w", errPartly, err)
		}
	}
	if len(to.Traits) > 0 {
		if generation, err = w.Placement.PutTraits(ctx, to.UUID, generation, to.Traits); err != nil {
			return fmt.Errorf("%w: %w", errPartly, err)
		}
	}
	if len(to.Aggregates) > 0 {
		if _, err = w.Placement.PutAggregates(ctx, to.UUID, generation, to.Aggregates); err != nil {
			return fmt.Errorf("%w: %w", errPartly, err)
		}
	}
	return nil
}
