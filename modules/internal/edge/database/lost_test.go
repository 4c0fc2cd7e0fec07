// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/pool"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
)

func raw(texts ...string) query.Row {
	r := query.Row{}
	for _, text := range texts {
		r = append(r, sql.RawBytes(text))
	}
	return r
}

// place is where a UUID stands among the ids.
func place(t *testing.T, of *once.IDs, uuid string) int32 {
	t.Helper()
	i, _, err := of.Of(sql.RawBytes(uuid))
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// Hosts that are mapped to no cell are one entry of their table, however many they are.
func TestStrayHosts(t *testing.T) {
	a := newRegistry(nil, "nova_api", once.NewIDs())
	for i := range 12 {
		if err := a.host(raw(fmt.Sprintf("host%02d", i), "7")); err != nil {
			t.Fatal(err)
		}
	}
	d := &snapshot.Database{}
	a.rows(d)
	if len(d.Dangling) != 1 || d.Dangling[0].Count != 12 || len(d.Dangling[0].Examples) != 10 {
		t.Errorf("%+v", d.Dangling)
	}
}

// A server is lost if Nova lists it and no mapping leads to its cell: not a mapped one, not a hidden or a soft-deleted one.
func TestLostServers(t *testing.T) {
	a := newRegistry(nil, "nova_api", once.NewIDs())
	one, two := newCell("1", "", a.ids), newCell("2", "", a.ids)
	one.place, two.place = 1, 2
	one.servers = []openstack.Server{{UUID: "mapped"}, {UUID: "lost"}, {UUID: "elsewhere"}}
	for _, uuid := range []string{"mapped", "lost", "elsewhere", "soft-deleted"} {
		one.alive = append(one.alive, place(t, a.ids, uuid))
	}
	a.cells = []*cell{one, two}
	a.mappings = []mapping{{server: place(t, a.ids, "mapped"), cell: 1}, {server: place(t, a.ids, "elsewhere"), cell: 2}}
	d := &snapshot.Database{}
	a.rows(d)
	if want := []string{"elsewhere", "lost"}; !slices.Equal(d.Lost, want) {
		t.Errorf("lost %v, want %v", d.Lost, want)
	}
}

// A cloud that lost all its mappings is judged in time that grows with its servers, not with their square.
func TestManyLostServers(t *testing.T) {
	const servers = 100_000
	a := newRegistry(nil, "nova_api", once.NewIDs())
	c := newCell("1", "", a.ids)
	c.place = 1
	for i := range servers {
		uuid := fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
		c.servers, c.alive = append(c.servers, openstack.Server{UUID: uuid}), append(c.alive, place(t, a.ids, uuid))
	}
	a.cells = []*cell{c}
	d := &snapshot.Database{}
	a.rows(d)
	if len(d.Lost) != servers {
		t.Errorf("%d are lost", len(d.Lost))
	}
}

// Mappings of deleted servers are not kept, however many there are, but those that say something: one of a server that is still there
// keeps it from being lost, and one of no cell points to nothing.
func TestGoneMappings(t *testing.T) {
	const gone = 50_000
	server := &querytest.Server{Rows: torn(), Made: map[string]func(int) []driver.Value{
		"instance_mappings gone": rowsOf(gone+2, func(i int) []any {
			switch i {
			case gone:
				return []any{"s3", "1"}
			case gone + 1:
				return []any{"s4", "9"}
			}
			return []any{serverUUID(i), "1"}
		}),
	}}
	server.Rows["instances"] = of(instance("s1", "h1", smallFlavor), instance("s3", "h1", smallFlavor), instance("s5", "h1", smallFlavor))
	f := readAll(t, server, sweep{parts: expand(snapshot.AllParts())})
	if known := f.registry.ids.Len(); known > 10 || len(f.registry.mappings) > 10 {
		t.Errorf("%d UUIDs and %d mappings are kept", known, len(f.registry.mappings))
	}
	if lost := f.s.Rows.Lost; !slices.Equal(lost, []string{"s5"}) {
		t.Errorf("lost %v", lost)
	}
	i := slices.IndexFunc(f.s.Rows.Dangling, func(d snapshot.Dangling) bool {
		return d.Table == "nova_api.instance_mappings" && d.Column == "cell_id"
	})
	if i < 0 || !slices.Equal(f.s.Rows.Dangling[i].Examples, []string{"s2", "s4"}) {
		t.Errorf("%+v", f.s.Rows.Dangling)
	}
}

// Cells are read at the same time, and the mappings of deleted servers after the last of them, whichever that is.
func TestGoneMappingsAfterAllCells(t *testing.T) {
	const cells = 4
	api := &querytest.Server{Rows: map[string][][]driver.Value{}}
	a := newRegistry(querytest.Session(t, api), "x", once.NewIDs())
	o, rest := sweep{parts: expand(snapshot.AllParts())}, pool.Jobs{}
	rest[&pool.Conn{}] = []func(context.Context){func(ctx context.Context) { a.read(ctx, o) }}
	for i := range cells {
		uuid := fmt.Sprint("s", i)
		api.Rows["instance_mappings gone"] = append(api.Rows["instance_mappings gone"], of([]any{uuid, fmt.Sprint(i + 1)})...)
		c := newCell(fmt.Sprint(i), "", a.ids)
		c.s, c.schema = querytest.Session(t, &querytest.Server{Rows: map[string][][]driver.Value{"instances": of(instance(uuid, "h", smallFlavor))}}), "x"
		a.add(i+1, c)
		rest[&pool.Conn{}] = []func(context.Context){func(ctx context.Context) { <-a.mapped; c.read(ctx, o) }}
	}
	rest.Run(t.Context(), func(*pool.Conn) {})
	a.readLast(t.Context(), o)
	d := &snapshot.Database{}
	if a.rows(d); len(a.mappings) != cells || len(d.Lost) > 0 {
		t.Errorf("%d mappings, lost %v", len(a.mappings), d.Lost)
	}
}
