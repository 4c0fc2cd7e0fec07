// SPDX-License-Identifier: Apache-2.0

package database

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// room is the list that the servers of all cells go into, each cell's behind those of the cells before it. The servers of a large cloud
// are most of what a sweep keeps: a list that grows has them twice, and so has one that is put together in the end.
func (a *registry) room(keep filter) {
	most := len(a.requests)
	for _, c := range a.cells {
		if keep.second { // of a few
			c.expected = 0
		}
		most += c.expected + len(c.unknown)
	}
	list, from := make([]openstack.Server, most), 0
	for _, c := range a.cells {
		c.servers = list[from : from : from+c.expected]
		from += c.expected
	}
	a.list = list[:0]
}

// servers are those of all cells, and what is known of those of the cells that are down.
func (a *registry) servers() []openstack.Server {
	var moved []*cell // that had more servers than mappings lead there: their list is one of its own
	for _, c := range a.cells {
		if len(c.servers) > c.expected {
			moved = append(moved, c)
			continue
		}
		a.list = append(a.list, c.servers...) // within one list: never behind where they are
		c.servers = a.list[len(a.list)-len(c.servers):]
	}
	for _, c := range moved {
		a.list = append(a.list, c.servers...)
	}
	for _, c := range a.cells {
		a.list = append(a.list, c.unknown...)
	}
	return a.list
}
