// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// LookAgain waits for grace and reads again what the suspects are about. What fails is marked in the look's Parts.
// It returns nil if there is nothing to look at.
func LookAgain(ctx context.Context, src Source, s *snapshot.Snapshot, suspects snapshot.Suspects, grace time.Duration,
) *snapshot.Look {
	if suspects.None() {
		return nil
	}
	if s.Quick != nil {
		readGranted(ctx, src, s, suspects.Consumers)
	}
	again := &looker{Source: src, first: s, look: &snapshot.Look{Parts: map[snapshot.Part]snapshot.Status{}}}
	src.tell(fmt.Sprintf("waiting for %v before the second look", grace))
	_ = src.Sleep(ctx, grace) // if the task ends, all that is read from now on fails
	src.tell("looking again at what is suspicious")
	again.look.TakenAt = src.Now().UTC()
	again.readConsumers(ctx, suspects.Consumers)
	again.readProviders(ctx, suspects.Providers)
	again.readLists(ctx, suspects.Parts)
	again.readCustoms(ctx, suspects.Parts)
	return again.look
}

type looker struct {
	Source
	first *snapshot.Snapshot
	look  *snapshot.Look
}

func (l *looker) settle(p snapshot.Part, err error) {
	st := snapshot.Status{Read: err == nil}
	if err != nil {
		st.Reason = err.Error()
	}
	l.look.Parts[p] = st
}

// hasRead reports whether the first look has the part, if only in part.
func (l *looker) hasRead(p snapshot.Part) bool {
	return l.first.Parts[p].Read || l.first.Parts[p].Partial
}

// readConsumers reads what each consumer holds and whether Nova has a server of its UUID. The list of servers leaves
// soft-deleted ones out, this does not.
func (l *looker) readConsumers(ctx context.Context, uuids []string) {
	if len(uuids) == 0 {
		return
	}
	held, err := l.consumers(ctx, uuids)
	l.settle(snapshot.Allocations, err)
	l.keepHeld(held)
	if !l.hasRead(snapshot.Servers) {
		return
	}
	servers, absent, err := l.servers(ctx, uuids)
	if errors.Is(err, errCellDown) { // those that were found are there all the same
		l.look.Unproven, absent, err = err.Error(), nil, nil
	}
	absent, lost := l.stillListed(ctx, servers, absent)
	l.look.Servers = map[string]*openstack.Server{}
	for uuid, server := range servers {
		l.look.Servers[uuid] = &server
	}
	for _, uuid := range absent {
		l.look.Servers[uuid] = nil
	}
	l.settle(snapshot.Servers, cmp.Or(err, lost, l.overlooked(servers), l.readDeleted(ctx, absent)))
	if l.look.Parts[snapshot.Allocations].Read {
		l.settle(snapshot.Allocations, l.holdStill(ctx, uuids, held))
	}
}

// readDeleted tells which of the servers that are not there were deleted just now.
func (l *looker) readDeleted(ctx context.Context, absent []string) error {
	l.look.Deleted = []string{}
	if len(absent) == 0 {
		return nil
	}
	deleted, err := l.Compute.DeletedSince(ctx, l.Now().Add(-snapshot.JustDeleted-clockSkew), absent)
	l.look.Deleted = append(l.look.Deleted, deleted...)
	return err
}

// holdStill reads once more what the consumers hold: what Nova said of their servers in between fits neither reading if
// these differ. A consumer that is emptied and created again begins at generation 1 again, so that the generation alone does
// not tell.
func (l *looker) holdStill(ctx context.Context, uuids []string, before map[string]placement.Consumer) error {
	after, err := l.consumers(ctx, uuids)
	if err != nil {
		return err
	}
	l.look.Restless = []string{}
	for _, uuid := range uuids {
		if !sameHoldings(before[uuid], after[uuid]) {
			l.look.Restless = append(l.look.Restless, uuid)
		}
	}
	return nil
}

func sameHoldings(a, b placement.Consumer) bool {
	amounts := func(c placement.Consumer) map[string]map[string]int {
		out := map[string]map[string]int{}
		for _, held := range c.Allocations {
			out[held.ProviderUUID] = held.Resources
		}
		return out
	}
	return a.Generation == b.Generation && maps.EqualFunc(amounts(a), amounts(b), maps.Equal)
}

func (l *looker) keepHeld(held map[string]placement.Consumer) {
	l.look.Consumers, l.look.Types = map[string][]openstack.Allocation{}, map[string]string{}
	l.look.Owners = map[string]openstack.Owner{}
	for uuid, c := range held {
		l.look.Consumers[uuid], l.look.Types[uuid] = c.Allocations, c.Type
		if len(c.Allocations) > 0 {
			l.look.Owners[uuid] = openstack.Owner{ConsumerUUID: uuid, ProjectID: c.ProjectID, UserID: c.UserID}
		}
	}
}

// readLists reads the lists again that the first look has and that the suspects depend on.
func (l *looker) readLists(ctx context.Context, needed []snapshot.Part) {
	r := &reader{Source: l.Source, s: &snapshot.Snapshot{}}
	parts := slices.DeleteFunc(expand(needed), func(p snapshot.Part) bool {
		return !p.FromNova() || p == snapshot.Servers || !l.hasRead(p) // servers are read one by one
	})
	r.readCompute(ctx, parts)
	l.look.Services, l.look.Hypervisors, l.look.Migrations = r.s.ServiceList, r.s.HypervisorList, r.s.MigrationList
	l.look.Aggregates, l.look.Blind = r.s.AggregateList, r.s.Blind
	for p, st := range r.s.Parts {
		if old, tried := l.look.Parts[p]; !tried || old.Read { // what is known to be only a part stays so
			l.look.Parts[p] = st
		}
	}
}
