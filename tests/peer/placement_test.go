// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// provider is all that Placement says of one.
type provider struct {
	UUID, Name  string
	Parent      string `json:"parent_provider_uuid"`
	inventories map[string]map[string]any
	traits      []string
	aggregates  []string
	shares      map[string]live.Share // by consumer
}

// placement is all of Placement.
type placement struct {
	providers map[string]provider
	held      map[string]map[string]live.Share // by consumer and provider
}

// read reads all of Placement.
func (b *bench) read(ctx context.Context) (placement, error) {
	now := placement{map[string]provider{}, map[string]map[string]live.Share{}}
	var list struct {
		Providers []provider `json:"resource_providers"`
	}
	err := b.cloud.Placement(ctx, http.MethodGet, "/resource_providers", nil, &list)
	for _, p := range list.Providers {
		if err == nil {
			p, err = b.parts(ctx, p)
		}
		now.providers[p.UUID] = p
		for consumer, share := range p.shares {
			if now.held[consumer] == nil {
				now.held[consumer] = map[string]live.Share{}
			}
			now.held[consumer][p.UUID] = share
		}
	}
	return now, err
}

// parts reads the parts of a provider.
func (b *bench) parts(ctx context.Context, p provider) (provider, error) {
	var answer struct {
		Inventories        map[string]map[string]any
		Traits, Aggregates []string
		Allocations        map[string]live.Share
	}
	for _, part := range []string{"inventories", "traits", "aggregates", "allocations"} {
		if err := b.cloud.Placement(ctx, http.MethodGet, "/resource_providers/"+p.UUID+"/"+part, nil, &answer); err != nil {
			return p, err
		}
	}
	slices.Sort(answer.Traits)
	slices.Sort(answer.Aggregates)
	p.inventories, p.traits, p.aggregates, p.shares = answer.Inventories, answer.Traits, answer.Aggregates, answer.Allocations
	return p, nil
}

// restore makes Placement what it was before the first state.
func (s *state) restore() {
	now, err := s.read(s.ctx)
	check := func(err error) {
		if err != nil {
			s.t.Errorf("restore: %v", err)
		}
	}
	check(err)
	right := map[string]bool{}
	for consumer, held := range now.held {
		right[consumer] = reflect.DeepEqual(s.was.held[consumer], held) && !slices.Contains(s.disowned, consumer)
		if !right[consumer] {
			check(s.cloud.Hold(s.ctx, consumer, nil))
		}
	}
	check(s.reshape(s.ctx, now))
	for _, was := range s.was.providers {
		check(s.refit(s.ctx, now.providers[was.UUID], was))
	}
	for consumer, was := range s.was.held {
		if !right[consumer] {
			check(s.cloud.Hold(s.ctx, consumer, was))
		}
	}
	for _, class := range s.classes {
		check(s.cloud.Placement(s.ctx, http.MethodDelete, "/resource_classes/"+class, nil, nil))
	}
}

// reshape deletes the providers that were not there, from the leaves up, and gives the others their names and parents back.
func (b *bench) reshape(ctx context.Context, now placement) error {
	for uuid, was := range b.was.providers {
		if is, there := now.providers[uuid]; there && is.Parent != was.Parent {
			if err := b.rename(ctx, uuid, is.Name, nil); err != nil {
				return err
			}
		}
	}
	extra := slices.DeleteFunc(slices.Collect(maps.Keys(now.providers)), func(uuid string) bool {
		_, known := b.was.providers[uuid]
		return known
	})
	depth := func(uuid string) (n int) {
		for at := now.providers[uuid].Parent; at != ""; at = now.providers[at].Parent {
			n++
		}
		return n
	}
	slices.SortFunc(extra, func(x, y string) int { return depth(y) - depth(x) })
	for _, uuid := range extra {
		if err := b.cloud.Placement(ctx, http.MethodDelete, "/resource_providers/"+uuid, nil, nil); err != nil {
			return err
		}
	}
	for uuid, was := range b.was.providers {
		is, there := now.providers[uuid]
		var err error
		switch {
		case !there:
			err = b.cloud.Placement(ctx, http.MethodPost, "/resource_providers", map[string]any{"uuid": uuid, "name": was.Name}, nil)
		case is.Name != was.Name:
			err = b.cloud.Placement(ctx, http.MethodPut, "/resource_providers/"+uuid, map[string]any{"name": was.Name}, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refit writes those parts of a provider that are not as they were.
func (b *bench) refit(ctx context.Context, is, was provider) error {
	var err error
	if !reflect.DeepEqual(is.inventories, was.inventories) {
		err = b.put(ctx, was.UUID, "inventories", was.inventories)
	}
	if err == nil && !slices.Equal(is.traits, was.traits) {
		err = b.put(ctx, was.UUID, "traits", was.traits)
	}
	if err == nil && !slices.Equal(is.aggregates, was.aggregates) {
		err = b.put(ctx, was.UUID, "aggregates", was.aggregates)
	}
	return err
}

// put replaces one part of a provider.
func (b *bench) put(ctx context.Context, uuid, part string, value any) error {
	var answer struct{ Generation int }
	path := "/resource_providers/" + uuid
	if err := b.cloud.Placement(ctx, http.MethodGet, path, nil, &answer); err != nil {
		return err
	}
	return b.cloud.Placement(ctx, http.MethodPut, path+"/"+part, map[string]any{
		"resource_provider_generation": answer.Generation, part: value,
	}, nil)
}

// rename gives a provider a name and a parent, or none.
func (b *bench) rename(ctx context.Context, uuid, name string, parent any) error {
	answer := b.raw.At("1.37").Do(ctx, http.MethodPut, "/resource_providers/"+uuid, map[string]any{"name": name, "parent_provider_uuid": parent})
	if answer.Err == nil && answer.Status != http.StatusOK {
		b.t.Errorf("PUT of provider %s: %d %s", uuid, answer.Status, answer.Body)
	}
	return answer.Err
}

// class makes a custom resource class.
func (s *state) class(name string) {
	s.must(s.cloud.Placement(s.ctx, http.MethodPut, "/resource_classes/"+name, nil, nil))
	s.classes = append(s.classes, name)
}

// custom makes a custom class of a name of its own.
func (s *state) custom() string {
	class := "CUSTOM_PEER_" + strings.ToUpper(strings.ReplaceAll(live.UUID(), "-", "_"))
	s.class(class)
	return class
}

// provider makes one with these classes.
func (s *state) provider(name, parent string, classes ...string) string {
	id := live.UUID()
	body := map[string]any{"name": name, "uuid": id}
	if name == "" {
		body["name"] = "peer-" + id[:8]
	}
	if parent != "" {
		body["parent_provider_uuid"] = parent
	}
	s.must(s.cloud.Placement(s.ctx, http.MethodPost, "/resource_providers", body, nil))
	inventories := map[string]map[string]any{}
	for _, class := range classes {
		inventories[class] = map[string]any{"total": 1000, "max_unit": 1000}
	}
	if len(classes) > 0 {
		s.must(s.put(s.ctx, id, "inventories", inventories))
	}
	return id
}

// computeRoot makes the provider of a host that is gone.
func (s *state) computeRoot(name string, classes ...string) string {
	root := s.provider(name, "", classes...)
	s.must(s.put(s.ctx, root, "traits", []string{"COMPUTE_NODE"}))
	return root
}

// details reads one provider.
func (s *state) details(uuid string) provider {
	p, err := s.parts(s.ctx, provider{UUID: uuid})
	s.must(err)
	return p
}

// amend changes fields of an inventory.
func (s *state) amend(uuid, class string, fields map[string]any) {
	inventories := s.details(uuid).inventories
	maps.Copy(inventories[class], fields)
	s.must(s.put(s.ctx, uuid, "inventories", inventories))
}

// trait adds a trait to a provider or takes it away.
func (s *state) trait(uuid, trait string, has bool) {
	traits := slices.DeleteFunc(s.details(uuid).traits, func(other string) bool { return other == trait })
	if has {
		traits = append(traits, trait)
	}
	s.must(s.put(s.ctx, uuid, "traits", traits))
}

// sharing makes a provider that shares its disk with a host.
func (s *state) sharing(host string) string {
	shared, aggregate := s.provider("", "", "DISK_GB"), live.UUID()
	s.must(s.put(s.ctx, shared, "traits", []string{"MISC_SHARES_VIA_AGGREGATE"}))
	s.must(s.put(s.ctx, shared, "aggregates", []string{aggregate}))
	s.must(s.put(s.ctx, host, "aggregates", append(s.details(host).aggregates, aggregate)))
	return shared
}
