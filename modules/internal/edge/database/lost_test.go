// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
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
	if len(d.Dangling) != 1 || d.Dangling[0].Count != 12 || len(d.Dangling[0].Examples) != mostExamples {
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
