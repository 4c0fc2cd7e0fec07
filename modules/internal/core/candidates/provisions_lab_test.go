// SPDX-License-Identifier: Apache-2.0

//go:build lab

package candidates_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// bench is the Placement of the lab.
type bench struct {
	t        *testing.T
	raw      *live.Raw
	consumer string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	lab := live.FindProfile(t, cmp.Or(profile(), "placement"))
	b := &bench{t: t, raw: lab.Raw(t).At("1.39")}
	b.sweep()
	for _, class := range classes() {
		b.do(http.MethodPut, "/resource_classes/"+class, nil)
	}
	for _, trait := range traits() {
		b.do(http.MethodPut, "/traits/"+trait, nil)
	}
	return b
}

// listed is a provider as Placement lists it.
type listed struct {
	UUID, Name string
	Generation int
}

func (b *bench) providers() []listed {
	b.t.Helper()
	var all struct {
		Providers []listed `json:"resource_providers"`
	}
	if err := json.Unmarshal(b.do(http.MethodGet, "/resource_providers", nil).Body, &all); err != nil {
		b.t.Fatal(err)
	}
	return all.Providers
}

// sweep takes away what an earlier run has left: with it, no answer would be right.
func (b *bench) sweep() {
	b.t.Helper()
	for _, p := range slices.Backward(b.providers()) {
		if strings.HasPrefix(p.Name, "candidates-") {
			b.empty(p.UUID)
			b.do(http.MethodDelete, "/resource_providers/"+p.UUID, nil)
		}
	}
}

// empty takes from all consumers what they hold on a provider.
func (b *bench) empty(provider string) {
	b.t.Helper()
	var held struct{ Allocations map[string]any }
	if err := json.Unmarshal(b.do(http.MethodGet, "/resource_providers/"+provider+"/allocations", nil).Body, &held); err != nil {
		b.t.Fatal(err)
	}
	for consumer := range held.Allocations {
		b.do(http.MethodDelete, "/allocations/"+consumer, nil)
	}
}

func (b *bench) do(method, path string, body any) live.Answer {
	b.t.Helper()
	a := b.raw.Do(b.t.Context(), method, path, body)
	if a.Err != nil || a.Status >= http.StatusMultipleChoices {
		b.t.Fatalf("%s %s: %d %s %v", method, path, a.Status, a.Body, a.Err)
	}
	return a
}

type object = map[string]any

// make makes the providers, and one consumer that holds what they say is used: first with room for it, then with the inventories that
// they shall have. Placement moves whole trees in one request.
func (b *bench) make(made []candidates.Provider) {
	b.t.Helper()
	wide, exact, held := map[string]object{}, map[string]object{}, object{}
	for _, p := range made {
		b.makeOne(p)
		wide[p.UUID], exact[p.UUID] = object{}, object{}
		used := maps.Clone(p.Usages)
		maps.DeleteFunc(used, func(class string, n int) bool { _, has := p.Inventories[class]; return n == 0 || !has })
		for class, i := range p.Inventories {
			wide[p.UUID][class], exact[p.UUID][class] = object{"total": 100000}, i
		}
		if len(used) > 0 {
			held[p.UUID] = object{"resources": used}
		}
	}
	b.reshape(wide)
	if len(held) > 0 {
		b.consumer = live.UUID()
		b.do(http.MethodPut, "/allocations/"+b.consumer, object{
			"allocations": held, "project_id": live.UUID(), "user_id": live.UUID(), "consumer_generation": nil, "consumer_type": "TEST",
		})
	}
	b.reshape(exact)
}

// makeOne makes a provider without inventories.
func (b *bench) makeOne(p candidates.Provider) {
	b.t.Helper()
	body := object{"uuid": p.UUID, "name": "candidates-" + p.UUID}
	if p.ParentUUID != "" {
		body["parent_provider_uuid"] = p.ParentUUID
	}
	b.do(http.MethodPost, "/resource_providers", body)
	generation := 0
	if len(p.Traits) > 0 {
		b.do(http.MethodPut, "/resource_providers/"+p.UUID+"/traits", object{"resource_provider_generation": generation, "traits": p.Traits})
		generation++
	}
	if len(p.Aggregates) > 0 {
		b.do(http.MethodPut, "/resource_providers/"+p.UUID+"/aggregates", object{"resource_provider_generation": generation, "aggregates": p.Aggregates})
	}
}

// reshape sets the inventories of providers, all at once.
func (b *bench) reshape(inventories map[string]object) {
	b.t.Helper()
	all := object{}
	for _, p := range b.providers() {
		if mine, ours := inventories[p.UUID]; ours {
			all[p.UUID] = object{"resource_provider_generation": p.Generation, "inventories": mine}
		}
	}
	b.do(http.MethodPost, "/reshaper", object{"inventories": all, "allocations": object{}})
}

// unmake takes everything away again.
func (b *bench) unmake(made []candidates.Provider) {
	b.t.Helper()
	ctx := context.WithoutCancel(b.t.Context())
	if b.consumer != "" {
		b.raw.Do(ctx, http.MethodDelete, "/allocations/"+b.consumer, nil)
		b.consumer = ""
	}
	for _, p := range slices.Backward(made) {
		if a := b.raw.Do(ctx, http.MethodDelete, "/resource_providers/"+p.UUID, nil); a.Status != http.StatusNoContent {
			b.t.Errorf("resource provider %s stays: %d %s %v", p.UUID, a.Status, a.Body, a.Err)
		}
	}
}

// ask returns Placement's candidates as lines, or how it refused.
func (b *bench) ask(r *candidates.Request) (found map[string]bool, refused string) {
	b.t.Helper()
	a := b.raw.Do(b.t.Context(), http.MethodGet, "/allocation_candidates?"+r.Query().Encode(), nil)
	if a.Err != nil || a.Status != http.StatusOK {
		return nil, fmt.Sprintf("%d %s %v", a.Status, a.Body, a.Err)
	}
	var answer struct {
		Requests []struct {
			Allocations map[string]struct{ Resources map[string]int }
			Mappings    map[string][]string
		} `json:"allocation_requests"`
	}
	if err := json.Unmarshal(a.Body, &answer); err != nil {
		b.t.Fatal(err)
	}
	found = map[string]bool{}
	for _, one := range answer.Requests {
		c := candidates.Candidate{Takes: map[candidates.Take]int{}, By: one.Mappings}
		for provider, from := range one.Allocations {
			for class, amount := range from.Resources {
				c.Takes[candidates.Take{Provider: provider, Class: class}] = amount
			}
		}
		for _, by := range c.By {
			slices.Sort(by)
		}
		found[text(c)] = true
	}
	return found, ""
}
