// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// A list that the audit reads, and the parts of the snapshot that it is for.
type reading struct {
	name, service string
	matches       func(path string) bool
	parts         []snapshot.Part
	second        bool // it is read at the second look only
	providers     bool // the second look at providers reads it too
}

// checksWithout lists the checks that can't be run without what the reading is for; of a second look only those that
// have found something to look at.
func (r reading) checksWithout(whole []string) []string {
	var ids []string
	for _, c := range checks.All() {
		if c.OnDemand { // nobody asks for it: see TestWatchUnread and TestCustomNamesUnread
			continue
		}
		needs := slices.ContainsFunc(c.Needs, func(p snapshot.Part) bool { return slices.Contains(r.parts, p) })
		again := slices.Contains(whole, c.ID)
		if needs && (!r.second || again) || r.providers && again && c.Subject == check.OfProvider {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// secondUsages matches the reads of usages behind a read of a provider alone, with which the second look begins.
func secondUsages() func(string) bool {
	var again atomic.Bool
	return func(path string) bool {
		if rest, one := strings.CutPrefix(path, "/resource_providers/"); one && !strings.Contains(rest, "/") {
			again.Store(true)
		}
		return again.Load() && ofProvider("/usages")(path)
	}
}

func has(part string) func(string) bool {
	return func(path string) bool { return strings.Contains(path, part) }
}

func both(a, b func(string) bool) func(string) bool {
	return func(path string) bool { return a(path) && b(path) }
}

func either(a, b func(string) bool) func(string) bool {
	return func(path string) bool { return a(path) || b(path) }
}

// ofProvider matches what belongs to a provider.
func ofProvider(what string) func(string) bool {
	return func(path string) bool {
		return strings.HasPrefix(path, "/resource_providers/") && strings.HasSuffix(path, what)
	}
}

func exactly(want string) func(string) bool { return func(path string) bool { return path == want } }

func readings() []reading {
	cells := []snapshot.Part{snapshot.Services, snapshot.Hypervisors, snapshot.Servers, snapshot.Migrations}
	one := func(p snapshot.Part) []snapshot.Part { return []snapshot.Part{p} }
	single := func(p string) bool { return strings.Contains(p, "/servers/") && !strings.Contains(p, "detail") }
	return []reading{
		{
			name: "providers", service: "placement", matches: exactly("/resource_providers"), parts: []snapshot.Part{
				snapshot.Providers, snapshot.Traits, snapshot.Usages, snapshot.Capacities, snapshot.Allocations, snapshot.Incomplete,
				snapshot.Memberships, snapshot.Inventories,
			},
		},
		{name: "known traits", service: "placement", matches: has("/traits?"), parts: one(snapshot.Traits)},
		{name: "holders of traits", service: "placement", matches: has("required="), parts: one(snapshot.Traits)},
		{
			name: "inventories", service: "placement", matches: either(has("/allocation_candidates"), has("/inventories")),
			parts: []snapshot.Part{snapshot.Capacities, snapshot.Inventories}, providers: true,
		},
		{
			name: "usages", service: "placement", matches: either(has("/allocation_candidates"), ofProvider("/usages")),
			parts: one(snapshot.Usages), providers: true,
		},
		{name: "allocations", service: "placement", matches: ofProvider("/allocations"), parts: one(snapshot.Allocations)},
		{name: "incomplete consumers", service: "placement", matches: has("/usages?project_id="), parts: one(snapshot.Incomplete)},
		{name: "memberships", service: "placement", matches: ofProvider("/aggregates"), parts: one(snapshot.Memberships)},
		{name: "services", service: "compute", matches: has("/os-services"), parts: cells},
		{name: "hypervisors", service: "compute", matches: exactly("/os-hypervisors/detail"), parts: one(snapshot.Hypervisors)},
		{name: "second page of hypervisors", service: "compute", matches: has("/os-hypervisors/detail?"), parts: one(snapshot.Hypervisors)},
		{name: "servers", service: "compute", matches: exactly("/servers/detail?all_tenants=True"), parts: one(snapshot.Servers)},
		{name: "second page of servers", service: "compute", matches: both(has("/servers/detail"), has("marker=")), parts: one(snapshot.Servers)},
		{name: "migrations", service: "compute", matches: exactly("/os-migrations"), parts: one(snapshot.Migrations)},
		{name: "second page of migrations", service: "compute", matches: has("/os-migrations?"), parts: one(snapshot.Migrations)},
		{
			name: "second look at consumers", service: "placement", parts: one(snapshot.Allocations), second: true,
			matches: func(p string) bool { return strings.HasPrefix(p, "/allocations/") },
		},
		{name: "second look at usages", service: "placement", matches: secondUsages(), providers: true},
		{name: "second look at traits", service: "placement", matches: ofProvider("/traits"), providers: true},
		{name: "aggregates", service: "compute", matches: has("/os-aggregates"), parts: one(snapshot.Aggregates)},
		{name: "servers deleted lately", service: "compute", matches: has("deleted="), parts: one(snapshot.Servers), second: true},
		{name: "servers of other projects", service: "compute", matches: has("soft_deleted="), parts: one(snapshot.Servers), second: true},
		{name: "second look at servers", service: "compute", matches: single, parts: one(snapshot.Servers), second: true},
	}
}
