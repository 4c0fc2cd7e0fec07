// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// task is one run of the module.
type task struct {
	call    *ansible.Call
	o       *Options
	clients *connection.Clients
	writer  *edge.Writer
	journal string // its path
	steps   []edge.Step
	undoing []*undoing // newest first
}

// undoing is one step on its way back.
type undoing struct {
	edge.Step

	back   repair.Change
	end    edge.End // empty: not tried, or planned
	reason string
}

// choose finds the steps that are to be undone, newest first.
func (t *task) choose(entries []change.Entry) error {
	mine := t.clients.Session.Cloud()
	t.steps = edge.Steps(entries, mine, t.o.Run)
	if len(t.steps) == 0 {
		return &ansible.OptionError{Option: "run", Value: t.o.Run, Reason: fmt.Sprintf("must be a run that %s has of the cloud %s", t.journal, mine)}
	}
	for _, wanted := range t.o.Steps {
		if !slices.ContainsFunc(t.steps, func(s edge.Step) bool { return s.Entry.Place == wanted }) {
			return &ansible.OptionError{Option: "steps", Value: strconv.Itoa(wanted), Reason: "must be steps of the run " + t.steps[0].Entry.Run}
		}
	}
	for _, s := range slices.Backward(t.steps) {
		if len(t.o.Steps) == 0 || slices.Contains(t.o.Steps, s.Entry.Place) {
			t.undoing = append(t.undoing, &undoing{Step: s})
		}
	}
	return nil
}

// run judges all steps before the first is undone: what can no longer be undone is told while nothing is changed.
func (t *task) run(ctx context.Context) (*Result, error) {
	if err := t.judge(ctx); err != nil {
		return t.result(), err
	}
	if !t.any() {
		return t.result(), nil
	}
	if err := t.clients.OpenJournal(t.call, t.writer, t.journal); err != nil {
		return nil, err
	}
	if t.call.CheckMode {
		r := t.result()
		r.ready = true
		return r, nil
	}
	err := t.undo(ctx)
	return t.result(), several.Join(err, t.writer.Journal.Close())
}

// any reports whether a step is left to undo.
func (t *task) any() bool {
	return slices.ContainsFunc(t.undoing, func(u *undoing) bool { return u.end == "" })
}

// judge tells of each step whether it can be undone. What a newer step is about as well is judged as its undoing leaves it.
func (t *task) judge(ctx context.Context) error {
	left := map[string]repair.State{}
	var faults []error
	for _, u := range t.undoing {
		if err := t.judgeOne(ctx, u, left); err != nil {
			return err
		}
		if u.end == edge.Skipped {
			faults = append(faults, fmt.Errorf("step %d (%s) can't be undone: %s", u.Entry.Place, u.Change.Op, u.reason))
		}
	}
	return several.Join(faults...)
}

// whole is what the undoing of later steps leaves of what a step is about; of its provider, if that was created again.
func whole(left map[string]repair.State, u *undoing) (repair.State, bool) {
	if after, seen := left[u.Key()]; seen {
		return after, true
	}
	after, seen := left[repair.CreateProvider.About()+" "+strings.Join(u.Change.After.Target(), " ")]
	return after, seen
}

func (t *task) judgeOne(ctx context.Context, u *undoing, left map[string]repair.State) error {
	switch {
	case u.Undone:
		u.end, u.reason = edge.Unchanged, "it is undone already"
		return nil
	case u.Mark == change.NotWritten:
		u.end, u.reason = edge.Unchanged, "it was never written"
		return nil
	}
	if u.Entry.Change == nil {
		if err := t.locate(ctx, u); err != nil {
			return err
		}
	}
	u.back = u.Change.Inverse(u.Left)
	why, err := t.taken(ctx, u.back, left)
	if why != "" || err != nil {
		u.end, u.reason = edge.Skipped, why
		return err
	}
	after, seen := whole(left, u)
	left[u.Key()] = u.back.After
	switch {
	case seen && !after.Same(u.Left):
		u.end, u.reason = edge.Skipped, "undoing a later step does not bring back the state that this step left"
	case !seen:
		out, err := t.writer.Judge(ctx, u.back)
		if u.end, u.reason = out.End, out.Reason; err != nil {
			return err
		}
	}
	if u.end != "" {
		return nil
	}
	if why, err = t.unfit(ctx, u.back, left); why != "" {
		u.end, u.reason = edge.Skipped, why
	}
	return err
}

// locate adds where the provider of an old entry, of inventories alone, is.
func (t *task) locate(ctx context.Context, u *undoing) error {
	p, err := edge.ReadProvider(ctx, t.clients.Placement, repair.Provider{UUID: u.Entry.Provider})
	if err != nil {
		return err
	}
	for _, s := range []repair.State{u.Change.Before, u.Change.After, u.Left} {
		s.Providers[0].Name, s.Providers[0].Parent = p.Name, p.Parent
	}
	return nil
}

// undo undoes the steps, until one fails.
func (t *task) undo(ctx context.Context) error {
	left, moved := map[string]repair.State{}, map[string]int{} // generations, by provider
	for i, u := range t.undoing {
		if u.end != "" {
			continue
		}
		t.call.Progress(fmt.Sprintf("undoing, step %d of %d", i+1, len(t.undoing)), 0, 0)
		if now, seen := left[u.Key()]; seen {
			u.back.Before = now
		}
		u.back.Before.Providers = slices.Clone(u.back.Before.Providers)
		for i, p := range u.back.Before.Providers {
			if generation, moved := moved[p.UUID]; moved {
				u.back.Before.Providers[i].Generation = generation
			}
		}
		out := t.writer.Do(ctx, u.back, u.Name())
		u.end, u.reason = out.End, out.Reason
		if err := out.Err(); err != nil {
			return fmt.Errorf("step %d (%s): %w", u.Entry.Place, u.Change.Op, err)
		}
		left[u.Key()], u.back.After = out.Left, out.Left
		for _, p := range out.Left.Providers {
			moved[p.UUID] = p.Generation
		}
	}
	return nil
}

// planned is the state of a step that check mode would undo.
const planned = "planned"

func (t *task) result() *Result {
	r := &Result{Run: t.steps[0].Entry.Run, Steps: []Step{}, Diff: []Diff{}, Requests: t.clients.Session.Requests()}
	counts := map[string]int{}
	for _, u := range t.undoing {
		s := Step{Step: u.Entry.Place, Op: u.Change.Op, Target: u.Change.After.Target(), Before: u.Left, After: u.back.After, State: string(u.end), Reason: u.reason}
		if u.end == "" {
			s.State = "not tried"
			if t.call.CheckMode {
				s.State = planned
			}
		}
		if s.State == planned || u.end == edge.Done {
			r.Changed = true
			header := fmt.Sprintf("step %d: %s", s.Step, s.Op)
			r.Diff = append(r.Diff, Diff{header, header, s.Before, s.After})
		}
		counts[s.State]++
		r.Steps = append(r.Steps, s)
	}
	if r.Changed && !t.call.CheckMode {
		r.Journal = t.journal
	}
	var words []string
	for _, state := range []string{"done", planned, "unchanged", "skipped", "failed", "unknown", "not tried"} {
		if counts[state] > 0 {
			words = append(words, fmt.Sprintf("%d %s", counts[state], state))
		}
	}
	r.Msg = fmt.Sprintf("undo of run %s: %s", r.Run, strings.Join(words, ", "))
	r.Text = r.Show(screen.InPlay())
	return r
}
