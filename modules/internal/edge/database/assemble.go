// SPDX-License-Identifier: Apache-2.0

package database

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// assemble puts what was read into the snapshot.
func (f *found) assemble(o sweep, noStock, noRegistry error) {
	if f.registry != nil {
		f.fromCells(o)
	}
	for _, p := range o.parts {
		switch {
		case p == snapshot.Rows:
		case p.FromNova() && f.registry == nil:
			f.s.MarkFailed(p, noRegistry.Error())
		case !p.FromNova() && f.stock == nil:
			f.s.MarkFailed(p, noStock.Error())
		}
	}
	var invisible []openstack.Allocation
	if f.stock != nil {
		f.stock.fill(f.s, o.parts)
		f.s.AllocationList, invisible = f.stock.allocations()
	}
	if o.needs(snapshot.Rows) {
		f.rows(invisible, cmp.Or(noStock, noRegistry))
	}
	f.s.Reindex()
}

// fromCells gathers Nova's parts from all cells as its API does, and says which cells lack.
func (f *found) fromCells(o sweep) {
	for _, p := range o.parts {
		if p.FromNova() {
			f.settle(p)
		}
	}
	f.s.AggregateList, f.s.ServiceList = f.registry.aggregates, []openstack.ComputeService{}
	f.s.HypervisorList, f.s.MigrationList = []openstack.Hypervisor{}, []openstack.Migration{}
	for _, c := range f.registry.cells {
		f.s.ServiceList = append(f.s.ServiceList, c.services...)
		f.s.MigrationList = append(f.s.MigrationList, c.migrations...)
		if c.down != nil {
			f.unknown(c)
		}
	}
	f.s.ServerList = f.registry.servers()
	f.mapped()
	f.s.MigrationList = newest(f.s.MigrationList)
	f.addRequests()
}

// settle marks a part of Nova as read or as failed. One that lacks the hosts of a cell is read in part.
func (f *found) settle(p snapshot.Part) {
	tables := map[snapshot.Part][]string{
		snapshot.Services: {"host_mappings"}, snapshot.Hypervisors: {"host_mappings", "compute_nodes"}, snapshot.Migrations: {"migrations"},
		snapshot.Servers: {"instances", "build_requests", "instance_mappings"}, snapshot.Aggregates: {"aggregates", "aggregate_hosts"},
	}
	for _, table := range tables[p] {
		if err := f.registry.lacks(table); err != nil {
			f.s.MarkFailed(p, err.Error())
			return
		}
	}
	var down *cell
	for _, c := range f.registry.cells {
		if c.down != nil && (down == nil || len(c.hosts) == 0) {
			down = c
		}
	}
	blurred := f.registry.blurred()
	switch {
	case p == snapshot.Hypervisors && down == nil && len(blurred) > 0:
		f.s.MarkPartial(p, "table compute_nodes has rows without uuid, of "+foreign.Some(blurred, 5)+": write the UUID of their resource providers into them")
		f.s.BlindTo(snapshot.Blind{Hosts: blurred})
	case down == nil || !p.FromCells():
		f.s.MarkRead(p)
	case len(down.hosts) == 0 || f.registry.unread["host_mappings"] != nil: // nothing tells what is missing
		f.s.MarkFailed(p, down.why())
	default:
		f.s.MarkPartial(p, down.why())
		f.s.BlindTo(snapshot.Blind{Hosts: blurred})
	}
}

// lacks says why a table of Nova's could not be read; nil if it was.
func (a *registry) lacks(table string) error {
	err := a.unread[table]
	for _, c := range a.cells {
		err = cmp.Or(err, c.unread[table])
	}
	return err
}

func (a *registry) lacksAny() error {
	tables := maps.Clone(a.unread)
	for _, c := range a.cells {
		maps.Copy(tables, c.unread)
	}
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		return tables[table]
	}
	return nil
}

func (c *cell) why() string {
	return fmt.Sprintf("the database of cell %s (%s) can't be read: %v", c.name, c.uuid, c.down)
}

// unknown adds what Nova's API shows of a cell that does not answer.
func (f *found) unknown(c *cell) {
	hosts := slices.Sorted(slices.Values(c.hosts))
	for _, host := range hosts {
		f.s.ServiceList = append(f.s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: host, Status: openstack.Unknown})
	}
	f.s.BlindTo(snapshot.Blind{Hosts: hosts})
}

// mapped adds the compute nodes of hosts that are mapped to a cell in which they have a nova-compute: Nova's API leaves out the others.
func (f *found) mapped() {
	computes := map[*cell]map[string]openstack.ComputeService{}
	for _, c := range f.registry.cells {
		computes[c] = map[string]openstack.ComputeService{}
		for _, s := range c.services {
			if s.Binary == "nova-compute" {
				computes[c][strings.ToLower(s.Host)] = s
			}
		}
	}
	for _, c := range f.registry.cells {
		for _, h := range c.nodes {
			host := strings.ToLower(h.ServiceHost)
			s, there := computes[f.registry.hostOf[host]][host]
			if !there {
				continue
			}
			h.State, h.Status = s.State, s.Status
			f.s.HypervisorList = append(f.s.HypervisorList, h)
		}
	}
}

// newest keeps one row of each migration: a move between cells has one in both.
func newest(all []openstack.Migration) []openstack.Migration {
	place := make(map[string]int, len(all))
	out := all[:0]
	for _, m := range all {
		i, known := place[m.UUID]
		switch {
		case !known:
			place[m.UUID] = len(out)
			out = append(out, m)
		case m.Since().After(out[i].Since()):
			out[i] = m
		}
	}
	return out
}

// addRequests adds the servers that no cell has yet.
func (f *found) addRequests() {
	if len(f.registry.requests) == 0 {
		return
	}
	known := make(map[string]bool, len(f.s.ServerList))
	for i := range f.s.ServerList {
		known[f.s.ServerList[i].UUID] = true
	}
	for _, s := range f.registry.requests {
		if !known[s.UUID] {
			f.s.ServerList = append(f.s.ServerList, s)
		}
	}
}

// rows fills the part that only the databases have.
func (f *found) rows(invisible []openstack.Allocation, unread error) {
	if unread == nil {
		unread = f.stock.err(snapshot.Rows)
	}
	if f.registry != nil {
		unread = cmp.Or(unread, f.registry.lacksAny())
		f.s.Rows = &snapshot.Database{Cells: f.registry.titles()}
	}
	if unread != nil {
		f.s.MarkFailed(snapshot.Rows, unread.Error())
		return
	}
	f.s.MarkRead(snapshot.Rows)
	f.stock.rows(f.s.Rows, invisible)
	f.registry.rows(f.s.Rows)
}

func (a *registry) titles() []snapshot.Cell {
	out := []snapshot.Cell{}
	for _, c := range a.cells {
		one := snapshot.Cell{UUID: c.uuid, Name: c.name, Hosts: append([]string{}, slices.Sorted(slices.Values(c.hosts))...)}
		if c.down != nil {
			one.Unread = c.down.Error()
		}
		out = append(out, one)
	}
	return out
}
