// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/pool"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// sessions open the databases for one reading.
type sessions struct {
	src Source
	*pool.Pool
	ids *once.IDs
}

// sweep begins the transactions of Placement and of Nova's API database together and then those of the cells, reads, and puts together what was
// read. Each transaction ends when its last table was read.
func (src Source) sweep(ctx context.Context, o sweep) *found {
	o.downTime = src.Setup.DownTime
	conns := &sessions{src, pool.New(src.Setup.Limit), o.ids}
	defer conns.Close()
	f := &found{s: &snapshot.Snapshot{TakenAt: src.Now().UTC(), Parts: map[snapshot.Part]snapshot.Status{}}}
	var noStock, noRegistry error
	rest := pool.Jobs{}
	conns.Begin(ctx, o.first(src.Setup))
	if o.needs(ofStock()...) {
		f.stock, noStock = conns.stock(ctx, o, rest)
	}
	if o.needs(ofNova()...) {
		f.registry, noRegistry = conns.registry(ctx, o, rest)
	}
	rest.Run(ctx, func(one *pool.Conn) {
		if f.registry == nil || f.registry.in != one {
			one.End()
		}
	})
	if f.registry != nil {
		f.registry.readLast(ctx, o)
		f.registry.in.End()
	}
	f.assemble(o, noStock, noRegistry)
	return f
}

// first are the databases of which it is known where they are before anything is read.
func (o sweep) first(setup *address.Setup) []address.Address {
	var all []address.Address
	if o.needs(ofStock()...) {
		all = append(all, setup.Placement)
	}
	if o.needs(ofNova()...) {
		all = append(all, setup.API)
	}
	return all
}

func ofStock() []snapshot.Part {
	return []snapshot.Part{
		snapshot.Providers, snapshot.Traits, snapshot.Usages, snapshot.Capacities, snapshot.Allocations, snapshot.Incomplete,
		snapshot.Memberships, snapshot.Inventories, snapshot.Customs, snapshot.Rows,
	}
}

func ofNova() []snapshot.Part {
	return []snapshot.Part{
		snapshot.Services, snapshot.Hypervisors, snapshot.Servers, snapshot.Migrations, snapshot.Aggregates, snapshot.Rows,
	}
}

// stock begins with Placement's database.
func (o *sessions) stock(ctx context.Context, of sweep, rest pool.Jobs) (*stock, error) {
	at := o.src.Setup.Placement
	one := o.At(ctx, at)
	if one.Err != nil {
		return nil, query.At(one.Err, at)
	}
	p := newStock(one.Session.From(at), at.Schema, o.ids)
	rest[one] = append(rest[one], func(ctx context.Context) { p.read(ctx, of.needs, of.keep) })
	return p, nil
}

// registry begins with Nova's API database, finds the cells in it and begins with these.
func (o *sessions) registry(ctx context.Context, of sweep, rest pool.Jobs) (*registry, error) {
	at := o.src.Setup.API
	one := o.At(ctx, at)
	if one.Err != nil {
		return nil, query.At(one.Err, at)
	}
	a := newRegistry(one.Session.From(at), at.Schema, o.ids)
	a.in = one
	if err := a.readCells(ctx, o.src.Setup.Cells); err != nil {
		return nil, err
	}
	if len(a.cells) == 0 {
		return nil, fmt.Errorf("%s: %s has no cell in its table cell_mappings: it is not the one that nova uses", at.From, at.Database())
	}
	rest[one] = append(rest[one], func(ctx context.Context) { a.read(ctx, of) }) // before its cells, which wait for it
	o.cells(ctx, a, of, rest)
	return a, nil
}

// cells opens those of which it is known where they are, and reads their services; the others are down. Those on other servers are opened at
// the same time.
func (o *sessions) cells(ctx context.Context, a *registry, of sweep, rest pool.Jobs) {
	places := make([]address.Address, len(a.cells))
	known := make([]address.Address, 0, len(a.cells))
	o.src.Setup.Mapped(a.connections())
	for i, c := range a.cells {
		at, err := o.src.of(c)
		if err != nil {
			c.down = fmt.Errorf("its database_connection in table cell_mappings %w", err)
			continue
		}
		places[i], known = at, append(known, at)
	}
	o.Begin(ctx, known)
	first := pool.Jobs{}
	for i, c := range a.cells {
		if c.down != nil {
			continue
		}
		at := places[i]
		one := o.At(ctx, at)
		if c.down = query.At(one.Err, at); c.down != nil {
			continue
		}
		c.s, c.schema = one.Session.From(at), at.Schema
		first[one] = append(first[one], func(ctx context.Context) { c.begin(ctx, of) })
		rest[one] = append(rest[one], func(ctx context.Context) {
			<-a.mapped
			c.read(ctx, of)
		})
	}
	first.Run(ctx, func(*pool.Conn) {}) // the other tables are read later
}

// connections are the URLs of all cells.
func (a *registry) connections() []string {
	all := make([]string, 0, len(a.cells))
	for _, c := range a.cells {
		all = append(all, c.connection)
	}
	return all
}

// of returns where the database of a cell is.
func (src Source) of(c *cell) (address.Address, error) {
	if src.Setup.Cells == nil {
		at, err := src.Setup.Cell(c.connection)
		if at.Password != "" {
			src.Secret(at.Password)
		}
		return at, err
	}
	for _, name := range []string{c.uuid, c.name} {
		if schema, named := src.Setup.Cells[name]; named && name != "" {
			return src.Setup.Named(schema), nil
		}
	}
	return address.Address{}, fmt.Errorf("is not read, because database -> cells is given without the cell %s (%s)", c.name, c.uuid)
}
