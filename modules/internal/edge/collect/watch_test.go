// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Of a cloud in which nothing is written only the list is read, often enough.
func TestWatchStill(t *testing.T) {
	c := newClockwork(still, "a", "b")
	w, err := watch(t.Context(), c.source(t))
	if err != nil || len(w.Grown) != 0 || w.Samples != fewestSamples || c.lists != fewestSamples || len(c.asked) != 2 {
		t.Errorf("%v: %+v, asked %v", err, w, c.asked)
	}
	if w.Ended.Before(w.Begun) {
		t.Errorf("from %v to %v", w.Begun, w.Ended)
	}
}

// A provider that is written is read at each sample that shows it, with all that tells by whom.
func TestWatchWriters(t *testing.T) {
	c := newClockwork(func(c *clockwork, list int) {
		if list > 1 {
			c.write("a", 8*(1+list%2))
		}
		if list == 4 {
			c.all["a"].consumers = map[string]int{"c": 2, "d": 1}
		}
	}, "a", "b")
	w, err := watch(t.Context(), c.source(t))
	if err != nil || len(w.Grown) != 1 {
		t.Fatalf("%v: %+v", err, w)
	}
	g := w.Grown["a"]
	if g.First != 3 || g.Last != 2+fewestSamples || g.Changes != fewestSamples-1 || g.Deleted || len(g.Points) != fewestSamples-1 {
		t.Errorf("%+v", g)
	}
	for i, p := range g.Points {
		if p.Before != 4+i || p.After != p.Before || p.Inventories["VCPU"].Total != 8*(1+i%2) || p.Written.Second() != 1+i || p.At.IsZero() {
			t.Errorf("point %d: %+v", i, p)
		}
		if !slices.Equal(p.Traits, []string{"COMPUTE_NODE", "HW_CPU_X86_VMX"}) {
			t.Errorf("traits %v", p.Traits)
		}
	}
	if before, after := g.Points[1].Consumers, g.Points[2].Consumers; !maps.Equal(before, map[string]int{"c": 1}) || !maps.Equal(after, map[string]int{"c": 2, "d": 1}) {
		t.Errorf("consumers %v, %v", before, after)
	}
}

// Of a provider without inventories Placement does not say when they were written.
func TestWatchWithoutInventories(t *testing.T) {
	c := newClockwork(func(c *clockwork, list int) { c.write("a", 8*(list%2)) }, "a")
	w, err := watch(t.Context(), c.source(t))
	if err != nil || len(w.Grown["a"].Points) != fewestSamples-1 {
		t.Fatalf("%v: %+v", err, w)
	}
	for _, p := range w.Grown["a"].Points {
		if p.Inventories == nil || p.Written.IsZero() != (len(p.Inventories) == 0) {
			t.Errorf("%+v", p)
		}
	}
}

// What was written once is read once, and what was written while it was read is not read again for that.
func TestWatchReadsNoMoreThanItMust(t *testing.T) {
	c := newClockwork(func(c *clockwork, list int) {
		if list == 2 {
			c.write("a", 16)
		}
	}, "a")
	c.broken = func(path string, nth int) int {
		if path == "/resource_providers/a/inventories" && nth == 1 {
			c.write("a", 8)
		}
		return 0
	}
	w, err := watch(t.Context(), c.source(t))
	if err != nil {
		t.Fatal(err)
	}
	g := w.Grown["a"]
	if len(g.Points) != 1 || g.Points[0].Before != 4 || g.Points[0].After != 5 || g.Changes != 2 || g.Last != 5 {
		t.Errorf("%+v", g)
	}
}

// A provider that goes, or comes back, or whose generation falls, is another one.
func TestWatchDeleted(t *testing.T) {
	watchesDeleted(t, map[string]func(*clockwork, int){
		"goes": func(c *clockwork, list int) {
			if list == 3 {
				delete(c.all, "a")
			}
		},
		"comes back": func(c *clockwork, list int) {
			if list == 3 {
				delete(c.all, "a")
			}
			if list == 4 {
				c.all["a"] = &ticker{generation: 9}
			}
		},
		"falls": func(c *clockwork, list int) {
			if list == 4 {
				c.all["a"].generation = 1
			}
		},
		"goes before it is read": func(c *clockwork, list int) {
			if list == 2 {
				c.write("a", 16)
			}
		},
	})
}

func watchesDeleted(t *testing.T, cases map[string]func(*clockwork, int)) {
	t.Helper()
	for name, act := range cases {
		t.Run(name, func(t *testing.T) {
			c := newClockwork(act, "a")
			c.broken = func(path string, _ int) int {
				if name == "goes before it is read" && path == "/resource_providers/a/allocations" {
					delete(c.all, "a")
				}
				return 0
			}
			w, err := watch(t.Context(), c.source(t))
			if err != nil || !w.Grown["a"].Deleted || len(w.Grown["a"].Points) != 0 {
				t.Errorf("%v: %+v", err, w)
			}
		})
	}
}

// One request that fails makes the whole watch unread, whichever it is, and nothing else.
func TestWatchUnread(t *testing.T) {
	growing := func(c *clockwork, list int) { c.write("a", 8+list) }
	for name, c := range map[string]struct {
		path   string
		nth    int
		status int
		says   string
	}{
		"the list":                 {"/resource_providers", 4, http.StatusForbidden, "list resource providers: 403"},
		"allocations":              {"/resource_providers/a/allocations", 3, http.StatusInternalServerError, "read allocations"},
		"inventories":              {"/resource_providers/a/inventories", 2, http.StatusInternalServerError, "read inventories"},
		"traits":                   {"/resource_providers/a/traits", 1, http.StatusInternalServerError, "read traits"},
		"404 of what should exist": {"/resource_providers/a/traits", 1, http.StatusNotFound, "a (a) exists, but"},
	} {
		t.Run(name, func(t *testing.T) {
			cloud := newClockwork(growing, "a")
			cloud.broken = func(path string, nth int) int {
				if path == c.path && nth == c.nth {
					return c.status
				}
				return 0
			}
			s := Read(t.Context(), cloud.source(t), []snapshot.Part{snapshot.Generations})
			st := s.Parts[snapshot.Generations]
			if st.Read || s.Watch != nil || !strings.Contains(strings.ReplaceAll(st.Reason, "name of ", ""), c.says) {
				t.Errorf("%+v, watch %+v", st, s.Watch)
			}
		})
	}
	s := Read(t.Context(), newClockwork(growing, "a").source(t), []snapshot.Part{snapshot.Providers, snapshot.Generations})
	if !s.Parts[snapshot.Generations].Read || s.Watch == nil || len(s.ProviderList) != 1 || len(s.Parts) != 2 {
		t.Errorf("parts %v, watch %+v", s.Parts, s.Watch)
	}
}

// The end of the task ends the watch, unread.
func TestWatchCancelled(t *testing.T) {
	errEnough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	src := newClockwork(func(_ *clockwork, list int) {
		if list == 2 {
			cancel(errEnough)
		}
	}, "a").source(t)
	src.Watch = 40 * time.Millisecond
	if w, err := watch(ctx, src); w != nil || err == nil || ctx.Err() == nil {
		t.Errorf("%v %+v", err, w)
	}
}

// Of many providers that change so many are read, and each of them so often.
func TestWatchIsBounded(t *testing.T) {
	var uuids []string
	for i := range mostFollowed + 5 {
		uuids = append(uuids, fmt.Sprintf("p%03d", i))
	}
	src := newClockwork(func(c *clockwork, _ int) {
		for _, uuid := range uuids {
			c.write(uuid, 8)
		}
	}, uuids...).source(t)
	w, err := watch(t.Context(), src)
	if err != nil || len(w.Grown) != len(uuids) || len(w.Grown["p099"].Points) != fewestSamples-1 || len(w.Grown["p100"].Points) != 0 || w.Grown["p100"].Changes != fewestSamples-1 {
		t.Errorf("%v: %d grown, p099 %+v, p100 %+v", err, len(w.Grown), w.Grown["p099"], w.Grown["p100"])
	}
	g := snapshot.Growth{Points: make([]snapshot.Point, mostPoints), Last: 1}
	if (&watcher{}).follows(g) {
		t.Error("it never ends")
	}
}

func TestPause(t *testing.T) {
	got := []time.Duration{}
	for _, seconds := range []int{1, 7, 12, 60, 120, 1200} {
		got = append(got, pauseOf(time.Duration(seconds)*time.Second))
	}
	want := []time.Duration{time.Second / 7, time.Second, time.Second, 5 * time.Second, 10 * time.Second, 10 * time.Second}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
