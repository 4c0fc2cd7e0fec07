// SPDX-License-Identifier: Apache-2.0

// Package collect reads a cloud into a snapshot. It is the only place that knows what could not be read.
//
// A list that fails marks its part of the snapshot as failed, with the reason; it never ends as an empty list.
// What Placement lists and then answers with 404 was deleted in between: it is left out, as data. While a cell does
// not answer, Nova leaves its servers, hypervisors and migrations out without a word: these parts then count as
// failed too.
package collect

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// Source is where to read from.
type Source struct {
	Placement *placement.Client
	Compute   *nova.Client // nil if it can't be read; NoCompute then says why
	NoCompute error
	// Admin says that the login is known to see the servers of all projects one by one, not only in the list.
	Admin bool
	// Exact is the number of providers up to which inventories and memberships are read one by one.
	Exact int
	// EveryMembership asks for the memberships in aggregates that Nova does not have, however many providers there are.
	EveryMembership bool
	Known           map[string]placement.Summary // of providers that an answer about candidates has told of: they are not read again
	// Quick reads allocations only where usages do not fit the servers, see readQuickly.
	Quick bool
	// Watch is for how long the generations are watched, where they are wanted.
	Watch time.Duration
	// Concurrency is how many requests may be in flight.
	Concurrency int
	Now         func() time.Time
	// Sleep waits, or ends early with the cause of the context's end. Now tells how long it took.
	Sleep func(context.Context, time.Duration) error
	// Progress hears what is read or waited for, and how many of how many reads are done: a total of 0 where they are not
	// counted. It is nil if nobody hears it. Several goroutines call it.
	Progress func(what string, done, total int)
}

// Read reads the wanted parts, and those without which these can't be read or trusted. Placement and Nova are read at the
// same time: a server that is made or deleted meanwhile may look like a fault, and the second look clears it. The
// generations are watched meanwhile, and after it as long as they have to be.
func Read(ctx context.Context, src Source, wanted []snapshot.Part) *snapshot.Snapshot {
	r := &reader{Source: src, s: &snapshot.Snapshot{TakenAt: src.Now().UTC(), Placement: src.Placement.Service()}}
	parts := expand(wanted)
	watched := r.startWatch(ctx, parts)
	ofNova := &reader{Source: src, s: &snapshot.Snapshot{}}
	var both sync.WaitGroup
	both.Go(func() { ofNova.readCompute(ctx, parts) })
	r.readPlacement(ctx, parts)
	if src.Compute != nil {
		r.tell("reading Nova")
	}
	both.Wait()
	r.takeCompute(ofNova.s)
	r.readDetails(ctx, parts)
	if src.Watch > 0 {
		r.tell("watching the generations of resource providers")
	}
	watched()
	r.s.Reindex()
	return r.s
}

// tell says what is read or waited for now.
func (src Source) tell(what string) {
	if src.Progress != nil {
		src.Progress(what, 0, 0)
	}
}

// expand adds the parts without which the wanted ones can't be read (providers, usages), can't be read with few requests
// (hypervisors) or can't be trusted (services tell which cells answer).
func expand(wanted []snapshot.Part) []snapshot.Part {
	requires := map[snapshot.Part][]snapshot.Part{
		snapshot.Traits:      {snapshot.Providers},
		snapshot.Usages:      {snapshot.Providers},
		snapshot.Capacities:  {snapshot.Providers},
		snapshot.Allocations: {snapshot.Providers, snapshot.Usages},
		snapshot.Incomplete:  {snapshot.Providers, snapshot.Usages, snapshot.Allocations},
		snapshot.Memberships: {snapshot.Providers, snapshot.Aggregates},
		snapshot.Inventories: {snapshot.Providers, snapshot.Capacities},
		snapshot.Customs:     {snapshot.Providers},
		snapshot.Hypervisors: {snapshot.Services},
		snapshot.Servers:     {snapshot.Services},
		snapshot.Migrations:  {snapshot.Services},
	}
	all := slices.Clone(wanted)
	for _, p := range wanted {
		all = append(all, requires[p]...)
	}
	return snapshot.Subset(all)
}

type reader struct {
	Source
	s *snapshot.Snapshot

	done, total atomic.Int64 // single reads
}

// settle marks a part as read, as read in part or as failed with the error, and reports whether it was read whole.
func (r *reader) settle(p snapshot.Part, err error) bool {
	switch {
	case err == nil:
		r.s.MarkRead(p)
	case inPart(err):
		r.s.MarkPartial(p, err.Error())
	default:
		r.s.MarkFailed(p, err.Error())
	}
	return err == nil
}

// usable reports whether a part was read, if only in part.
func (r *reader) usable(p snapshot.Part) bool { return r.s.Parts[p].Read || r.s.Parts[p].Partial }

// consumers reads what each consumer holds. Placement has an answer for every consumer, known or not: a 404 is not its own.
func (src Source) consumers(ctx context.Context, uuids []string) (map[string]placement.Consumer, error) {
	held, gone, err := each(ctx, src.Concurrency, uuids, src.Placement.Consumer)
	if err == nil && len(gone) > 0 {
		err = fmt.Errorf("read allocations of consumer %s: 404 Not Found, which Placement never answers here", gone[0])
	}
	return held, err
}

// each calls read for every key, up to limit at a time, and returns what it found by key. Keys that answer 404 are
// returned apart; any other error ends it.
func each[T any](ctx context.Context, limit int, keys []string, read func(context.Context, string) (T, error),
) (found map[string]T, gone []string, err error) {
	all, err := eachBut(ctx, limit, 0, keys, read)
	return all.found, all.gone, err
}
