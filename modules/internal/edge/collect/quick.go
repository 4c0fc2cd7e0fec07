// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// readQuickly reads allocations only where the usage of a compute tree is not what the servers on it should hold. Of the
// other trees it takes for granted that each server holds just that: faults that cancel each other out on one host are not
// seen. Without Nova's lists every allocation is read.
func (r *reader) readQuickly(ctx context.Context) error {
	for _, p := range []snapshot.Part{
		snapshot.Usages, snapshot.Capacities, snapshot.Traits, snapshot.Servers, snapshot.Hypervisors, snapshot.Migrations,
	} {
		if !r.s.Parts[p].Read {
			return r.readAllocations(ctx)
		}
	}
	q := &quick{s: r.s, trees: map[string]*tree{}}
	q.plant()
	q.settle()
	odd := q.odd()
	var byProvider map[string]placement.Held
	err := perProvider(ctx, r, odd, r.allocations(), &byProvider)
	if fatal(err) {
		return err
	}
	r.s.AllocationList = q.granted()
	for _, uuid := range odd {
		r.s.AllocationList = append(r.s.AllocationList, byProvider[uuid].Allocations...)
	}
	r.s.Quick = &snapshot.Quick{Trees: len(q.trees), Granted: len(q.trees) - q.doubted(), ProvidersRead: len(odd)}
	r.s.Reindex()
	return err
}

// unknownGeneration is that of consumers that were not read: beyond those of all others.
const unknownGeneration = math.MaxInt32

// readGranted puts what the suspects really hold instead of what was taken for granted, so that the second look has
// something of their own to be held against. If that fails, no allocation counts as read.
func readGranted(ctx context.Context, src Source, s *snapshot.Snapshot, suspects []string) {
	if st := s.Parts[snapshot.Allocations]; !st.Read && !st.Partial {
		return
	}
	granted := func(a openstack.Allocation) bool { return a.ConsumerGeneration == unknownGeneration }
	uuids := slices.DeleteFunc(slices.Clone(suspects), func(uuid string) bool { return !slices.ContainsFunc(s.Held(uuid), granted) })
	held, err := src.consumers(ctx, uuids)
	if err != nil {
		s.MarkFailed(snapshot.Allocations, err.Error())
		return
	}
	s.AllocationList = slices.DeleteFunc(s.AllocationList, func(a openstack.Allocation) bool {
		_, read := held[a.ConsumerUUID]
		return read
	})
	for _, c := range held {
		s.AllocationList = append(s.AllocationList, c.Allocations...)
	}
	s.Reindex()
}

// quick compares what is used of each compute tree with what its servers should hold.
type quick struct {
	s     *snapshot.Snapshot
	trees map[string]*tree // root UUID
}

// tree is the provider of a compute node with what is nested in it.
type tree struct {
	offers  map[string]bool
	used    map[string]int
	wanted  map[string]int
	granted []openstack.Allocation // what its servers hold, as far as one may suppose
	doubt   bool                   // something on it is on the move, or what it should hold is unknown
}

// plant sums up what is used of each compute tree.
func (q *quick) plant() {
	for _, p := range q.s.Providers() {
		if !q.s.InComputeTree(p.UUID) {
			continue
		}
		t := q.trees[p.RootUUID]
		if t == nil {
			t = &tree{offers: map[string]bool{}, used: map[string]int{}, wanted: map[string]int{}}
			q.trees[p.RootUUID] = t
		}
		for class := range q.s.Capacity(p.UUID) {
			t.offers[class] = true
		}
		for class, n := range q.s.Usage(p.UUID) {
			if n > 0 {
				t.used[class] += n
				t.doubt = t.doubt || !p.IsRoot() // who holds what is nested can't be told from sums
			}
		}
	}
}

// settle puts each server on its tree.
func (q *quick) settle() {
	for i := range q.s.ServerList {
		server := &q.s.ServerList[i]
		node, known := q.s.NodeOf(*server)
		t := q.trees[node.UUID]
		if !known || t == nil {
			continue // what it holds, if anything, is more than its tree should hold
		}
		want := flavor.Expect(*server)
		if want.Amounts == nil || len(want.Unknown)+len(want.Open) > 0 || q.s.Busy(*server, math.MaxInt64) != "" {
			t.doubt = true
			continue
		}
		t.grant(server.UUID, node.UUID, want.Amounts)
	}
	for _, m := range q.s.Migrations() {
		if m.InProgress() {
			q.doubtHost(m.SourceHost)
			q.doubtHost(m.DestHost)
		}
	}
}

// grant supposes that a server holds what it should, but for a disk that shared storage gives.
func (t *tree) grant(server, root string, amounts map[string]int) {
	if !t.offers["DISK_GB"] {
		delete(amounts, "DISK_GB")
	}
	if len(amounts) == 0 {
		return
	}
	for class, n := range amounts {
		t.wanted[class] += n
	}
	t.granted = append(t.granted, openstack.Allocation{
		ConsumerUUID: server, ConsumerGeneration: unknownGeneration, ProviderUUID: root, Resources: amounts,
	})
}

func (q *quick) doubtHost(host string) {
	for _, node := range q.s.NodesOf(host) {
		if t := q.trees[node.UUID]; t != nil {
			t.doubt = true
		}
	}
}

func (t *tree) asWanted() bool { return !t.doubt && maps.Equal(t.used, t.wanted) }

func (q *quick) doubted() int {
	n := 0
	for _, t := range q.trees {
		if !t.asWanted() {
			n++
		}
	}
	return n
}

// odd lists the providers in use whose allocations have to be read: those of trees that are not as wanted, and all that
// are no compute service's.
func (q *quick) odd() []string {
	var out []string
	for _, p := range q.s.Providers() {
		t := q.trees[p.RootUUID]
		used, blind := q.s.Usage(p.UUID), len(q.s.Capacity(p.UUID)) == 0 // see mayHold
		if blind || snapshot.InUse(used) && (t == nil || !t.asWanted()) {
			out = append(out, p.UUID)
		}
	}
	return out
}

// granted is what the servers on trees that are as wanted hold, as far as one may suppose.
func (q *quick) granted() []openstack.Allocation {
	out := []openstack.Allocation{}
	for _, root := range slices.Sorted(maps.Keys(q.trees)) {
		if t := q.trees[root]; t.asWanted() {
			out = append(out, t.granted...)
		}
	}
	return out
}
