// SPDX-License-Identifier: Apache-2.0

//go:build lab

package change_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change/changetest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

const (
	raceWriters = 16
	raceClients = 32
	clientRest  = 16 * time.Second // at most, between two steps of a client: faster, and few writes get through
)

// rounds is the number of rounds of one test: PLACEMENT_RACE_ROUNDS, or few.
func rounds(t *testing.T, few int64) int64 {
	t.Helper()
	text := os.Getenv("PLACEMENT_RACE_ROUNDS")
	if text == "" {
		return few
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// counted counts what goes to Placement.
type counted struct {
	change.Placement
	puts, ok, raced atomic.Int64
}

func (c *counted) PutInventories(ctx context.Context, uuid string, generation int, all map[string]openstack.Inventory) (int, error) {
	c.puts.Add(1)
	made, err := c.Placement.PutInventories(ctx, uuid, generation, all)
	switch {
	case err == nil:
		c.ok.Add(1)
	case placement.Raced(err):
		c.raced.Add(1)
	}
	return made, err
}

// bound keeps which generation the last write of a writer made. If the answer was lost and the write was applied, that is
// the next one to what it was bound to, whatever the provider has by the time the writer knows.
type bound struct {
	change.Placement
	made int
}

func (b *bound) PutInventories(ctx context.Context, uuid string, generation int, all map[string]openstack.Inventory) (int, error) {
	made, err := b.Placement.PutInventories(ctx, uuid, generation, all)
	if b.made = generation + 1; err == nil {
		b.made = made
	}
	return made, err
}

// race is one provider that many change at the same time.
type race struct {
	t         *testing.T
	provider  *changetest.Provider
	check     *changetest.Checker
	placement counted
	ends      map[string]int // how rounds ended
	mu        sync.Mutex
	gate      sync.RWMutex // held by each round; a reader that takes it reads when nobody writes
	read      func(context.Context) (changetest.State, error)
	written   atomic.Int64
	exact     atomic.Int64 // read back at exactly the generation that was made
	enough    func() bool  // end before all rounds are done
}

func newRace(t *testing.T, l *live.Lab, p change.Placement) *race {
	t.Helper()
	r := &race{t: t, enough: func() bool { return false }}
	r.provider = changetest.NewProvider(t, l.Raw(t), "race", changetest.Start())
	first, err := r.provider.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.check, r.placement.Placement, r.ends, r.read = changetest.NewChecker(first), p, map[string]int{}, r.provider.Read
	return r
}

// run races for so many rounds and says how they ended.
func (r *race) run(n int64) {
	r.t.Helper()
	start := time.Now()
	ctx, stop := context.WithCancel(r.t.Context())
	var around, writers sync.WaitGroup
	load := r.provider.Clients(ctx, &around, raceClients, clientRest)
	around.Go(func() {
		if err := r.check.Watch(ctx, r.read); err != nil {
			r.t.Errorf("reader: %v", err)
		}
	})
	var left atomic.Int64
	left.Store(n)
	around.Go(func() { r.progress(ctx, &left) })
	for i := range raceWriters {
		writers.Go(func() { r.writer(i, &left) })
	}
	writers.Wait()
	stop()
	around.Wait()
	took := time.Since(start)
	for _, odd := range load.Odd() {
		r.t.Errorf("a client got %s", odd)
	}
	p := &r.placement
	r.t.Logf("%s: %v, PUT %d (%d done, %d raced), read back at its generation %d, consistent reads %d, overshot by placement at %d, allocated %d, freed %d, full %d, client conflicts %d",
		took.Round(time.Millisecond), r.ends, p.puts.Load(), p.ok.Load(), p.raced.Load(), r.exact.Load(), r.check.Seen(), r.check.Overshot(),
		load.Allocated.Load(), load.Freed.Load(), load.Full.Load(), load.Conflicts.Load())
}

// progress says every half minute how far the race is: a long one is watched with -v.
func (r *race) progress(ctx context.Context, left *atomic.Int64) {
	for changetest.Sleep(ctx, 30*time.Second) == nil {
		for _, fault := range append(r.check.Below(), r.check.Lost()...) {
			r.t.Logf("as it looks now: %s", fault)
		}
		r.mu.Lock()
		r.t.Logf("%d rounds to go, %v, %d lost races, faults %d, overshot %d", max(left.Load(), 0), r.ends, r.placement.raced.Load(),
			len(r.check.Below())+len(r.check.Lost()), r.check.Overshot())
		r.mu.Unlock()
	}
}

func (r *race) end(how string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ends[how]++
}

func (r *race) writer(i int, left *atomic.Int64) {
	journal, err := change.OpenJournal(filepath.Join(r.t.TempDir(), fmt.Sprint(i)), here(), time.Now)
	if err != nil {
		r.t.Error(err)
		return
	}
	defer journal.Close()
	b := &bound{Placement: &r.placement}
	w := &change.Writer{Placement: b, Journal: journal, Sleep: changetest.Sleep}
	for left.Add(-1) >= 0 && !r.enough() {
		r.round(w, b)
	}
}

// round is what modules/inventory does with one provider.
func (r *race) round(w *change.Writer, b *bound) {
	r.gate.RLock()
	defer r.gate.RUnlock()
	ctx, cancel := context.WithTimeout(r.t.Context(), 10*time.Minute)
	defer cancel()
	target := changetest.RandomTarget(r.provider)
	view, err := w.Look(ctx, target)
	if err != nil {
		r.t.Errorf("look: %v", err)
		return
	}
	if len(view.Plan.Refused)+len(view.Plan.Faults) > 0 {
		r.end("refused")
		return
	}
	written, view, err := w.Write(ctx, target, view)
	var refused *change.RefusedError
	switch {
	case (errors.As(err, &refused) || errors.Is(err, change.ErrFaulty)) && !written:
		r.end("refused when judged anew")
	case err != nil:
		r.end("failed")
		r.t.Errorf("write: %v", err)
	case written:
		r.end("written")
		r.wrote(ctx, view, b.made)
	default:
		r.end("unchanged")
	}
}

// wrote reads after each write.
func (r *race) wrote(ctx context.Context, v *change.View, made int) {
	r.written.Add(1)
	r.check.Wrote(changetest.Write{Generation: made, Before: v.Plan.Before, After: v.Plan.After})
	now, err := r.provider.Read(ctx)
	if err != nil {
		r.t.Errorf("read back: %v", err)
		return
	}
	r.check.Saw(now)
	if now.Generation == made {
		r.exact.Add(1)
	}
}

// The writers shrink and grow one provider while clients allocate and free. Capacity is never below what is used, and no
// write is lost.
func TestLabRace(t *testing.T) {
	l := live.Find(t)
	r := newRace(t, l, changetest.Client(t, l, "", 0))
	r.run(rounds(t, 50))
	for _, fault := range append(r.check.Below(), r.check.Lost()...) {
		t.Error(fault)
	}
	if ok, written := r.placement.ok.Load(), r.written.Load(); ok != written || written == 0 {
		t.Errorf("Placement took %d writes, and %d were reported", ok, written)
	}
}

// blind writes at whatever generation the provider has by now.
type blind struct{ change.Placement }

func (b blind) PutInventories(ctx context.Context, uuid string, _ int, all map[string]openstack.Inventory) (int, error) {
	now, err := b.Inventories(ctx, uuid)
	if err != nil {
		return 0, err
	}
	return b.Placement.PutInventories(ctx, uuid, now.Generation, all)
}

// Without the generation that was judged, the same race shows both harms. If it does not, TestLabRace shows nothing.
func TestLabRaceWithoutGeneration(t *testing.T) {
	live.OneIsEnough(t, "zed")
	l := live.Find(t)
	r := newRace(t, l, blind{changetest.Client(t, l, "", 0)})
	r.read = func(ctx context.Context) (changetest.State, error) {
		r.gate.Lock() // blind writers hardly ever leave a generation alone for as long as a reader needs
		defer r.gate.Unlock()
		return r.provider.Read(ctx)
	}
	r.enough = func() bool { return len(r.check.Below()) > 0 && len(r.check.Lost()) > 0 }
	r.run(2000)
	below, lost := r.check.Below(), r.check.Lost()
	if len(below) == 0 || len(lost) == 0 {
		t.Fatalf("nobody noticed: %d reads below usage, %d lost writes", len(below), len(lost))
	}
	t.Logf("noticed: %s; %s", below[0], lost[0])
}
