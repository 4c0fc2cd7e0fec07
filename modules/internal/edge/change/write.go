// SPDX-License-Identifier: Apache-2.0

package change

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// Placement is what the writer needs of a Placement.
type Placement interface {
	Usages(ctx context.Context, uuid string) (placement.Stock[int], error)
	Inventories(ctx context.Context, uuid string) (placement.Dated, error)
	PutInventories(ctx context.Context, uuid string, generation int, all map[string]openstack.Inventory) (int, error)
}

// Judgement says what is wanted of a provider that has these inventories and of which this much is used. It is asked again
// whenever the provider has changed.
type Judgement func(now Trace, before Inventories, used map[string]int) *Plan

// Target is one provider and what is wanted of it.
type Target struct {
	UUID, Name string
	Op         string // what the journal calls it
	Judge      Judgement
}

// View is a provider at one generation, with the plan for it.
type View struct {
	Trace

	Used map[string]int
	Plan *Plan
}

// Writer writes inventories.
type Writer struct {
	Placement Placement
	Journal   *Journal
	// Sleep waits between two tries; it ends early with the context's error.
	Sleep func(context.Context, time.Duration) error
}

// RefusedError says that the wish can't be granted any more. Nothing was written for this provider, unless the error is
// ErrUnsettled as well.
type RefusedError struct {
	Name, UUID string
	Refused    []Refusal
}

// Error names the provider; the refusals say the rest.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("resource provider %s (%s) has changed, and what is wanted would now be below its usage", e.Name, e.UUID)
}

// ErrFaulty says that the provider has changed, and that what is wanted would make no inventory any more that Placement
// takes. Nothing was written for this provider, unless the error is ErrUnsettled as well.
var ErrFaulty = errors.New("has changed, and the wanted values no longer make a valid inventory")

// ErrUnsettled says that it is unknown whether a write was applied, be it the last one or one before it.
var ErrUnsettled = errors.New("it is unknown whether a write was applied")

// Look reads a provider and judges it: the inventories, then the usages, both again until they have one generation.
// Placement reads the generation of an answer before its content (placement/handlers/inventory.py, usage.py), so either
// content may be newer. If the usages still come with the generation of the inventories, these were not written over while
// they were read. What the usages may be newer, by, makes the write fail that is bound to that generation.
func (w *Writer) Look(ctx context.Context, t Target) (*View, error) {
	for try := 0; ; try++ {
		have, err := w.Placement.Inventories(ctx, t.UUID)
		if err != nil {
			return nil, err
		}
		used, err := w.Placement.Usages(ctx, t.UUID)
		if err != nil {
			return nil, err
		}
		if used.Generation == have.Generation {
			now := Trace{used.Generation, have.Written}
			return &View{now, used.ByClass, t.Judge(now, have.ByClass, used.ByClass)}, nil
		}
		if err := w.pause(ctx, try); err != nil {
			return nil, fmt.Errorf("resource provider %s (%s) changes faster than it can be read: %w", t.Name, t.UUID, err)
		}
	}
}

// Write makes the plan of the view real, judging anew whenever the provider has changed, until it is written, refused or
// the context ends. It reports whether something was written by it, and returns the last view.
func (w *Writer) Write(ctx context.Context, t Target, v *View) (written bool, last *View, err error) {
	a := &attempt{Writer: w, target: t, view: v}
	written, err = a.run(ctx)
	if err != nil && !written && a.doubt && !errors.Is(err, ErrUnsettled) {
		err = fmt.Errorf("%w; and %w", err, ErrUnsettled)
	}
	return written, a.view, err
}

// The pause before a try is a random part of an interval that doubles: full jitter keeps writers that met once apart.
const (
	firstPause = 20 * time.Millisecond
	longPause  = 2 * time.Second
)

func (w *Writer) pause(ctx context.Context, try int) error {
	return w.Sleep(ctx, Pause(try))
}

// Pause is a random time to wait before a try, the longer the more there were before it.
func Pause(try int) time.Duration {
	return rand.N(min(firstPause<<min(try, 10), longPause)) + time.Millisecond //nolint:gosec // no secret depends on it
}

func same(a, b Inventories) bool { return maps.Equal(a, b) }
