// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func raw(texts ...string) row {
	r := row{}
	for _, text := range texts {
		r = append(r, sql.RawBytes(text))
	}
	return r
}

// Hosts that are mapped to no cell are one entry of their table, however many they are.
func TestStrayHosts(t *testing.T) {
	a := newRegistry(nil, "nova_api")
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
	one, two := &cell{uuid: "1"}, &cell{uuid: "2"}
	one.servers = []openstack.Server{{UUID: "mapped"}, {UUID: "lost"}, {UUID: "elsewhere"}}
	one.alive = []string{"mapped", "lost", "elsewhere", "soft-deleted"}
	a := newRegistry(nil, "nova_api")
	a.cells = []*cell{one, two}
	a.mappings = []mapping{{server: "mapped", cell: one}, {server: "elsewhere", cell: two}}
	d := &snapshot.Database{}
	a.rows(d)
	if want := []string{"elsewhere", "lost"}; !slices.Equal(d.Lost, want) {
		t.Errorf("lost %v, want %v", d.Lost, want)
	}
}

// A cloud that lost all its mappings is judged in time that grows with its servers, not with their square.
func TestManyLostServers(t *testing.T) {
	const servers = 100_000
	c := &cell{}
	for i := range servers {
		uuid := fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
		c.servers, c.alive = append(c.servers, openstack.Server{UUID: uuid}), append(c.alive, uuid)
	}
	a := newRegistry(nil, "nova_api")
	a.cells = []*cell{c}
	d := &snapshot.Database{}
	a.rows(d)
	if len(d.Lost) != servers {
		t.Errorf("%d are lost", len(d.Lost))
	}
}
