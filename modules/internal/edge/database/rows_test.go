// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql/driver"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// readAll reads one server that has all databases, with one cell, as sweep does.
func readAll(t *testing.T, server *querytest.Server, o sweep) *found {
	t.Helper()
	s, k := querytest.Session(t, server), once.NewIDs()
	f := &found{s: &snapshot.Snapshot{Parts: map[snapshot.Part]snapshot.Status{}}, stock: newStock(s, "x", k), registry: newRegistry(s, "x", k)}
	c := newCell("c", "cell1", k)
	c.s, c.schema = s, "x"
	f.registry.add(1, c)
	c.begin(t.Context(), o)
	f.stock.read(t.Context(), o.needs, o.keep)
	f.registry.read(t.Context(), o)
	c.read(t.Context(), o)
	f.registry.readLast(t.Context(), o)
	f.assemble(o, nil, nil)
	return f
}

// torn are the rows of a cloud in which every table has one that points to nothing.
func torn() map[string][][]driver.Value {
	return map[string][][]driver.Value{
		"resource_classes":             of([]any{"1", "VCPU"}),
		"resource_providers":           of([]any{"5", "p-1", "h1", "3", "5", nil}, []any{"6", "p-2", "child", "0", "5", "77"}),
		"inventories":                  of([]any{"5", "1", "8", "0", "1", "8", "1", "16"}, []any{"9", "1", "8", "0", "1", "8", "1", "16"}, []any{"5", "4", "8", "0", "1", "8", "1", "16"}),
		"resource_provider_aggregates": of([]any{"5", "a1", "1"}, []any{"9", "a1", "1"}, []any{"5", nil, "7"}),
		"projects":                     of([]any{"1", "p"}),
		"users":                        of([]any{"1", "u"}),
		"consumers":                    of([]any{"c-1", "1", "1", "1", nil}),
		"allocations":                  of([]any{"5", "1", "c-1", "2"}, []any{"9", "1", "c-1", "2"}, []any{"5", "4", "c-1", "2"}),
		"host_mappings":                of([]any{"h1", "1"}, []any{"h9", "9"}, []any{"nobody", "1"}),
		"instance_mappings":            of([]any{"s1", "1", "0", "p", "u", largeModern}, []any{"s2", "9", "0", "p", "u", largeModern}),
		"aggregates":                   of([]any{"1", "a1", "good"}, []any{"2", nil, "old"}),
		"aggregate_hosts":              of([]any{"1", "1", "h1"}, []any{"3", "9", "h3"}),
		"services":                     of([]any{"v1", "nova-compute", "h1", "0", "0", largeModern, largeModern, largeModern, "5"}),
		"compute_nodes":                of([]any{"p-1", "h1", "h1", "QEMU", "1", "1", "1"}, []any{"n7", "h7", "h7", "QEMU", "1", "1", "1"}),
	}
}

func places(d *snapshot.Database) []string {
	var out []string
	for _, one := range d.Dangling {
		out = append(out, one.Table+"."+one.Column)
	}
	slices.Sort(out)
	return out
}

// Whoever asks for the rows alone gets the same rows as a whole audit.
func TestRowsAlone(t *testing.T) {
	whole := readAll(t, &querytest.Server{Rows: torn()}, sweep{parts: expand(snapshot.AllParts())}).s
	alone := readAll(t, &querytest.Server{Rows: torn()}, sweep{parts: expand([]snapshot.Part{snapshot.Rows})}).s
	want := []string{
		"nova_api.aggregate_hosts.aggregate_id", "nova_api.aggregates.uuid", "nova_api.host_mappings.cell_id", "nova_api.host_mappings.host",
		"nova_api.instance_mappings.cell_id", "nova_api.instance_mappings.instance_uuid", "nova_cell.compute_nodes.host",
		"placement.allocations.resource_class_id", "placement.allocations.resource_provider_id", "placement.inventories.resource_class_id",
		"placement.inventories.resource_provider_id", "placement.resource_provider_aggregates.aggregate_id",
		"placement.resource_provider_aggregates.resource_provider_id", "placement.resource_providers.parent_provider_id",
	}
	if got := places(whole.Rows); !slices.Equal(got, want) {
		t.Errorf("found\n%v, want\n%v", got, want)
	}
	if !alone.Parts[snapshot.Rows].Read || !reflect.DeepEqual(alone.Rows, whole.Rows) {
		t.Errorf("%+v\n%+v, want\n%+v", alone.Parts[snapshot.Rows], alone.Rows, whole.Rows)
	}
}

// No table that the rows rest on is taken for empty when it may not be read: the rows are unread, or those of the cell that has it.
func TestRowsDenied(t *testing.T) {
	for _, table := range slices.Sorted(maps.Keys(torn())) {
		s := readAll(t, &querytest.Server{Rows: torn(), Deny: table}, sweep{parts: expand([]snapshot.Part{snapshot.Rows})}).s
		st, reason := s.Parts[snapshot.Rows], s.Parts[snapshot.Rows].Reason
		if st.Read {
			reason = s.Rows.Cells[0].Unread
		}
		if !strings.Contains(reason, "table "+table+" ") {
			t.Errorf("%s: %+v, %+v", table, st, s.Rows)
		}
	}
}
