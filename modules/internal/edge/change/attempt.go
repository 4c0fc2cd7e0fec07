// SPDX-License-Identifier: Apache-2.0

package change

import (
	"context"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

func (a *attempt) run(ctx context.Context) (written bool, err error) {
	for try := 0; ; try++ {
		if written, err := a.settle(); written || err != nil {
			return written, err
		}
		if a.open == nil && !a.view.Plan.Changes() {
			return false, nil
		}
		if err := a.denied(); err != nil && a.open == nil {
			return false, err
		}
		written, err := a.put(ctx)
		if written || a.open == nil {
			return written, err
		}
		if err := a.again(ctx, try, err); err != nil {
			return false, err
		}
	}
}

// attempt is one provider on its way to what is wanted.
type attempt struct {
	*Writer
	target Target
	view   *View
	open   *Entry // an intended write whose end is not known yet
	sent   *Plan  // what it was to make real
	lost   bool   // an answer to it was lost: it may have been applied
	doubt  bool   // whether this write, or one before it, was applied is unknown
}

// settle tells from the view what became of the open write, and says so in the journal once it can't be applied any more.
func (a *attempt) settle() (written bool, err error) {
	if a.open == nil {
		return false, nil
	}
	mark := Settled(*a.open, a.view.Generation, a.view.Plan.Before)
	done := mark == Written || mark == Unknown && !a.view.Plan.Changes() && !same(a.view.Plan.Before, a.open.Before)
	if a.lost && done {
		a.view.Plan = a.since() // the view shows it done, and with nothing left to do
		return true, a.end(mark, a.view.Generation, nil)
	}
	if a.view.Generation == a.open.Generation {
		return false, nil // it still may be: the server may be at it, so it is sent again, bound to the same generation
	}
	if !a.lost {
		mark = NotWritten
	}
	return false, a.end(mark, a.view.Generation, nil)
}

// since is the plan that was sent, with what is there now: somebody may have written over it, and left what was wanted.
func (a *attempt) since() *Plan {
	p := *a.sent
	p.After = a.view.Plan.Before
	return &p
}

// denied says why the plan of the view can't be written.
func (a *attempt) denied() error {
	p := a.view.Plan
	switch {
	case len(p.Refused) > 0:
		return &RefusedError{a.target.Name, a.target.UUID, p.Refused}
	case len(p.Faults) > 0:
		f := p.Faults[0]
		return fmt.Errorf("resource provider %s (%s) %w: %s of %s %s", a.target.Name, a.target.UUID, ErrFaulty, f.Field, f.Class, f.Reason)
	}
	return nil
}

// put sends the plan, after its journal entry is on disk. What is open already is sent again as it was: it is bound to a
// generation for which it was judged, and the journal has it like that.
func (a *attempt) put(ctx context.Context) (written bool, err error) {
	if a.open == nil {
		v := a.view
		entry := Entry{
			Op: a.target.Op, Provider: a.target.UUID, Name: a.target.Name,
			Generation: v.Generation, Modified: v.Modified, State: Intended, Before: v.Plan.Before, After: v.Plan.After,
		}
		if err := a.Journal.Add(entry); err != nil {
			return false, err
		}
		a.open, a.sent, a.lost = &entry, v.Plan, false
	}
	generation, err := a.Placement.PutInventories(ctx, a.target.UUID, a.open.Generation, a.open.After)
	switch {
	case err == nil:
		a.view.Trace, a.view.Plan = Trace{Generation: generation}, a.sent
		return true, a.end(Written, generation, nil)
	case placement.Unsettled(err):
		a.lost = true
	case !placement.Raced(err) && !a.lost: // after a lost answer, only reading tells
		return false, several.Join(err, a.end(NotWritten, a.open.Generation, err))
	}
	return false, err
}

// again waits and looks again. Where reading fails too, it goes on trying as long as the context lasts: only reading
// settles what became of the write.
func (a *attempt) again(ctx context.Context, try int, cause error) error {
	for ; ; try++ {
		if err := a.pause(ctx, try); err != nil {
			return a.giveUp(fmt.Errorf("%w; %w", cause, err))
		}
		view, err := a.Look(ctx, a.target)
		if err == nil {
			a.view = view
			return nil
		}
		if !placement.Unsettled(err) && ctx.Err() == nil {
			return a.giveUp(fmt.Errorf("%w; %w", cause, err))
		}
	}
}

// giveUp ends an attempt whose end is unknown, unless every answer to it was a refusal.
func (a *attempt) giveUp(cause error) error {
	if !a.lost {
		return several.Join(cause, a.end(NotWritten, a.open.Generation, cause))
	}
	return several.Join(fmt.Errorf("%w: resource provider %s (%s): %w", ErrUnsettled, a.target.Name, a.target.UUID, cause),
		a.end(Unknown, a.open.Generation, cause))
}

// end says in the journal how the open write ended.
func (a *attempt) end(mark Mark, generation int, cause error) error {
	e := *a.open
	e.State, e.Generation, e.Modified, e.Before, e.After = mark, generation, time.Time{}, nil, nil
	if cause != nil {
		e.Reason = cause.Error()
	}
	a.open, a.doubt = nil, a.doubt || mark == Unknown
	return a.Journal.Add(e)
}
