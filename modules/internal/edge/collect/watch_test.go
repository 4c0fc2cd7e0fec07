// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// clockwork is a Placement that changes by itself: before each list of providers act is called, with the number of the list.
// Its answers have the shapes that the lab recorded.
type clockwork struct {
	act    func(c *clockwork, list int)
	broken func(path string, nth int) int // the status in place of an answer; 0 for none

	mu    sync.Mutex
	lists int
	asked map[string]int     // by path
	all   map[string]*ticker // by UUID
}

// ticker is one of its providers.
type ticker struct {
	generation, vcpu int
	written          time.Time
	consumers        map[string]int
}

func newClockwork(act func(*clockwork, int), uuids ...string) *clockwork {
	c := &clockwork{act: act, asked: map[string]int{}, all: map[string]*ticker{}, broken: func(string, int) int { return 0 }}
	for _, uuid := range uuids {
		c.all[uuid] = &ticker{generation: 3, vcpu: 8, written: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), consumers: map[string]int{"c": 1}}
	}
	return c
}

// write is what a writer of inventories does.
func (c *clockwork) write(uuid string, vcpu int) {
	t := c.all[uuid]
	t.generation, t.vcpu, t.written = t.generation+1, vcpu, t.written.Add(time.Second)
}

func (c *clockwork) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[r.URL.Path]++
	if r.URL.Path == "/resource_providers" {
		c.lists++
		c.act(c, c.lists)
	}
	if status := c.broken(r.URL.Path, c.asked[r.URL.Path]); status != 0 {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"errors": [{"status": 500, "title": "Internal Server Error", "detail": "it is broken"}]}`))
		return
	}
	status, body := c.answer(w.Header(), strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/"))
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

type object = map[string]any

func (c *clockwork) answer(header http.Header, path []string) (int, object) {
	if path[0] == "" {
		return http.StatusOK, object{"versions": []object{{"min_version": "1.0", "max_version": "1.39"}}}
	}
	if len(path) == 1 {
		list := []object{}
		for _, uuid := range slices.Sorted(maps.Keys(c.all)) {
			list = append(list, c.all[uuid].object(uuid))
		}
		return http.StatusOK, object{"resource_providers": list}
	}
	t := c.all[path[1]]
	if t == nil {
		return http.StatusNotFound, object{"errors": []object{{"status": 404, "title": "Not Found"}}}
	}
	if len(path) == 2 {
		return http.StatusOK, t.object(path[1])
	}
	body := object{"resource_provider_generation": t.generation}
	switch path[2] {
	case "allocations":
		held := object{}
		for consumer, generation := range t.consumers {
			held[consumer] = object{"resources": object{"VCPU": 1}, "consumer_generation": generation}
		}
		body[path[2]] = held
	case "inventories":
		offered := object{}
		if t.vcpu > 0 {
			header.Set("Last-Modified", t.written.Format(http.TimeFormat))
			offered["VCPU"] = object{
				"total": t.vcpu, "reserved": 0, "min_unit": 1, "max_unit": 8, "step_size": 1, "allocation_ratio": 4.0,
			}
		}
		body[path[2]] = offered
	case "traits":
		body[path[2]] = []string{"HW_CPU_X86_VMX", "COMPUTE_NODE"}
	}
	return http.StatusOK, body
}

func (t *ticker) object(uuid string) object {
	return object{"uuid": uuid, "name": "name of " + uuid, "generation": t.generation, "parent_provider_uuid": nil, "root_provider_uuid": uuid}
}

// source starts the Placement. Whoever watches it does so for as short a time as can be.
func (c *clockwork) source(t *testing.T) Source {
	t.Helper()
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	client, err := placement.New(t.Context(), &gophercloud.ServiceClient{
		ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: "placement",
	})
	if err != nil {
		t.Fatal(err)
	}
	return Source{Placement: client, Concurrency: 2, Now: time.Now, Sleep: sleep, Watch: time.Millisecond}
}

func sleep(ctx context.Context, d time.Duration) error {
	time.Sleep(d)
	return context.Cause(ctx)
}

func still(*clockwork, int) {}

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
