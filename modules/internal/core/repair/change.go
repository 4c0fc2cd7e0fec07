// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Op is a kind of change. Each is one request, or one provider's requests in a fixed order.
type Op string

// The kinds of changes.
const (
	Allocations    Op = "allocations"     // of one consumer, or of several at once
	CreateProvider Op = "create provider" // with its inventories, traits and aggregates
	UpdateProvider Op = "update provider" // its name, its parent
	DeleteProvider Op = "delete provider" // of which nobody holds anything
	Inventories    Op = "inventories"
	Traits         Op = "traits"
	Aggregates     Op = "aggregates"
)

// About says what a kind of change is about: making and deleting a provider is about one thing.
func (o Op) About() string {
	switch o {
	case CreateProvider, DeleteProvider:
		return "provider"
	case Allocations, UpdateProvider, Inventories, Traits, Aggregates:
	}
	return string(o)
}

// Change is one change, from what was there to what is to be there.
type Change struct {
	Op     Op      `json:"op"`
	Before State   `json:"before"`
	After  State   `json:"after"`
	Guards []Guard `json:"guards,omitempty"`
}

// Guard is a fact about Nova that has to hold right before the write.
type Guard struct {
	Server   string    `json:"server,omitempty"`    // it is there, on this host, in this state, and nobody touched it
	Host     string    `json:"host,omitempty"`      // empty: none
	Status   string    `json:"status,omitempty"`    //
	Updated  time.Time `json:"updated,omitzero"`    //
	NoServer string    `json:"no_server,omitempty"` // there is no server and no migration with this UUID
}

// GuardOf is the guard of a server as it was judged.
func GuardOf(s openstack.Server) Guard {
	return Guard{Server: s.UUID, Host: s.Host, Status: s.Status, Updated: s.Updated}
}

// Holds reports why a server is not as the guard has it; empty if it is.
func (g Guard) Holds(s openstack.Server) string {
	switch {
	case s.TaskState != "":
		return fmt.Sprintf("server %s has a task under way: %s", g.Server, s.TaskState)
	case s.Host != g.Host:
		return fmt.Sprintf("server %s was on host %q and is on %q", g.Server, g.Host, s.Host)
	case s.Status != g.Status:
		return fmt.Sprintf("server %s was %s and is %s", g.Server, g.Status, s.Status)
	case !s.Updated.Equal(g.Updated):
		return fmt.Sprintf("server %s was touched at %s", g.Server, s.Updated.UTC().Format(time.RFC3339))
	}
	return ""
}

// Inverse is the change that undoes this one, once it has left the state. It has no guards: what the generations tell is
// enough, and who undoes knows what the servers do.
func (c Change) Inverse(left State) Change {
	op := c.Op
	switch op {
	case CreateProvider:
		op = DeleteProvider
	case DeleteProvider:
		op = CreateProvider
	case Allocations, UpdateProvider, Inventories, Traits, Aggregates:
	}
	return Change{Op: op, Before: left, After: c.Before}
}
