// SPDX-License-Identifier: Apache-2.0

package database

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/dangling"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
)

// rows finds the servers that no instance mapping leads to, and the rows that lead to nothing.
func (a *registry) rows(d *snapshot.Database) {
	in := a.homes()
	nowhere := dangling.Rows{Table: "nova_api.instance_mappings", Column: "cell_id", Points: "cell_id is of no cell"}
	empty := dangling.Rows{Table: "nova_api.instance_mappings", Column: "instance_uuid", Points: "their cells have no such server"}
	requested := map[string]bool{}
	for _, s := range a.requests {
		requested[s.UUID] = true
	}
	for _, m := range a.mappings {
		home, uuid := in.At(m.server), a.ids.At(m.server)
		switch {
		case home != 0 && home == m.cell, m.cell == 0 && requested[uuid]:
			in = in.With(m.server, 0)
		case m.nowhere:
			nowhere.Add(uuid)
		case home == 0 && m.live && m.cell != 0 && a.cells[m.cell-1].down == nil:
			empty.Add(uuid)
		}
	}
	for _, c := range a.cells {
		d.Lost = append(d.Lost, c.lost(in)...)
	}
	slices.Sort(d.Lost)
	d.Dangling = slices.Concat(d.Dangling, a.strays.Some(), a.nameless.Some(), a.unheard.Some(), a.blanks(), a.dangling, nowhere.Some(), empty.Some(), a.hostRows())
}

// homes are the cells that have a server, by the place of the server among the ids.
func (a *registry) homes() once.ByPlace {
	in := make(once.ByPlace, a.ids.Len())
	for _, c := range a.cells {
		for _, place := range c.alive {
			in[place] = c.place
		}
	}
	return in
}

// lost are those of these servers that Nova lists: they are neither hidden nor soft-deleted.
func (c *cell) lost(in once.ByPlace) []string {
	var out []string
	for i := range c.servers {
		uuid := c.servers[i].UUID
		if place, known := c.ids.Find(uuid); known && in.At(place) == c.place {
			out = append(out, uuid)
		}
	}
	return out
}

// blanks are rows of the cells that lack what tells what they are of.
func (a *registry) blanks() []snapshot.Dangling {
	nodes := dangling.Rows{Table: "nova_cell.compute_nodes", Column: "uuid", Points: "uuid is NULL, so that no provider is known to be theirs"}
	flavors := dangling.Rows{Table: "nova_cell.instance_extra", Column: "flavor", Points: "flavor is NULL or can't be read"}
	for _, c := range a.cells {
		for _, host := range c.blurred {
			nodes.Add(host)
		}
		for _, uuid := range c.flavorless {
			flavors.Add(uuid)
		}
	}
	return append(nodes.Some(), flavors.Some()...)
}

// blurred are the mapped hosts that have a compute node without UUID, sorted.
func (a *registry) blurred() []string {
	var hosts []string
	for _, c := range a.cells {
		for _, host := range c.blurred {
			if a.hostOf[strings.ToLower(host)] != nil {
				hosts = append(hosts, host)
			}
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// hostRows are mappings of hosts without nova-compute, and compute nodes of hosts without mapping.
func (a *registry) hostRows() []snapshot.Dangling {
	hosts := dangling.Rows{Table: "nova_api.host_mappings", Column: "host", Points: "their cells have no nova-compute of the host"}
	nodes := dangling.Rows{Table: "nova_cell.compute_nodes", Column: "host", Points: "their hosts are mapped to no cell"}
	for _, c := range a.cells {
		if c.down != nil {
			continue
		}
		computes := map[string]bool{}
		for _, s := range c.services {
			if s.Binary == "nova-compute" {
				computes[strings.ToLower(s.Host)] = true
			}
		}
		for _, host := range c.hosts {
			if !computes[strings.ToLower(host)] {
				hosts.Add(host)
			}
		}
		for _, n := range c.nodes {
			if a.hostOf[strings.ToLower(n.ServiceHost)] == nil {
				nodes.Add(n.Name)
			}
		}
	}
	return append(hosts.Some(), nodes.Some()...)
}
