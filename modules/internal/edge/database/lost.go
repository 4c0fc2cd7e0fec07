// SPDX-License-Identifier: Apache-2.0

package database

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// rows finds the servers that no instance mapping leads to, and the rows that lead to nothing.
func (a *registry) rows(d *snapshot.Database) {
	in := map[string]*cell{} // server -> the cell that has it
	for _, c := range a.cells {
		for _, uuid := range c.alive {
			in[uuid] = c
		}
	}
	nowhere := dangling{table: "nova_api.instance_mappings", column: "cell_id", points: "cell_id is of no cell"}
	empty := dangling{table: "nova_api.instance_mappings", column: "instance_uuid", points: "their cells have no such server"}
	requested := map[string]bool{}
	for _, s := range a.requests {
		requested[s.UUID] = true
	}
	for _, m := range a.mappings {
		c, exists := in[m.server]
		switch {
		case exists && c == m.cell, m.cell == nil && requested[m.server]:
			delete(in, m.server)
		case m.nowhere:
			nowhere.add(m.server)
		case !exists && m.live && m.cell != nil && m.cell.down == nil:
			empty.add(m.server)
		}
	}
	for _, c := range a.cells {
		d.Lost = append(d.Lost, c.lost(in)...)
	}
	slices.Sort(d.Lost)
	d.Dangling = slices.Concat(d.Dangling, a.strays.some(), a.dangling, nowhere.some(), empty.some(), a.hostRows())
}

// lost are those of these servers that Nova lists: they are neither hidden nor soft-deleted.
func (c *cell) lost(in map[string]*cell) []string {
	var out []string
	for i := range c.servers {
		if uuid := c.servers[i].UUID; in[uuid] == c {
			out = append(out, uuid)
		}
	}
	return out
}

// hostRows are mappings of hosts without nova-compute, and compute nodes of hosts without mapping.
func (a *registry) hostRows() []snapshot.Dangling {
	hosts := dangling{table: "nova_api.host_mappings", column: "host", points: "their cells have no nova-compute of the host"}
	nodes := dangling{table: "nova_cell.compute_nodes", column: "host", points: "their hosts are mapped to no cell"}
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
				hosts.add(host)
			}
		}
		for _, n := range c.nodes {
			if a.hostOf[strings.ToLower(n.ServiceHost)] == nil {
				nodes.add(n.Name)
			}
		}
	}
	return append(hosts.some(), nodes.some()...)
}
