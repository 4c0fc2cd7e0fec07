// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql/driver"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/staleprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// blanked reads a cloud of two hosts whose services are down, with their compute nodes of these UUIDs, and other rows.
func blanked(t *testing.T, uuids []any, more map[string][][]driver.Value) *snapshot.Snapshot {
	t.Helper()
	rows := map[string][][]driver.Value{
		"resource_classes":         of([]any{"1", "VCPU"}),
		"resource_providers":       of([]any{"1", "p-1", "h1", "3", "1", nil}, []any{"2", "p-2", "h2", "3", "2", nil}, []any{"3", "p-3", "h3", "3", "3", nil}),
		"inventories":              of([]any{"1", "1", "8", "0", "1", "8", "1", "16"}, []any{"2", "1", "8", "0", "1", "8", "1", "16"}, []any{"3", "1", "8", "0", "1", "8", "1", "16"}),
		"resource_provider_traits": of([]any{snapshot.TraitComputeNode, "1"}, []any{snapshot.TraitComputeNode, "2"}, []any{snapshot.TraitComputeNode, "3"}),
		"host_mappings":            of([]any{"h1", "1"}, []any{"h2", "1"}),
	}
	for i, host := range []string{"h1", "h2"} {
		rows["services"] = append(rows["services"], of([]any{"v" + host, "nova-compute", host, "0", "0", largeModern, largeModern, largeModern, "500"})...)
		rows["compute_nodes"] = append(rows["compute_nodes"], of([]any{uuids[i], host, host, "QEMU", "1", "1", "1"})...)
	}
	for table, of := range more {
		rows[table] = of
	}
	return readAll(t, &querytest.Server{Rows: rows}, sweep{parts: expand(snapshot.AllParts()), downTime: 60e9}).s
}

// A compute node without UUID hides its host and no other: its provider is not stale, and another one is.
func TestNodeWithoutUUID(t *testing.T) {
	stale := func(s *snapshot.Snapshot) []string {
		return check.Suspects(s, []*check.Check{staleprovider.Check()}, check.Defaults()).Providers
	}
	whole := blanked(t, []any{"p-1", "p-2"}, nil)
	if got := stale(whole); !whole.Parts[snapshot.Hypervisors].Read || !slices.Equal(got, []string{"p-3"}) {
		t.Errorf("of whole rows %+v: %v", whole.Parts[snapshot.Hypervisors], got)
	}
	s := blanked(t, []any{nil, "p-2"}, nil)
	if got := stale(s); !slices.Equal(got, []string{"p-3"}) {
		t.Errorf("stale: %v", got)
	}
	if st := s.Parts[snapshot.Hypervisors]; !st.Partial || !strings.Contains(st.Reason, "compute_nodes") || !slices.Equal(s.Blind.Hosts, []string{"h1"}) ||
		!s.Parts[snapshot.Servers].Read || !s.Parts[snapshot.Migrations].Read || len(s.HypervisorList) != 1 {
		t.Errorf("%+v, %+v", s.Parts, s.HypervisorList)
	}
	if got := places(s.Rows); !s.Parts[snapshot.Rows].Read || !slices.Equal(got, []string{"nova_cell.compute_nodes.uuid"}) {
		t.Errorf("%v", got)
	}
}

// A server whose flavor can't be read is there, and nothing about it is judged; the others are. So is one that is being built.
func TestServersThatCantBeRead(t *testing.T) {
	const half = `{"cur": {"nova_object.data": {"name": "m1.small", "vcpus": 1}}}`
	mapped := func(uuid string) []any { return []any{uuid, "1", "0", "p", "u", largeModern} }
	s := blanked(t, []any{"p-1", "p-2"}, map[string][][]driver.Value{
		"instances":         of(instance("s1", "h1", smallFlavor), instance("s2", "h1", nil), instance("s3", "h1", half), instance("s4", "h1", half)),
		"instance_mappings": of(mapped("s1"), mapped("s2"), mapped("s3"), mapped("s4"), []any{"s5", nil, "0", "p", "u", largeModern}),
		"build_requests":    of([]any{"s5", nil, "p", largeModern}, []any{nil, nil, "p", largeModern}),
	})
	if st := s.Parts[snapshot.Servers]; !st.Read {
		t.Fatalf("%+v", st)
	}
	for _, server := range s.ServerList {
		busy := s.Busy(server, 0)
		if (server.Status == openstack.Unknown) == (server.UUID == "s1") || (busy == "its flavor can't be read") == (server.UUID == "s1") {
			t.Errorf("%+v: %q", server, busy)
		}
	}
	if got := uuids(s.ServerList); !slices.Equal(got, []string{"s1", "s2", "s3", "s4", "s5"}) {
		t.Errorf("%v", got)
	}
	if got := places(s.Rows); !slices.Equal(got, []string{"nova_api.build_requests.instance", "nova_cell.instance_extra.flavor"}) {
		t.Errorf("%v", got)
	}
}
