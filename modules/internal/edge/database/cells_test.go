// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

// of makes rows of texts and nil.
func of(rows ...[]any) [][]driver.Value {
	var out [][]driver.Value
	for _, one := range rows {
		out = append(out, rowsOf(1, func(int) []any { return one })(0))
	}
	return out
}

// withSecondCell reads a cloud of two cells with a host and a server each. The first is whole.
func withSecondCell(t *testing.T, second *querytest.Server, o sweep) *found {
	t.Helper()
	api := querytest.Session(t, &querytest.Server{Rows: map[string][][]driver.Value{
		"host_mappings":     of([]any{"h1", "1"}, []any{"h2", "2"}),
		"instance_mappings": of([]any{"s1", "1", "0", "p", "u", largeModern}, []any{"s2", "2", "0", "p", "u", largeModern}),
	}})
	full := &querytest.Server{Rows: map[string][][]driver.Value{
		"services":      of([]any{"v1", "nova-compute", "h1", "0", "0", largeModern, largeModern, largeModern, "5"}),
		"compute_nodes": of([]any{"n1", "h1", "h1", "QEMU", "1", "1", "1"}),
	}}
	f := &found{s: &snapshot.Snapshot{Parts: map[snapshot.Part]snapshot.Status{}}, registry: newRegistry(api, "x", once.NewIDs())}
	for i, s := range []*query.Session{querytest.Session(t, full), querytest.Session(t, second)} {
		c := newCell([]string{"c1", "c2"}[i], "", f.registry.ids)
		c.s, c.schema = s, "x"
		f.registry.add(i+1, c)
	}
	for _, c := range f.registry.cells {
		c.begin(t.Context(), o)
	}
	f.registry.read(t.Context(), o)
	for _, c := range f.registry.cells {
		c.read(t.Context(), o)
	}
	f.registry.readLast(t.Context(), o)
	f.assemble(o, nil, nil)
	return f
}

func ofCells() sweep {
	return sweep{parts: []snapshot.Part{snapshot.Services, snapshot.Hypervisors, snapshot.Servers, snapshot.Migrations}, downTime: 60e9}
}

// A cell whose tables may not be read is unread, as one that does not answer: the hosts of the other one are judged.
func TestDeniedCell(t *testing.T) {
	without(t, withSecondCell(t, &querytest.Server{Denied: true}, ofCells()), "services", "docs/database.md")
}

// A table of a cell that this user may not read is unread in all cells, and the others are read.
func TestDeniedTableOfACell(t *testing.T) {
	for table, part := range map[string]snapshot.Part{"compute_nodes": snapshot.Hypervisors, "migrations": snapshot.Migrations, "instances": snapshot.Servers} {
		f := withSecondCell(t, &querytest.Server{Deny: table, Rows: map[string][][]driver.Value{
			"services": of([]any{"v2", "nova-compute", "h2", "0", "0", largeModern, largeModern, largeModern, "5"}),
		}}, ofCells())
		for _, p := range ofCells().parts {
			if st := f.s.Parts[p]; st.Partial || st.Read == (p == part) || p == part && !strings.Contains(st.Reason, table) {
				t.Errorf("%s: %s: %+v", table, p, st)
			}
		}
	}
}

// So is a cell of which a table can't be read after others were, whichever it is: a lost connection takes no other cell with it.
func TestCellThatDies(t *testing.T) {
	for _, table := range []string{"services", "compute_nodes", "migrations", "instances"} {
		second := &querytest.Server{Broken: table, Rows: map[string][][]driver.Value{
			"services":      of([]any{"v2", "nova-compute", "h2", "0", "0", largeModern, largeModern, largeModern, "5"}),
			"compute_nodes": of([]any{"n2", "h2", "h2", "QEMU", "1", "1", "1"}),
			"instances":     of(instance("s2", "h2", smallFlavor), instance("s9", "h2", smallFlavor)),
		}}
		f := withSecondCell(t, second, ofCells())
		without(t, f, table, "statement_timeout")
		if got := f.s.Blind.Hosts; !slices.Equal(got, []string{"h2"}) {
			t.Errorf("%s: blind to %v", table, got)
		}
	}
}

const smallFlavor = `{"cur": {"nova_object.data": {"name": "m1.small", "vcpus": 1, "memory_mb": 2048, "root_gb": 20}}}`

// instance is a row of the servers that are active.
func instance(uuid, host string, flavor any) []any {
	return []any{uuid, uuid, "active", nil, host, host, "p", "u", largeModern, largeModern, largeModern, "image", "0", flavor}
}

// without wants the second of two cells to be unread, with these words in the reason, and the first to be read.
func without(t *testing.T, f *found, words ...string) {
	t.Helper()
	for _, part := range []snapshot.Part{snapshot.Hypervisors, snapshot.Servers, snapshot.Migrations} {
		for _, word := range append(words, "c2") {
			if st := f.s.Parts[part]; !st.Partial || !strings.Contains(st.Reason, word) {
				t.Errorf("%s: %+v, want %q", part, st, word)
			}
		}
	}
	if !f.s.Parts[snapshot.Services].Read || len(f.s.HypervisorList) != 1 || f.s.HypervisorList[0].State != "up" {
		t.Errorf("%+v, %+v", f.s.Parts[snapshot.Services], f.s.HypervisorList)
	}
	if len(f.s.ServerList) != 1 || f.s.ServerList[0].Status != openstack.Unknown || f.s.ServerList[0].UUID != "s2" {
		t.Errorf("servers %+v", f.s.ServerList)
	}
}

// A host aggregate without UUID is a finding, and fails nothing.
func TestAggregateWithoutUUID(t *testing.T) {
	a := newRegistry(querytest.Session(t, &querytest.Server{Rows: map[string][][]driver.Value{
		"aggregates":      of([]any{"1", "a1", "good"}, []any{"2", nil, "old"}),
		"aggregate_hosts": of([]any{"1", "1", "h1"}, []any{"2", "2", "h2"}, []any{"3", "9", "h3"}),
	}}), "x", once.NewIDs())
	a.read(t.Context(), sweep{parts: []snapshot.Part{snapshot.Aggregates}})
	if len(a.unread) > 0 || len(a.aggregates) != 1 || a.aggregates[0].Name != "good" || len(a.aggregates[0].Hosts) != 1 {
		t.Fatalf("%v %+v", a.unread, a.aggregates)
	}
	d := &snapshot.Database{}
	a.rows(d)
	if len(d.Dangling) != 2 || d.Dangling[0].Column != "uuid" || d.Dangling[0].Examples[0] != "old" || d.Dangling[1].Examples[0] != "h3" {
		t.Errorf("%+v", d.Dangling)
	}
}

// A mapping of which it is not known whether its server is deleted is one of a server that is there, as in Nova, but no row that points
// to nothing.
func TestMappingBeforeQueuedForDelete(t *testing.T) {
	a := newRegistry(nil, "x", once.NewIDs())
	down, up := newCell("c1", "", a.ids), newCell("c2", "", a.ids)
	down.down, down.place, up.place = errors.New("gone"), 1, 2
	a.cells, a.byNumber = []*cell{down, up}, map[int]*cell{1: down, 2: up}
	for _, r := range []query.Row{raw("s1", "1", "", "p", "u", ""), raw("s2", "1", "1", "p", "u", ""), raw("s3", "1", "0", "p", "u", ""), raw("s4", "2", "", "p", "u", "")} {
		if err := a.server(r); err != nil {
			t.Fatal(err)
		}
	}
	if got := uuids(down.unknown); !slices.Equal(got, []string{"s1", "s3"}) || up.expected != 1 {
		t.Errorf("of the cell that is down %v, of the other %d", got, up.expected)
	}
	d := &snapshot.Database{}
	if a.rows(d); len(d.Dangling) > 0 {
		t.Errorf("%+v", d.Dangling)
	}
}
