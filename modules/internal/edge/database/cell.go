// SPDX-License-Identifier: Apache-2.0

package database

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/stored"
)

// cell is what one cell's database has.
type cell struct {
	uuid, name string
	place      int32              // in the list of cells, and 1
	connection string             // of its row in cell_mappings
	hosts      []string           // mapped to it
	down       error              // why it could not be read: none of it counts then
	unread     map[string]error   // table -> why it alone could not be read
	died       bool               // it was down after the mappings were read
	unknown    []openstack.Server // all that is known of its servers then
	expected   int                // how many servers are mapped to it
	s          *query.Session
	schema     string
	ids        *once.IDs
	texts      once.Texts
	services   []openstack.ComputeService
	nodes      []openstack.Hypervisor
	migrations []openstack.Migration
	servers    []openstack.Server
	hidden     []openstack.Server // soft-deleted: Nova's list leaves them out, and shows each alone
	alive      []int32            // every server of the table that is not deleted, by its place among the ids; only where rows are wanted
	deleted    []string           // lately
	lately     error              // why that is unknown
	blurred    []string           // hosts of compute nodes without UUID
	flavorless []string           // servers whose flavor can't be read
}

func newCell(uuid, name string, of *once.IDs) *cell {
	return &cell{uuid: uuid, name: name, unread: map[string]error{}, ids: of, texts: once.Texts{}}
}

// table reads a table, unless the cell is down. One that this user may not read, or that is not there, is unread alone; a connection that is
// lost, or a server that takes too long, is a cell that does not answer.
func (c *cell) table(ctx context.Context, st query.Statement, use func(query.Row) error) {
	if c.down != nil {
		return
	}
	c.lacks(st, c.s.Each(ctx, st, c.schema, use))
}

func (c *cell) lacks(st query.Statement, err error) {
	if query.Lacks(err) {
		c.unread[st.Table] = err
	} else {
		c.down = err
	}
}

// begin reads the services. A cell of which these can't be read is one whose hosts can't be told: it counts as down.
func (c *cell) begin(ctx context.Context, o sweep) {
	st := query.All().Services
	if c.down = c.s.Each(ctx, st, c.schema, c.service(o.downTime)); c.down != nil {
		c.services = nil
	}
}

// read reads the other tables that the parts need. If the cell goes down meanwhile, nothing of it counts: what is on its hosts can be judged
// only with all of them.
func (c *cell) read(ctx context.Context, o sweep) {
	if c.down == nil {
		c.tables(ctx, o)
		c.died = c.down != nil
	}
	if c.died {
		c.services, c.nodes, c.migrations, c.servers, c.hidden, c.alive, c.deleted = nil, nil, nil, nil, nil, nil, nil
		c.blurred, c.flavorless = nil, nil
	}
}

func (c *cell) tables(ctx context.Context, o sweep) {
	st := query.All()
	if o.needs(snapshot.Hypervisors, snapshot.Rows) {
		c.table(ctx, st.Nodes, c.node)
	}
	if o.needs(snapshot.Migrations) {
		c.table(ctx, st.Migrations, c.migration)
	}
	switch {
	case !o.needs(snapshot.Servers, snapshot.Rows) || c.down != nil:
	case o.keep.few:
		c.lacks(st.Instances, c.s.Among(ctx, st.InstancesOf, c.schema, o.keep.named(), c.instance(o)))
	default:
		c.table(ctx, st.Instances, c.instance(o))
	}
	if o.needs(snapshot.Servers) && o.keep.second && c.down == nil {
		c.lately = c.s.Each(ctx, st.Deleted, c.schema, func(r query.Row) error {
			uuid, err := query.ID(r[0])
			c.deleted = append(c.deleted, uuid)
			return err
		})
	}
}

// keepUnknown keeps all that Nova shows of a server whose cell is down: what its mapping says.
func (c *cell) keepUnknown(r query.Row) error {
	_, uuid, err := c.ids.Of(r[0])
	if err != nil {
		return err
	}
	created, err := query.Moment(r[5])
	c.unknown = append(c.unknown, openstack.Server{
		UUID: uuid, Status: openstack.Unknown, ProjectID: c.texts.Of(r[3]), UserID: c.texts.Of(r[4]), Created: created,
	})
	return err
}

// service counts as up by Nova's own rule (nova/servicegroup/drivers/db.py, is_up): it reported within service_down_time, by a clock
// that is neither far behind nor far ahead, and nobody has forced it down.
func (c *cell) service(downTime time.Duration) func(query.Row) error {
	return func(r query.Row) error {
		binary := c.texts.Of(r[1])
		if binary == "nova-osapi_compute" || binary == "nova-metadata" { // Nova lists none of these
			return nil
		}
		updated, err := query.Moment(r[7])
		if err != nil {
			return err
		}
		silent, err := query.Number(r[8])
		s := openstack.ComputeService{
			UUID: query.Text(r[0]), Binary: binary, Host: c.texts.Of(r[2]), State: "down", Status: "enabled", ForcedDown: query.Yes(r[4]), Updated: pointer(updated),
		}
		if len(r[8]) > 0 && math.Abs(float64(silent)) <= downTime.Seconds() && !s.ForcedDown {
			s.State = "up"
		}
		if query.Yes(r[3]) {
			s.Status = "disabled"
		}
		c.services = append(c.services, s)
		return err
	}
}

// node keeps of a compute node without UUID the host: nothing says which provider is its own.
func (c *cell) node(r query.Row) error {
	if len(r[0]) == 0 && len(r[1]) > 0 {
		c.blurred = append(c.blurred, c.texts.Of(r[1]))
		return nil
	}
	uuid, err := query.ID(r[0])
	if err != nil {
		return fmt.Errorf("compute node %s: %w", query.Text(r[2]), err)
	}
	h := openstack.Hypervisor{UUID: uuid, ServiceHost: c.texts.Of(r[1]), Name: c.texts.Of(r[2]), Type: c.texts.Of(r[3])}
	err = query.Numbers(r[4:], &h.VCPUs, &h.MemoryMB, &h.LocalGB)
	c.nodes = append(c.nodes, h)
	return err
}

func (c *cell) migration(r query.Row) error {
	if query.Yes(r[10]) || len(r[0]) == 0 || len(r[1]) == 0 { // Nova lists none of these
		return nil
	}
	uuid, err := query.ID(r[0])
	if err != nil {
		return err
	}
	server, err := query.ID(r[1])
	if err != nil {
		return err
	}
	created, err := query.Moment(r[8])
	if err != nil {
		return err
	}
	updated, err := query.Moment(r[9])
	m := openstack.Migration{
		UUID: uuid, ServerUUID: server, Type: c.texts.Of(r[2]), Status: c.texts.Of(r[3]), SourceHost: c.texts.Of(r[4]),
		SourceNode: c.texts.Of(r[5]), DestHost: c.texts.Of(r[6]), DestNode: c.texts.Of(r[7]), Created: created, Updated: updated,
	}
	if m.Type == "" { // nova/objects/migration.py, determine_migration_type
		m.Type = "migration"
		if string(r[11]) != string(r[12]) {
			m.Type = "resize"
		}
	}
	c.migrations = append(c.migrations, m)
	return err
}

// instance keeps the servers that the filter wants. Each flavor and each text that many share is kept once.
func (c *cell) instance(o sweep) func(query.Row) error {
	flavors, statuses, shared := stored.Flavors{}, stored.Statuses{}, c.texts
	rows := o.needs(snapshot.Rows)
	return func(r query.Row) error {
		place, uuid, err := c.ids.Of(r[0])
		if err != nil {
			return err
		}
		if rows {
			c.alive = append(c.alive, place)
		}
		if query.Yes(r[12]) || !o.keep.server(uuid) {
			return nil
		}
		s := openstack.Server{
			UUID: uuid, Name: query.Text(r[1]), VMState: shared.Of(r[2]), TaskState: shared.Of(r[3]), Host: shared.Of(r[4]), Node: shared.Of(r[5]),
			ProjectID: shared.Of(r[6]), UserID: shared.Of(r[7]), FromVolume: len(r[11]) == 0,
		}
		if s.LaunchedAt, err = launched(r); err != nil {
			return err
		}
		s.Status = statuses.Of(s.VMState, s.TaskState)
		if s.Flavor, err = flavors.Of(r[13]); err != nil { // nothing about it can be judged
			s.Status, c.flavorless = openstack.Unknown, append(c.flavorless, uuid)
		}
		var err2 error
		s.Created, err = query.Moment(r[9])
		s.Updated, err2 = query.Moment(r[10])
		if s.Updated.IsZero() {
			s.Updated = s.Created // as Nova shows it
		}
		if s.VMState == "soft-delete" {
			c.hidden = append(c.hidden, s)
		} else {
			c.servers = append(c.servers, s)
		}
		return cmp.Or(err, err2)
	}
}

func launched(r query.Row) (*time.Time, error) {
	t, err := query.Moment(r[8])
	return pointer(t), err
}

func pointer(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
