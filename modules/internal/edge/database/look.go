// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
)

// LookAgain waits for grace, reads the databases again and keeps what the suspects are about. It returns nil if there is nothing
// to look at. All of it is of one moment, so that nobody holds something else before Nova is asked than after it.
func LookAgain(ctx context.Context, src Source, s *snapshot.Snapshot, suspects snapshot.Suspects, grace time.Duration) *snapshot.Look {
	if suspects.None() {
		return nil
	}
	src.Progress(fmt.Sprintf("waiting for %v before the second look", grace), 0, 0)
	_ = src.Sleep(ctx, grace) // if the task ends, all that is read from now on fails
	src.Progress("reading the databases again", 0, 0)
	return src.look(ctx, s, suspects, suspected(s, suspects))
}

// look is the reading of a second look.
func (src Source) look(ctx context.Context, s *snapshot.Snapshot, suspects snapshot.Suspects, o sweep) *snapshot.Look {
	again := src.sweep(ctx, o)
	l := &snapshot.Look{TakenAt: again.s.TakenAt, Parts: map[snapshot.Part]snapshot.Status{}, Blind: again.s.Blind}
	again.lists(l)
	if len(suspects.Consumers) > 0 {
		again.consumers(l, suspects.Consumers, s.Usable(snapshot.Servers))
	}
	if len(suspects.Providers) > 0 {
		again.providers(l, suspects.Providers, s)
	}
	return l
}

// mostFew is the largest number of suspects whose rows are asked for: at most 20 statements for each of the list.
const mostFew = 2000

// suspected is what is read of suspects: their rows alone if they are few. All rows are read where the first look has some that only the
// databases show, or could not read a cell: which cell that is has to be told anew.
func suspected(s *snapshot.Snapshot, suspects snapshot.Suspects) sweep {
	o := sweep{
		parts: slices.DeleteFunc(snapshot.AllParts(), func(p snapshot.Part) bool { return !s.Usable(p) || p == snapshot.Generations }),
		keep:  filter{second: true, consumers: set(suspects.Consumers), providers: set(suspects.Providers)},
		ids:   kept(s),
	}
	if s.Rows.Shows() || len(suspects.Consumers)+len(suspects.Providers) > mostFew {
		return o
	}
	o.keep.few = true
	o.parts = slices.DeleteFunc(o.parts, func(p snapshot.Part) bool { return p == snapshot.Rows })
	return o
}

// kept are the UUIDs that the first look has: they are not kept twice.
func kept(s *snapshot.Snapshot) *once.IDs {
	k := once.NewIDs()
	for i := range s.ServerList {
		k.Know(s.ServerList[i].UUID)
	}
	for i := range s.AllocationList {
		k.Know(s.AllocationList[i].ConsumerUUID)
	}
	return k
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, v := range list {
		m[v] = true
	}
	return m
}

// lists takes over the lists that are read again as a whole.
func (f *found) lists(l *snapshot.Look) {
	for p, st := range f.s.Parts {
		if p == snapshot.Rows || p == snapshot.Customs || p.FromNova() && p != snapshot.Servers {
			l.Parts[p] = st
		}
	}
	l.Services, l.Hypervisors, l.Migrations, l.Aggregates = f.s.ServiceList, f.s.HypervisorList, f.s.MigrationList, f.s.AggregateList
	if st, tried := l.Parts[snapshot.Aggregates]; tried && st.Read && l.Aggregates == nil {
		l.Aggregates = []openstack.Aggregate{}
	}
	l.Rows, l.Custom = f.s.Rows, f.s.Custom
}

// consumers are what each holds, and the servers of their UUIDs. Those that are soft-deleted are there.
func (f *found) consumers(l *snapshot.Look, uuids []string, servers bool) {
	l.Parts[snapshot.Allocations] = f.s.Parts[snapshot.Allocations]
	l.Consumers, l.Types, l.Owners, l.Restless = map[string][]openstack.Allocation{}, map[string]string{}, map[string]openstack.Owner{}, []string{}
	for _, uuid := range uuids {
		l.Consumers[uuid], l.Types[uuid] = []openstack.Allocation{}, ""
		if l.Parts[snapshot.Allocations].Read {
			f.consumer(l, uuid)
		}
	}
	if servers {
		f.servers(l, uuids)
	}
}

func (f *found) consumer(l *snapshot.Look, uuid string) {
	all := &f.stock.consumers
	id, known := all.ids.Find(uuid)
	i, held := all.rows.At(id)-1, f.s.Held(uuid)
	if !known || i < 0 || len(held) == 0 {
		return
	}
	one := all.list[i]
	l.Consumers[uuid], l.Types[uuid], l.Owners[uuid] = held, all.kind(one), all.owner(one)
}

func (f *found) servers(l *snapshot.Look, uuids []string) {
	st := f.s.Parts[snapshot.Servers]
	l.Parts[snapshot.Servers] = snapshot.Status{Read: st.Read || st.Partial, Reason: st.Reason}
	l.Servers, l.Deleted = map[string]*openstack.Server{}, []string{}
	if !l.Parts[snapshot.Servers].Read {
		return
	}
	l.Parts[snapshot.Servers] = snapshot.Status{Read: true}
	f.found(l, set(uuids))
	if f.s.Rows != nil {
		l.Lost = slices.DeleteFunc(slices.Clone(f.s.Rows.Lost), func(uuid string) bool { return l.Servers[uuid] == nil })
	}
	for _, c := range f.registry.cells {
		if c.lately != nil { // who is not found may just have been deleted
			l.Unproven = c.lately.Error()
			return
		}
	}
	for _, uuid := range uuids {
		if _, there := l.Servers[uuid]; !there {
			l.Servers[uuid] = nil
		}
	}
}

// found adds the servers of suspects that are there, and who was deleted just now. Of a cell that can't be read, the list has all
// that are mapped to it, as Nova answers of each; it has those that no cell has yet too.
func (f *found) found(l *snapshot.Look, suspects map[string]bool) {
	for i := range f.s.ServerList {
		if one := f.s.ServerList[i]; suspects[one.UUID] {
			l.Servers[one.UUID] = &one
		}
	}
	for _, c := range f.registry.cells {
		for i := range c.hidden {
			l.Servers[c.hidden[i].UUID] = &c.hidden[i]
		}
		l.Deleted = append(l.Deleted, c.deleted...)
	}
}

// providers are the suspects as they are now. The allocations of a provider and its usages are of one moment.
func (f *found) providers(l *snapshot.Look, uuids []string, first *snapshot.Snapshot) {
	l.Providers = map[string]*snapshot.ProviderLook{}
	for _, p := range []snapshot.Part{snapshot.Providers, snapshot.Capacities, snapshot.Usages, snapshot.Traits, snapshot.Memberships, snapshot.Allocations} {
		if st, tried := f.s.Parts[p]; tried && !st.Read {
			l.Unseen = st.Reason
			return
		}
	}
	for _, uuid := range uuids {
		p, there := f.s.Provider(uuid)
		if !there {
			l.Providers[uuid] = nil
			continue
		}
		l.Providers[uuid] = f.provider(p, first)
	}
}

func (f *found) provider(p openstack.Provider, first *snapshot.Snapshot) *snapshot.ProviderLook {
	look := &snapshot.ProviderLook{Provider: p, Inventories: f.s.InventoryMap[p.UUID], Usages: f.s.UsageMap[p.UUID]}
	if first.Usable(snapshot.Allocations) {
		look.Allocations = append([]openstack.Allocation{}, f.s.HeldOn(p.UUID)...)
	}
	if first.Usable(snapshot.Memberships) {
		look.Aggregates = f.s.MembershipMap[p.UUID]
	}
	if first.Usable(snapshot.Traits) {
		look.Traits = []string{}
		for _, trait := range snapshot.KnownTraits() {
			if f.s.HasTrait(p.UUID, trait) {
				look.Traits = append(look.Traits, trait)
			}
		}
	}
	return look
}
