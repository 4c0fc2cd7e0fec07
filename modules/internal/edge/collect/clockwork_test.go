// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"

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
