// SPDX-License-Identifier: Apache-2.0

//go:build lab

package change_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change/changetest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// impatience is how many seconds a client waits: what it asks for takes less on any machine, but what TooSlow holds back.
const impatience = 10

// harm chooses what to do to a request: mostly nothing to reads, often something to writes.
func harm(r *http.Request) changetest.Fault {
	chance := 50
	if r.Method == http.MethodPut {
		chance = 3
	}
	if !strings.Contains(r.URL.Path, "/resource_providers/") || rand.IntN(chance) != 0 {
		return changetest.None
	}
	if f := changetest.Fault(rand.IntN(int(changetest.Faults))); f != changetest.Conflict || r.Method == http.MethodPut {
		return f
	}
	return changetest.None // nothing that is read conflicts
}

// harmed is one writer behind a proxy of its own, so that it is known what became of each of its writes.
type harmed struct {
	*race
	proxy   *changetest.Proxy
	path    string
	left    *atomic.Int64
	claimed atomic.Int64 // rounds that were reported as written
}

func (h *harmed) run(p change.Placement) {
	journal, err := change.OpenJournal(h.path, here(), time.Now)
	if err != nil {
		h.t.Error(err)
		return
	}
	defer journal.Close()
	w := &change.Writer{Placement: p, Journal: journal, Sleep: changetest.Sleep}
	for h.left.Add(-1) >= 0 {
		h.round(w)
	}
}

// round is one task of modules/inventory; one of eight has hardly any time.
func (h *harmed) round(w *change.Writer) {
	timeout := 2 * time.Minute
	if rand.IntN(8) == 0 {
		timeout = time.Duration(rand.IntN(2000)) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(h.t.Context(), timeout)
	defer cancel()
	target := changetest.RandomTarget(h.provider)
	view, err := w.Look(ctx, target)
	switch {
	case err != nil:
		h.end("not even read") // nothing was sent: Write is not called
		return
	case len(view.Plan.Refused)+len(view.Plan.Faults) > 0:
		h.end("refused")
		return
	}
	written, _, err := w.Write(ctx, target, view)
	var refused *change.RefusedError
	switch {
	case written && err == nil:
		h.claimed.Add(1)
		h.end("written")
	case err == nil:
		h.end("unchanged")
	case (errors.As(err, &refused) || errors.Is(err, change.ErrFaulty)) && !written:
		h.end("refused when judged anew")
	case ctx.Err() != nil && errors.Is(err, change.ErrUnsettled):
		h.end("unsettled, out of time")
	case ctx.Err() != nil:
		h.end("not written, out of time")
	case unreadable(err):
		h.end("refused, by an answer that nobody can read")
	default:
		h.end("failed")
		h.t.Errorf("after %s: %v", timeout, err)
	}
}

// unreadable reports whether a refusal came without what tells its kind: it is not tried again, as most kinds never go through.
func unreadable(err error) bool {
	var e *cloud.Error
	return errors.As(err, &e) && e.Status == http.StatusConflict && e.Code == ""
}

// judge compares the journal with what the server did. It returns how many entries are settled as written, how many of
// those were written by somebody else who wanted just the same, and how many nobody could settle.
func (h *harmed) judge(all []changetest.Sent) (done, twins, unknown int) {
	entries, err := change.ReadJournal(h.path)
	if err != nil {
		h.t.Error(err)
	}
	sent := h.proxy.Sent()
	if len(entries)%2 != 0 {
		h.t.Errorf("%s: an entry is open: %+v", h.path, entries[len(entries)-1])
		return 0, 0, 0
	}
	for i := 0; i < len(entries); i += 2 {
		e, end := entries[i], entries[i+1]
		applied := times(sent, e)
		switch {
		case e.State != change.Intended || end.State == change.Intended:
			h.t.Errorf("%s: entries %d are %s, %s", h.path, i, e.State, end.State)
		case end.State == change.Unknown:
			unknown++
		case end.State == change.Written && applied == 1:
			done++
		case end.State == change.Written && applied == 0 && times(all, e) == 1:
			twins++
		case end.State == change.Written || applied != 0:
			h.t.Errorf("%s: the journal says %q, and the server did it %d times: %+v, %+v", h.path, end.State, applied, e, end)
		}
	}
	return done, twins, unknown
}

// times says how often the server did the write of an entry.
func times(sent []changetest.Sent, e change.Entry) int {
	n := 0
	for _, s := range sent {
		if s.Status == http.StatusOK && s.Generation == e.Generation && maps.Equal(s.After, e.After) {
			n++
		}
	}
	return n
}

// The same race, with a proxy before each writer that cuts, delays, lies and swallows.
func TestLabRaceThroughProxy(t *testing.T) {
	live.OneIsEnough(t, "zed") // TestLabRace is for both
	l := live.Find(t)
	r := newRace(t, l, nil)
	var left atomic.Int64
	left.Store(rounds(t, 30))
	writers := make([]*harmed, raceWriters)
	for i := range writers {
		p := changetest.NewProxy(t, l.Endpoints["placement"], harm)
		writers[i] = &harmed{race: r, proxy: p, path: filepath.Join(t.TempDir(), fmt.Sprint(i)), left: &left}
	}
	start := time.Now()
	ctx, stop := context.WithCancel(t.Context())
	var around, group sync.WaitGroup
	load := r.provider.Clients(ctx, &around, raceClients, clientRest)
	around.Go(func() {
		if err := r.check.Watch(ctx, r.read); err != nil {
			t.Errorf("reader: %v", err)
		}
	})
	for _, h := range writers {
		client := changetest.Client(t, l, h.proxy.URL, impatience)
		group.Go(func() { h.run(client) })
	}
	group.Wait()
	stop()
	around.Wait()
	for _, odd := range load.Odd() {
		t.Errorf("a client got %s", odd)
	}
	r.harmDone(writers, time.Since(start))
}

// harmDone holds what the server did against what was reported and read.
func (r *race) harmDone(writers []*harmed, took time.Duration) {
	r.t.Helper()
	var hits [changetest.Faults]int
	var all []changetest.Sent
	var applied, done, twins, unknown, claimed int
	for _, h := range writers {
		for f, n := range h.proxy.Hits() {
			hits[f] += n
		}
		all = append(all, h.proxy.Sent()...)
	}
	for _, s := range all {
		if s.Status == http.StatusOK {
			applied++
			r.check.Wrote(changetest.Write{Generation: s.Made, After: s.After})
		}
	}
	for _, h := range writers {
		d, tw, u := h.judge(all)
		done, twins, unknown, claimed = done+d, twins+tw, unknown+u, claimed+int(h.claimed.Load())
	}
	for _, fault := range append(r.check.Below(), r.check.Lost()...) {
		r.t.Error(fault)
	}
	if applied < done || applied > done+unknown || claimed < done || applied == 0 {
		r.t.Errorf("the server did %d writes; the journals say %d and %d unknown; reported were %d", applied, done, unknown, claimed)
	}
	r.t.Logf("%s: %v, PUT that reached the server %d, done %d, by the journals %d, %d by a twin and %d unknown, reported %d, consistent reads %d, faults %v",
		took.Round(time.Millisecond), r.ends, len(all), applied, done, twins, unknown, claimed, r.check.Seen(), hits)
}
