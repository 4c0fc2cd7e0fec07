// SPDX-License-Identifier: Apache-2.0

// Package tags gives resource providers their traits and aggregates: lists of names that Placement writes as a whole, guarded by
// the provider's generation. It makes and deletes traits and resource classes too, which are names by themselves.
package tags

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// The states that a wish has.
const (
	Present = "present" // these and what is there
	Exact   = "exact"   // these alone
	Absent  = "absent"  // what is there without these
)

// Task is what is wanted.
type Task struct {
	Call    *ansible.Call
	Clients *connection.Clients
	Journal string // its path

	Names     []repair.Change      // traits or resource classes to make or to delete, before all else
	Op        repair.Op            // repair.Traits or repair.Aggregates
	Providers []openstack.Provider // to whom to give them
	State     string
	Wanted    []string

	writer *edge.Writer
	jobs   []*job
	done   []repair.Change // of Names
}

// job is one provider of the task.
type job struct {
	before, after repair.Provider
	written       bool
}

// Run judges all providers, and then writes one after the other. In check mode it only judges.
func (t *Task) Run(ctx context.Context) (*Result, error) {
	t.writer = &edge.Writer{Placement: t.Clients.Placement, Sleep: t.Call.Sleep}
	if err := t.judge(ctx); err != nil {
		return nil, err
	}
	if len(t.Names) == 0 && !slices.ContainsFunc(t.jobs, t.changes) {
		return t.result(), nil
	}
	if err := t.Clients.OpenJournal(t.Call, t.writer, t.Journal); err != nil {
		return nil, err
	}
	if t.Call.CheckMode {
		return t.result(), nil
	}
	err := t.write(ctx)
	return t.result(), several.Join(err, t.writer.Journal.Close())
}

// judge reads all providers, and says what each is to have.
func (t *Task) judge(ctx context.Context) error {
	t.jobs = make([]*job, len(t.Providers))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(t.Clients.Session.Concurrency())
	for i, p := range t.Providers {
		t.jobs[i] = &job{}
		group.Go(func() error { return t.look(ctx, t.jobs[i], p.UUID) })
	}
	return group.Wait()
}

// look reads one provider.
func (t *Task) look(ctx context.Context, j *job, uuid string) error {
	like := repair.Provider{UUID: uuid}
	*t.of(&like) = []string{}
	now, err := edge.ReadProvider(ctx, t.Clients.Placement, like)
	if err != nil {
		return err
	}
	if now.Absent {
		return fmt.Errorf("resource provider %s is gone", uuid)
	}
	j.before, j.after = now, now
	*t.of(&j.after) = Mixed(t.State, *t.of(&now), t.Wanted)
	return nil
}

// of is the list of a provider that the task is about.
func (t *Task) of(p *repair.Provider) *[]string {
	if t.Op == repair.Traits {
		return &p.Traits
	}
	return &p.Aggregates
}

func (t *Task) changes(j *job) bool { return !j.after.Same(j.before) }

// Mixed is what is there after a wish, sorted.
func Mixed(state string, have, wanted []string) []string {
	var out []string
	switch state {
	case Exact:
		out = slices.Clone(wanted)
	case Absent:
		out = slices.DeleteFunc(slices.Clone(have), func(one string) bool { return slices.Contains(wanted, one) })
	default:
		out = slices.Concat(have, wanted)
	}
	slices.Sort(out)
	return append([]string{}, slices.Compact(out)...)
}

// write makes the changes, until one fails.
func (t *Task) write(ctx context.Context) error {
	for _, c := range t.Names {
		out := t.writer.Do(ctx, c, "")
		if out.End == edge.Done {
			t.done = append(t.done, c)
		}
		if err := out.Err(); err != nil {
			return t.halfway(nil, err)
		}
	}
	for _, j := range t.jobs {
		if err := t.writeOne(ctx, j); err != nil {
			return t.halfway(j, fmt.Errorf("%s of resource provider %s (%s): %w", t.Op, j.before.Name, j.before.UUID, err))
		}
	}
	return nil
}

// tries is how often a provider is read again that somebody else has written meanwhile.
const tries = 20

// writeOne writes one provider. The wish is judged anew where somebody else has written first.
func (t *Task) writeOne(ctx context.Context, j *job) error {
	for try := 0; t.changes(j); try++ {
		out := t.writer.Do(ctx, repair.Change{
			Op: t.Op, Before: repair.State{Providers: []repair.Provider{j.before}}, After: repair.State{Providers: []repair.Provider{j.after}},
		}, "")
		switch {
		case out.End == edge.Done:
			j.written, j.after = true, out.Left.Providers[0]
			return out.Err()
		case out.End == edge.Unchanged: // somebody else did it
			j.before, j.after = out.Left.Providers[0], out.Left.Providers[0]
			return nil
		case out.End != edge.Skipped || try >= tries:
			return out.Err()
		}
		if err := t.Call.Sleep(ctx, change.Pause(min(try, 3))); err != nil {
			return several.Join(out.Err(), err)
		}
		if err := t.look(ctx, j, j.before.UUID); err != nil {
			return err
		}
	}
	return nil
}
