// SPDX-License-Identifier: Apache-2.0

package changetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Provider is a resource provider of one test.
type Provider struct {
	*live.Raw
	UUID, Name string
}

// NewProvider makes a provider that is gone, with its allocations, when the test ends.
func NewProvider(t testing.TB, r *live.Raw, prefix string, has change.Inventories) *Provider {
	t.Helper()
	p := &Provider{Raw: r, UUID: live.UUID()}
	p.Name = prefix + "-" + p.UUID[:8]
	a := r.Do(t.Context(), http.MethodPost, "/resource_providers", map[string]any{"name": p.Name, "uuid": p.UUID})
	if a.Err != nil || a.Status != http.StatusOK {
		t.Fatalf("make a provider: %d %s %v", a.Status, a.Body, a.Err)
	}
	t.Cleanup(func() { p.remove(t) })
	p.Reset(t, has)
	return p
}

// Reset gives the provider these inventories, whatever it had.
func (p *Provider) Reset(t testing.TB, has change.Inventories) int {
	t.Helper()
	for range 20 {
		now, err := p.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a := p.Do(t.Context(), http.MethodPut, p.path("inventories"), map[string]any{
			"resource_provider_generation": now.Generation, "inventories": has,
		})
		if a.Status == http.StatusOK {
			return now.Generation + 1
		}
	}
	t.Fatal("the provider can't be written")
	return 0
}

func (p *Provider) path(rest string) string { return "/resource_providers/" + p.UUID + "/" + rest }

func (p *Provider) remove(t testing.TB) {
	ctx := context.WithoutCancel(t.Context())
	var answer struct {
		Allocations map[string]any `json:"allocations"`
	}
	for range 5 {
		a := p.Do(ctx, http.MethodGet, p.path("allocations"), nil)
		if err := json.Unmarshal(a.Body, &answer); err != nil {
			t.Errorf("clean up: %v", err)
		}
		for consumer := range answer.Allocations {
			p.Do(ctx, http.MethodDelete, "/allocations/"+consumer, nil)
		}
		a = p.Do(ctx, http.MethodDelete, "/resource_providers/"+p.UUID, nil)
		if a.Status == http.StatusNoContent {
			return
		}
		time.Sleep(time.Second)
	}
	t.Errorf("provider %s could not be removed", p.Name)
}

// State is a provider at one generation.
type State struct {
	Generation  int
	Used        map[string]int
	Inventories change.Inventories
}

// Read reads usages and inventories of the same generation. The generation is asked for once more at the end: an answer
// may carry a generation that is older than its content.
func (p *Provider) Read(ctx context.Context) (State, error) {
	for ctx.Err() == nil {
		var usages, inventories, last struct {
			Generation  int                `json:"resource_provider_generation"`
			Own         int                `json:"generation"`
			Usages      map[string]int     `json:"usages"`
			Inventories change.Inventories `json:"inventories"`
		}
		if err := p.get(ctx, "usages", &usages); err != nil {
			return State{}, err
		}
		if err := p.get(ctx, "inventories", &inventories); err != nil {
			return State{}, err
		}
		if usages.Generation != inventories.Generation {
			continue
		}
		if err := p.get(ctx, "", &last); err != nil {
			return State{}, err
		}
		if last.Own == usages.Generation {
			return State{last.Own, usages.Usages, inventories.Inventories}, nil
		}
	}
	return State{}, ctx.Err()
}

func (p *Provider) get(ctx context.Context, path string, into any) error {
	a := p.Do(ctx, http.MethodGet, strings.TrimSuffix(p.path(path), "/"), nil)
	if a.Err == nil && a.Status != http.StatusOK {
		a.Err = fmt.Errorf("read %s: %d %s", path, a.Status, a.Body)
	}
	if a.Err != nil {
		return a.Err
	}
	return json.Unmarshal(a.Body, into)
}

// Sleep waits, or ends with the context.
func Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

// Load is what the clients did.
type Load struct {
	Allocated, Freed, Full, Conflicts atomic.Int64
	mu                                sync.Mutex
	odd                               []string
}

// Odd lists answers that no client should get.
func (l *Load) Odd() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.odd
}

// Clients allocate and free until the context ends; Wait for them through the group. They rest between two requests, up to that
// long, and on a slow machine longer: else hardly any writer would get from reading to writing before the next of them.
func (p *Provider) Clients(ctx context.Context, group *sync.WaitGroup, n int, rest time.Duration) *Load {
	l := &Load{}
	for range n {
		group.Go(func() {
			for ctx.Err() == nil {
				l.consumer(ctx, p, rest)
			}
		})
	}
	return l
}

// longRest is the longest rest as a multiple of what a request takes, where that is more than the given one.
const longRest = 100

// consumer lives once: allocates, perhaps takes another amount, frees.
func (l *Load) consumer(ctx context.Context, p *Provider, rest time.Duration) {
	consumer, generation, begun := live.UUID(), any(nil), time.Now()
	done := l.put(ctx, p, consumer, generation, 1+rand.IntN(6)) //nolint:gosec // no secret
	rest = max(rest, longRest*time.Since(begun))
	if !done {
		_ = Sleep(ctx, rand.N(rest)) //nolint:gosec // no secret
		return
	}
	for step := 0; ctx.Err() == nil; step++ {
		_ = Sleep(ctx, rand.N(rest)) //nolint:gosec // no secret
		var now struct {
			Generation *int `json:"consumer_generation"`
		}
		a := p.Do(ctx, http.MethodGet, "/allocations/"+consumer, nil)
		if a.Err != nil || json.Unmarshal(a.Body, &now) != nil || now.Generation == nil {
			l.strange(ctx, a)
			return
		}
		generation = *now.Generation
		amount := 0
		if step == 0 && rand.IntN(3) == 0 { //nolint:gosec // no secret
			amount = 1 + rand.IntN(6) //nolint:gosec // no secret
		}
		if l.put(ctx, p, consumer, generation, amount) && amount == 0 {
			return
		}
	}
}

// put allocates with PUT and the consumer's generation; 0 frees.
func (l *Load) put(ctx context.Context, p *Provider, consumer string, generation any, amount int) bool {
	body := map[string]any{
		"allocations": map[string]any{}, "consumer_generation": generation, "project_id": "race", "user_id": "race",
	}
	if amount > 0 {
		body["allocations"] = map[string]any{p.UUID: map[string]any{"resources": map[string]int{"VCPU": amount, "DISK_GB": 3 * amount}}}
	}
	a := p.Do(ctx, http.MethodPut, "/allocations/"+consumer, body)
	switch {
	case a.Status == http.StatusNoContent && amount == 0:
		l.Freed.Add(1)
	case a.Status == http.StatusNoContent:
		l.Allocated.Add(1)
	case a.Status == http.StatusConflict && strings.Contains(string(a.Body), "concurrent_update"):
		l.Conflicts.Add(1)
	case a.Status == http.StatusConflict:
		l.Full.Add(1)
	default:
		l.strange(ctx, a)
	}
	return a.Status == http.StatusNoContent
}

func (l *Load) strange(ctx context.Context, a live.Answer) {
	if ctx.Err() != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.odd = append(l.odd, fmt.Sprintf("%d %s %v", a.Status, a.Body, a.Err))
}
