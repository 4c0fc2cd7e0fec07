// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// keep puts all of Placement back when the test ends, also if it failed: providers, what they offer, and who holds what. Of
// Nova's own, it takes away what begins with ours, and enables all hosts.
func (b *bench) keep() {
	b.t.Helper()
	before, states, holders := b.providers(), map[string]state{}, map[string]holding{}
	for _, p := range before {
		states[p.UUID] = b.stateOf(p.UUID)
		for _, consumer := range states[p.UUID].consumers {
			holders[consumer] = b.held(consumer)
		}
	}
	b.t.Cleanup(func() {
		b.sweep()
		b.empty(holders)
		b.scrap()
		b.reshape(before)
		for uuid, was := range states {
			b.refit(uuid, was)
		}
		for consumer, was := range holders {
			if now := b.held(consumer); !reflect.DeepEqual(now.Allocations, was.Allocations) || now.Project != was.Project {
				b.hold(consumer, was)
			}
		}
	})
}

// empty takes what consumers hold that held nothing before.
func (b *bench) empty(before map[string]holding) {
	b.t.Helper()
	for _, p := range b.providers() {
		for _, consumer := range b.stateOf(p.UUID).consumers {
			if _, known := before[consumer]; !known {
				b.unset(consumer)
			}
		}
	}
}

// reshape deletes the providers that were not there, children first, and makes again those that are gone.
func (b *bench) reshape(before []labProvider) {
	b.t.Helper()
	known := map[string]bool{}
	for _, p := range before {
		known[p.UUID] = true
	}
	now := map[string]string{}
	for _, children := range []bool{true, false} {
		for _, p := range b.providers() {
			now[p.UUID] = p.Name
			if !known[p.UUID] && (p.Parent != "") == children {
				b.remove(p.UUID)
			}
		}
	}
	for _, p := range before {
		switch name, is := now[p.UUID]; {
		case !is:
			b.makeProvider(p)
		case name != p.Name:
			b.rename(p.UUID, p.Name)
		}
	}
}

// scrap deletes the providers of these tests, and what is held of them.
func (b *bench) scrap() {
	b.t.Helper()
	for _, children := range []bool{true, false} {
		for _, p := range b.providers() {
			if !strings.HasPrefix(p.Name, ours) || (p.Parent != "") != children {
				continue
			}
			for _, consumer := range b.stateOf(p.UUID).consumers {
				h := b.held(consumer)
				delete(h.Allocations, p.UUID)
				b.hold(consumer, h)
			}
			b.remove(p.UUID)
		}
	}
}

// rename is openstack resource provider set --name.
func (b *bench) rename(uuid, name string) {
	b.t.Helper()
	b.send(b.place, http.MethodPut, "/resource_providers/"+uuid, map[string]any{"name": name}, nil)
}

// refit writes those parts of a provider that are not as they were.
func (b *bench) refit(uuid string, was state) {
	b.t.Helper()
	now := b.stateOf(uuid)
	if !reflect.DeepEqual(now.inventories, was.inventories) {
		b.put(uuid, "inventories", was.inventories)
	}
	if !slices.Equal(now.traits, was.traits) {
		b.put(uuid, "traits", was.traits)
	}
	if !slices.Equal(now.aggregates, was.aggregates) {
		b.put(uuid, "aggregates", was.aggregates)
	}
}

// sweep deletes the servers and aggregates that these tests made, and enables all hosts.
func (b *bench) sweep() {
	b.t.Helper()
	b.query("UPDATE nova_cell1.instances SET host=node, task_state=NULL WHERE deleted=0 AND display_name LIKE '" + ours + "%' " +
		"AND (host<>node OR BINARY host<>node OR task_state IS NOT NULL)") // or Nova can't delete them
	for name, s := range b.servers() {
		if strings.HasPrefix(name, ours) {
			b.send(b.nova, http.MethodDelete, "/servers/"+s.ID, nil, nil)
		}
	}
	var list struct{ Aggregates []labAggregate }
	b.send(b.nova, http.MethodGet, "/os-aggregates", nil, &list)
	for _, a := range list.Aggregates {
		if !strings.HasPrefix(a.Name, ours) {
			continue
		}
		for _, host := range a.Hosts {
			b.send(b.nova, http.MethodPost, a.path("/action"), map[string]any{"remove_host": map[string]any{"host": host}}, nil)
		}
		b.send(b.nova, http.MethodDelete, a.path(""), nil, nil)
	}
	for _, s := range b.services() {
		b.enable(s.Host, "enabled")
	}
	b.until("end of the servers", func() bool {
		for name := range b.servers() {
			if strings.HasPrefix(name, ours) {
				return false
			}
		}
		return true
	})
}
