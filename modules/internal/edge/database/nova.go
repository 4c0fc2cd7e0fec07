// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/dangling"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/pool"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/stored"
)

// registry is what Nova's API database has.
type registry struct {
	s      *query.Session
	in     *pool.Conn // its connection, which is open until readLast has read through it
	schema string
	unread map[string]error // key of a statement, mostly its table -> why it could not be read

	cells      []*cell
	byNumber   map[int]*cell
	hostOf     map[string]*cell // service host in lower case -> its cell
	ids        *once.IDs
	mappings   []mapping
	mapped     chan struct{}      // closed once they are read
	requests   []openstack.Server // that no cell has yet
	list       []openstack.Server // of all cells
	aggregates []openstack.Aggregate
	without    map[int]bool  // numbers of host aggregates without UUID
	nameless   dangling.Rows // the same
	unheard    dangling.Rows // build requests of which nothing can be told
	strays     dangling.Rows // hosts that are mapped to no cell that exists
	dangling   []snapshot.Dangling
}

// mapping is one row of instance_mappings.
type mapping struct {
	server  int32 // place among the ids
	cell    int32 // place in cells, and 1; 0 while the scheduler has the server, or where the cell does not exist
	nowhere bool  // its cell does not exist
	live    bool  // it is known not to be deleted: NULL, from before Nova filled the column, may be either
}

func newRegistry(s *query.Session, schema string, of *once.IDs) *registry {
	return &registry{
		s: s, schema: schema, unread: map[string]error{}, byNumber: map[int]*cell{}, hostOf: map[string]*cell{}, ids: of, mapped: make(chan struct{}), without: map[int]bool{},
		nameless: dangling.Rows{Table: "nova_api.aggregates", Column: "uuid", Points: "uuid is NULL, so that they stand for no aggregate of Placement"},
		unheard:  dangling.Rows{Table: "nova_api.build_requests", Column: "instance", Points: "instance_uuid or instance is NULL or can't be read"},
		strays:   dangling.Rows{Table: "nova_api.host_mappings", Column: "cell_id", Points: "cell_id is of no cell"},
	}
}

func (a *registry) table(ctx context.Context, st query.Statement, use func(query.Row) error) error {
	err := a.s.Each(ctx, st, a.schema, use)
	if err != nil {
		a.unread[st.Key()] = err
	}
	return err
}

// readCells reads which cells there are, and where, unless the options say so.
func (a *registry) readCells(ctx context.Context, named map[string]string) error {
	st := query.All()
	err := a.table(ctx, st.Cells, func(r query.Row) error {
		n, err := query.Number(r[0])
		if err != nil {
			return err
		}
		uuid, err := query.ID(r[1])
		a.add(n, newCell(uuid, query.Text(r[2]), a.ids))
		return err
	})
	if err != nil || named != nil {
		return err
	}
	return a.table(ctx, st.Connections, func(r query.Row) error {
		n, err := query.Number(r[0])
		if c := a.byNumber[n]; c != nil {
			c.connection = string(r[1])
		}
		return err
	})
}

// add adds a cell by its number.
func (a *registry) add(n int, c *cell) {
	a.cells = append(a.cells, c)
	a.byNumber[n], c.place = c, int32(len(a.cells)) //nolint:gosec // the cells of one cloud
}

// read reads the mappings that the parts need.
func (a *registry) read(ctx context.Context, o sweep) {
	defer close(a.mapped)
	st := query.All()
	_ = a.table(ctx, st.Hosts, a.host)
	if o.needs(snapshot.Servers, snapshot.Rows) {
		a.readServers(ctx, o.keep)
		_ = a.table(ctx, st.Requests, a.request)
	}
	a.room(o.keep)
	if o.needs(snapshot.Aggregates, snapshot.Rows) && a.table(ctx, st.Aggregates, a.aggregate) == nil {
		a.readMembers(ctx)
	}
}

// readServers reads the mappings of servers: of a few suspects those alone.
func (a *registry) readServers(ctx context.Context, keep filter) {
	if st := query.All(); !keep.few {
		_ = a.table(ctx, st.Servers, a.server)
	} else if err := a.s.Among(ctx, st.ServersOf, a.schema, keep.named(), a.server); err != nil {
		a.unread[st.Servers.Key()] = err
	}
}

// readLast reads what depends on what the cells have, once all of them were read. Nova keeps the mappings of deleted servers until somebody archives them: of those, only
// what leads to a server that is there after all, or to no cell, is of use.
func (a *registry) readLast(ctx context.Context, o sweep) {
	if o.needs(snapshot.Rows) {
		_ = a.table(ctx, query.All().Gone, a.gone)
	}
	if o.needs(snapshot.Servers) && slices.ContainsFunc(a.cells, func(c *cell) bool { return c.died }) {
		_ = a.table(ctx, query.All().Servers, a.ofDead)
	}
}

func (a *registry) gone(r query.Row) error {
	n, err := query.Number(r[1])
	if err != nil {
		return err
	}
	m := mapping{nowhere: n != 0 && a.byNumber[n] == nil}
	if _, known := a.ids.Known(r[0]); !known && !m.nowhere {
		return nil
	}
	if c := a.byNumber[n]; c != nil {
		m.cell = c.place
	}
	m.server, _, err = a.ids.Of(r[0])
	a.mappings = append(a.mappings, m)
	return err
}

// ofDead keeps what Nova shows of a server whose cell could be read only in part.
func (a *registry) ofDead(r query.Row) error {
	n, err := query.Number(r[1])
	if c := a.byNumber[n]; err == nil && c != nil && c.died && !query.Yes(r[2]) {
		return c.keepUnknown(r)
	}
	return err
}

func (a *registry) host(r query.Row) error {
	n, err := query.Number(r[1])
	name := query.Text(r[0])
	c := a.byNumber[n]
	if c == nil {
		a.strays.Add(name)
		return err
	}
	c.hosts = append(c.hosts, name)
	a.hostOf[strings.ToLower(name)] = c
	return err
}

func (a *registry) server(r query.Row) error {
	id, _, err := a.ids.Of(r[0])
	if err != nil {
		return err
	}
	n, err := query.Number(r[1])
	if err != nil {
		return err
	}
	c := a.byNumber[n]
	m := mapping{server: id, nowhere: n != 0 && c == nil, live: string(r[2]) == "0"}
	a.mappings = append(a.mappings, m)
	if c == nil {
		return nil
	}
	a.mappings[len(a.mappings)-1].cell = c.place
	switch {
	case query.Yes(r[2]): // NULL counts as not deleted, as in Nova (nova/objects/instance_mapping.py)
	case c.down != nil:
		return c.keepUnknown(r)
	default:
		c.expected++
	}
	return nil
}

// request is the server of a build request, as Nova lists it until a cell has it. Of one that can't be read only its UUID is known. Nova
// writes none without UUID (nova/objects/build_request.py): such a row is of no server that is being built.
func (a *registry) request(r query.Row) error {
	if len(r[0]) == 0 {
		a.unheard.Add("of project " + query.Text(r[2]) + ", created at " + query.Text(r[3]))
		return nil
	}
	uuid, err := query.ID(r[0])
	if err != nil {
		return err
	}
	s, err := stored.Request(uuid, r)
	if err != nil {
		a.unheard.Add(uuid)
		s = openstack.Server{UUID: uuid, VMState: "building", Status: openstack.Unknown, ProjectID: query.Text(r[2])}
	}
	a.requests = append(a.requests, s)
	return nil
}

// aggregate leaves out a host aggregate without UUID: Nova can't show one, and no aggregate of Placement can be its own.
func (a *registry) aggregate(r query.Row) error {
	n, err := query.Number(r[0])
	if err != nil {
		return err
	}
	if len(r[1]) == 0 {
		a.nameless.Add(query.Text(r[2]))
		a.without[n] = true
		return nil
	}
	uuid, err := query.ID(r[1])
	a.aggregates = append(a.aggregates, openstack.Aggregate{ID: n, UUID: uuid, Name: query.Text(r[2]), Hosts: []string{}})
	return err
}

func (a *registry) readMembers(ctx context.Context) {
	lost := dangling.Rows{Table: "nova_api.aggregate_hosts", Column: "aggregate_id", Points: "aggregate_id is of no aggregate"}
	_ = a.table(ctx, query.All().Members, func(r query.Row) error {
		n, err := query.Number(r[1])
		i := slices.IndexFunc(a.aggregates, func(g openstack.Aggregate) bool { return g.ID == n })
		switch {
		case i >= 0:
			a.aggregates[i].Hosts = append(a.aggregates[i].Hosts, query.Text(r[2]))
		case !a.without[n]:
			lost.Add(query.Text(r[2]))
		}
		return err
	})
	a.dangling = append(a.dangling, lost.Some()...)
}
