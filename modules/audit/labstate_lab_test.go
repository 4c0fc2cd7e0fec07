// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// labProvider is a resource provider as Placement lists it.
type labProvider struct {
	UUID   string `json:"uuid"`
	Name   string `json:"name"`
	Parent string `json:"parent_provider_uuid,omitempty"`
}

// inventory is one class of a provider, with all fields.
type inventory map[string]any

// holding is what a consumer holds, by provider, and whose it is.
type holding struct {
	Allocations map[string]amounts `json:"allocations"`
	Project     string             `json:"project_id"`
	User        string             `json:"user_id"`
	Generation  *int               `json:"consumer_generation"`
}

type amounts struct {
	Resources map[string]int `json:"resources"`
}

// state is all that Placement says of one provider.
type state struct {
	inventories map[string]inventory
	traits      []string
	aggregates  []string
	consumers   []string
}

func (b *bench) providers() []labProvider {
	b.t.Helper()
	var list struct {
		Providers []labProvider `json:"resource_providers"`
	}
	b.send(b.place, http.MethodGet, "/resource_providers", nil, &list)
	return list.Providers
}

func (b *bench) stateOf(uuid string) state {
	b.t.Helper()
	var answer struct {
		Inventories        map[string]inventory
		Traits, Aggregates []string
		Allocations        map[string]any
	}
	for _, part := range []string{"inventories", "traits", "aggregates", "allocations"} {
		b.send(b.place, http.MethodGet, "/resource_providers/"+uuid+"/"+part, nil, &answer)
	}
	slices.Sort(answer.Traits)
	slices.Sort(answer.Aggregates)
	return state{answer.Inventories, answer.Traits, answer.Aggregates, slices.Sorted(maps.Keys(answer.Allocations))}
}

func (b *bench) generation(uuid string) int {
	b.t.Helper()
	var answer struct{ Generation int }
	b.send(b.place, http.MethodGet, "/resource_providers/"+uuid, nil, &answer)
	return answer.Generation
}

// put replaces one part of a provider: inventories, traits or aggregates. nova-compute may write at the same moment.
func (b *bench) put(uuid, part string, value any) {
	b.t.Helper()
	b.until(part+" of "+uuid, func() bool {
		b.t.Helper()
		answer := b.place.Do(context.WithoutCancel(b.t.Context()), http.MethodPut, "/resource_providers/"+uuid+"/"+part, map[string]any{
			"resource_provider_generation": b.generation(uuid), part: value,
		})
		if conflict := strings.Contains(string(answer.Body), "placement.concurrent_update"); answer.Err != nil || answer.Status >= http.StatusMultipleChoices && !conflict {
			b.t.Fatalf("PUT %s of %s: %v: %d %s %v", part, uuid, value, answer.Status, answer.Body, answer.Err)
		}
		return answer.Status < http.StatusMultipleChoices
	})
}

// amend is openstack resource provider inventory set --amend.
func (b *bench) amend(uuid, class string, fields inventory) {
	b.t.Helper()
	all := b.stateOf(uuid).inventories
	maps.Copy(all[class], fields)
	b.put(uuid, "inventories", all)
}

// setTrait adds a trait to a provider or takes it away.
func (b *bench) setTrait(uuid, trait string, has bool) {
	b.t.Helper()
	traits := slices.DeleteFunc(b.stateOf(uuid).traits, func(other string) bool { return other == trait })
	if has {
		traits = append(traits, trait)
	}
	b.put(uuid, "traits", traits)
}

// makeProvider makes one, with the trait of a compute node, unless it has a parent.
func (b *bench) makeProvider(p labProvider) {
	b.t.Helper()
	b.send(b.place, http.MethodPost, "/resource_providers", p, nil)
	if p.Parent == "" {
		b.put(p.UUID, "traits", []string{"COMPUTE_NODE"})
	}
}

// remove is openstack resource provider delete.
func (b *bench) remove(uuid string) {
	b.t.Helper()
	b.send(b.place, http.MethodDelete, "/resource_providers/"+uuid, nil, nil)
}

func (b *bench) held(consumer string) holding {
	b.t.Helper()
	var h holding
	b.send(b.place, http.MethodGet, "/allocations/"+consumer, nil, &h)
	return h
}

// hold writes what a consumer holds in place of what it held, guarded by its generation.
func (b *bench) hold(consumer string, h holding) {
	b.t.Helper()
	h.Generation = b.held(consumer).Generation
	b.send(b.place, http.MethodPut, "/allocations/"+consumer, h, nil)
}

// on returns what a small server holds, on that provider and for the lab's own project and user.
func (b *bench) on(provider string) holding {
	b.t.Helper()
	h := b.held(b.server["s1"].ID)
	for _, resources := range h.Allocations {
		h.Allocations = map[string]amounts{provider: resources}
	}
	return h
}

// unset is openstack resource provider allocation unset CONSUMER: it takes all that the consumer holds.
func (b *bench) unset(consumer string) {
	b.t.Helper()
	h := b.held(consumer)
	clear(h.Allocations)
	b.send(b.place, http.MethodPut, "/allocations/"+consumer, h, nil)
}
