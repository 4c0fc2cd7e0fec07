// SPDX-License-Identifier: Apache-2.0

// Package pool holds the connections of one reading of the databases, one a server and user, and does what is to be read through each of them.
package pool

import (
	"context"
	"sync"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// Pool has the open connections.
type Pool struct {
	limit time.Duration
	open  map[address.Address]*Conn
}

// New makes one whose statements may take no longer than the limit.
func New(limit time.Duration) *Pool { return &Pool{limit, map[address.Address]*Conn{}} }

// Conn is a connection, or why there is none.
type Conn struct {
	Session *query.Session // nil before it is open and after its end
	Err     error
}

// End ends the transaction, if it has begun, and with it the metadata locks on the tables that it read.
func (c *Conn) End() {
	if c.Session != nil {
		c.Session.Close()
	}
	c.Session = nil
}

// At returns the connection of an address, which begins its transaction if it is not open yet.
func (p *Pool) At(ctx context.Context, a address.Address) *Conn {
	p.Begin(ctx, []address.Address{a})
	return p.open[a.Session()]
}

// Begin opens those that are not open yet, all at the same time: one that does not answer keeps none of the others waiting.
func (p *Pool) Begin(ctx context.Context, all []address.Address) {
	var opening sync.WaitGroup
	for _, a := range all {
		if p.open[a.Session()] != nil {
			continue
		}
		one := &Conn{}
		p.open[a.Session()] = one
		opening.Go(func() { one.Session, one.Err = query.Open(ctx, a, p.limit) })
	}
	opening.Wait()
}

// Close ends all of them.
func (p *Pool) Close() {
	for _, one := range p.open {
		one.End()
	}
}

// Jobs are what is to be read through each connection.
type Jobs map[*Conn][]func(context.Context)

// Run does the jobs of each connection one after the other, and those of several at the same time. It says so of each connection that is done.
func (j Jobs) Run(ctx context.Context, done func(*Conn)) {
	var all sync.WaitGroup
	for one, list := range j {
		all.Go(func() {
			for _, job := range list {
				job(ctx)
			}
			done(one)
		})
	}
	all.Wait()
}
