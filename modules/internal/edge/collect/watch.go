// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

// What a watch reads and keeps at most.
const (
	mostFollowed  = 100 // providers that are read in detail when they change
	mostPoints    = 40  // times that one of them is
	fewestSamples = 8   // a provider that is written all the time has been read seven times then, on the slowest machine
)

// startWatch watches the generations, if they are wanted, while other parts are read. What it returns waits for the end.
func (r *reader) startWatch(ctx context.Context, parts []snapshot.Part) (finish func()) {
	if !slices.Contains(parts, snapshot.Generations) {
		return func() {}
	}
	var seen *snapshot.Watch
	var err error
	var watching sync.WaitGroup
	watching.Go(func() { seen, err = watch(ctx, r.Source) })
	return func() {
		watching.Wait()
		if r.settle(snapshot.Generations, err) {
			r.s.Watch = seen
		}
	}
}

// watch samples the generations of all providers for src.Watch: one request a sample. A provider that has changed is read in
// detail, and again at each sample that shows that it was written. A request that fails ends it: what was not seen may have
// happened.
func watch(ctx context.Context, src Source) (*snapshot.Watch, error) {
	w := &watcher{Source: src, seen: &snapshot.Watch{Begun: src.Now().UTC(), Grown: map[string]snapshot.Growth{}}}
	pause := pauseOf(src.Watch)
	for end := src.Now().Add(src.Watch); ; {
		if err := w.sample(ctx); err != nil {
			return nil, err
		}
		left := end.Sub(src.Now())
		if left <= 0 && w.seen.Samples >= fewestSamples {
			return w.seen, nil
		}
		wait := pause
		if left > 0 {
			wait = min(pause, left)
		}
		if err := src.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// pauseOf is the time between two samples: a twelfth of the whole, from 1 to 10 seconds, and short enough for enough samples.
func pauseOf(whole time.Duration) time.Duration {
	const twelfth = 12
	pause := max(time.Second, min(whole/twelfth, 10*time.Second))
	return min(pause, whole/(fewestSamples-1))
}

type watcher struct {
	Source
	seen     *snapshot.Watch
	last     map[string]int // generation by provider at the sample before; nil at the first
	followed int
}

func (w *watcher) sample(ctx context.Context) error {
	list, err := w.Placement.Providers(ctx, nil)
	if err != nil {
		return err
	}
	w.seen.Samples++
	w.seen.Ended = w.Now().UTC()
	now := make(map[string]int, len(list))
	for _, p := range list {
		now[p.UUID] = p.Generation
	}
	changed := w.compare(now)
	w.last = now
	return w.readPoints(ctx, changed)
}

// compare notes which providers changed since the last sample, and returns those that have to be read.
func (w *watcher) compare(now map[string]int) []string {
	var read []string
	for _, uuid := range slices.Sorted(maps.Keys(w.last)) {
		was := w.last[uuid]
		is, there := now[uuid]
		if there && is == was {
			continue
		}
		g, known := w.seen.Grown[uuid]
		if !known {
			g = snapshot.Growth{First: was, Points: []snapshot.Point{}}
		}
		g.Changes++
		g.Deleted = g.Deleted || !there || is < was
		if there {
			g.Last = is
		}
		w.seen.Grown[uuid] = g
		if !g.Deleted && w.follows(g) {
			read = append(read, uuid)
		}
	}
	return read
}

// follows reports whether a provider that changed is read in detail now. What was written while it was last read is known.
func (w *watcher) follows(g snapshot.Growth) bool {
	n := len(g.Points)
	switch {
	case n > 0:
		return n < mostPoints && g.Points[n-1].After != g.Last
	case w.followed == mostFollowed:
		return false
	}
	w.followed++
	return true
}

func (w *watcher) readPoints(ctx context.Context, uuids []string) error {
	points, gone, err := each(ctx, w.Concurrency, uuids, w.point)
	if err != nil {
		return err
	}
	for uuid, p := range points {
		g := w.seen.Grown[uuid]
		g.Points = append(g.Points, p)
		w.seen.Grown[uuid] = g
	}
	for _, uuid := range gone {
		g := w.seen.Grown[uuid]
		g.Deleted = true
		w.seen.Grown[uuid] = g
	}
	return nil
}

// point reads a provider in detail. Each answer of Placement holds a generation that it read before its content.
func (w *watcher) point(ctx context.Context, uuid string) (snapshot.Point, error) {
	p, err := w.readPoint(ctx, uuid)
	if errors.Is(err, cloud.ErrNotFound) {
		_, err = w.whyMissing(ctx, uuid)
	}
	return p, err
}

func (w *watcher) readPoint(ctx context.Context, uuid string) (snapshot.Point, error) {
	p := snapshot.Point{At: w.Now().UTC(), Consumers: map[string]int{}}
	held, err := w.Placement.Allocations(ctx, uuid)
	if err != nil {
		return p, err
	}
	for _, a := range held.Allocations {
		p.Consumers[a.ConsumerUUID] = a.ConsumerGeneration
	}
	offered, err := w.Placement.Inventories(ctx, uuid)
	if err != nil {
		return p, err
	}
	p.Before, p.After = held.Generation, max(held.Generation, offered.Generation)
	p.Inventories, p.Written = offered.ByClass, offered.Written
	p.Traits, err = w.Placement.Traits(ctx, uuid)
	slices.Sort(p.Traits)
	return p, err
}
