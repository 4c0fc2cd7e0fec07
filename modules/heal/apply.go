// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// apply does the plan, and looks at what it did.
func (t *task) apply(ctx context.Context) error {
	if !slices.ContainsFunc(t.plan.Steps, heal.Step.Writes) {
		return nil
	}
	lock, err := edge.Lock(t.journal, t.plan.Cloud, t.call.Now)
	if err != nil {
		why := "must be a file in a directory where a lock can be kept: nothing is changed without it (%v)"
		if errors.Is(err, edge.ErrBusy) {
			why = "must not be in use by another repair of this cloud (%v)"
		}
		return &ansible.OptionError{Option: "journal", Value: t.journal, Reason: fmt.Sprintf(why, err)}
	}
	defer lock.Close()
	writer, err := t.clients.Writer(ctx, t.call)
	if err != nil {
		return err
	}
	if err := t.clients.OpenJournal(t.call, writer, t.journal); err != nil {
		return err
	}
	t.run, t.written = writer.Journal.Run(), map[int]int{}
	a := &applier{task: t, writer: writer, touched: map[string]bool{}, wait: time.Duration(t.o.Wait) * time.Second}
	for i := range t.plan.Steps {
		t.call.Progress(fmt.Sprintf("repairing, step %d of %d", i+1, len(t.plan.Steps)), 0, 0)
		a.step(ctx, &t.plan.Steps[i])
	}
	err = writer.Journal.Close()
	if a.wrote {
		err = several.Join(err, t.prove(ctx))
	}
	return err
}

// journalled says in check mode why the journal could not be opened; nil if it could, or if nothing would be written.
func (t *task) journalled() error {
	if !slices.ContainsFunc(t.plan.Steps, heal.Step.Writes) {
		return nil
	}
	return t.clients.OpenJournal(t.call, nil, t.journal)
}

// applier does steps.
type applier struct {
	*task

	writer  *edge.Writer
	touched map[string]bool // providers that this run has written, or that came to be during it
	wait    time.Duration   // what is left of it
	wrote   bool
}

// step does one step, unless one that it needs is not done.
func (a *applier) step(ctx context.Context, s *heal.Step) {
	if !s.Writes() {
		return
	}
	for _, n := range s.Needs {
		if before := a.plan.Steps[n-1]; before.State != heal.Done && before.State != heal.Unchanged {
			s.State, s.Reason = heal.NotTried, fmt.Sprintf("step %d is %s", n, before.State)
			return
		}
	}
	s.State = heal.Unchanged
	for i := range s.Changes {
		out := a.change(ctx, s.Changes[i])
		a.wrote = a.wrote || out.End == edge.Done || out.End == edge.Unknown
		if out.End == edge.Done {
			s.State = heal.Done
			a.written[s.Number]++
		}
		if err := out.Err(); err != nil {
			s.Reason = err.Error()
		}
		if out.End != edge.Done && out.End != edge.Unchanged {
			s.State = heal.State(out.End)
			s.Reason = partly(a.written[s.Number], len(s.Changes)) + s.Reason
			return
		}
	}
}

// partly says how much of a step was written before it ended; nothing if that is nothing.
func partly(written, all int) string {
	if written == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d changes are written, then: ", written, all)
}

// change makes one change, judged anew.
func (a *applier) change(ctx context.Context, c repair.Change) edge.Outcome {
	switch missing, err := a.await(ctx, c.Guards); {
	case err != nil:
		return edge.Outcome{End: edge.Failed, Reason: err.Error()}
	case missing != "":
		return edge.Outcome{End: edge.Skipped, Reason: missing}
	}
	if err := a.rebase(ctx, &c); err != nil {
		return edge.Outcome{End: edge.Failed, Reason: err.Error()}
	}
	if out := a.fits(ctx, c); out.End != "" {
		return out
	}
	out := a.writer.Do(ctx, c, "")
	if out.End == edge.Done {
		for _, uuid := range c.Moves() {
			a.touched[uuid] = true
		}
	}
	return out
}

// fits has no end unless Placement would refuse what the change asks for, or nothing is to be written at all.
func (a *applier) fits(ctx context.Context, c repair.Change) edge.Outcome {
	if len(c.Growth()) == 0 {
		return edge.Outcome{}
	}
	out, err := a.writer.Judge(ctx, c)
	switch {
	case err != nil:
		return edge.Outcome{End: edge.Failed, Reason: err.Error()}
	case out.End != "":
		return out
	}
	misfits, err := edge.Misfits(ctx, a.clients.Placement, c, func(uuid string) string { return uuid })
	switch {
	case err != nil:
		return edge.Outcome{End: edge.Failed, Reason: err.Error()}
	case len(misfits) > 0:
		return edge.Outcome{End: edge.Skipped, Reason: strings.Join(misfits, "; ")}
	}
	return edge.Outcome{}
}

// rebase takes over the generation that providers have now, where the plan can't know it: of those that this run has written or
// that came to be, and of those to delete, from which allocations were taken since. All that the plan knows of them has to be
// as it was.
func (a *applier) rebase(ctx context.Context, c *repair.Change) error {
	c.Before.Providers = slices.Clone(c.Before.Providers)
	for i, was := range c.Before.Providers {
		if !a.touched[was.UUID] && was.Generation != heal.AnyGeneration && c.Op != repair.DeleteProvider {
			continue
		}
		now, err := edge.ReadProvider(ctx, a.writer.Placement, was)
		if err != nil {
			return err
		}
		if now.Same(was) {
			c.Before.Providers[i].Generation = now.Generation
		}
	}
	return nil
}

// refused says that steps were skipped before anything was written; nil unless nothing at all was left to do.
func (t *task) refused() error {
	for _, s := range t.plan.Steps {
		if s.State == heal.Planned || s.State == heal.Done {
			return nil
		}
	}
	for _, s := range t.plan.Steps {
		if s.State == heal.Skipped && s.Destructive {
			return refusal(s.Reason)
		}
	}
	return nil
}

// failures tells all steps that went wrong.
func (t *task) failures() error {
	var all []error
	for _, s := range t.plan.Steps {
		switch s.State {
		case heal.Failed, heal.Unknown:
			all = append(all, fmt.Errorf("step %d (%s) is %s: %s", s.Number, s.Finding, s.State, s.Reason))
		case heal.Done:
			if s.Reason != "" {
				all = append(all, fmt.Errorf("step %d (%s): %s", s.Number, s.Finding, s.Reason))
			}
		case heal.Planned, heal.Unchanged, heal.Skipped, heal.NotTried, heal.ByHand:
		}
	}
	return several.Join(all...)
}
