// SPDX-License-Identifier: Apache-2.0

package database

import (
	"errors"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
)

// Whatever a cell has beside what is mapped to it, each server is in the list once, and each cell keeps its own.
func TestRoom(t *testing.T) {
	for name, has := range map[string][][]string{
		"as mapped": {{"a", "b"}, {"c", "d"}, {"e", "f"}},
		"fewer":     {{"a"}, {}, {"e", "f"}},
		"more":      {{"a", "b", "x", "y", "z"}, {"c", "d"}, {"e"}},
		"all more":  {{"a", "b", "x"}, {"c", "d", "y"}, {"e", "f", "z"}},
		"none":      {{}, {}, {}},
	} {
		a := newRegistry(nil, "nova_api", once.NewIDs())
		var want []string
		for i := range has {
			c := newCell("", "", a.ids)
			c.expected, c.place = 2, int32(i+1)
			a.cells = append(a.cells, c)
		}
		down := newCell("", "", a.ids)
		down.down, down.unknown = errors.New("gone"), []openstack.Server{{UUID: "unknown"}}
		a.cells = append(a.cells, down)
		a.room(filter{})
		for i, servers := range has {
			for _, uuid := range servers {
				a.cells[i].servers = append(a.cells[i].servers, openstack.Server{UUID: uuid})
			}
			want = append(want, servers...)
		}
		got := uuids(a.servers())
		slices.Sort(got)
		want = append(want, "unknown")
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		for i, servers := range has {
			if got := uuids(a.cells[i].servers); !slices.Equal(got, servers) {
				t.Errorf("%s: cell %d has %v, want %v", name, i, got, servers)
			}
		}
	}
}

func uuids(list []openstack.Server) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, s.UUID)
	}
	return out
}
