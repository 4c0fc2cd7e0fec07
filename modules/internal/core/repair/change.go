// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"fmt"
	"maps"
	"slices"
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
	CreateTrait    Op = "create trait" // a name by itself, which no generation guards
	DeleteTrait    Op = "delete trait" // of which no provider has it
	CreateClass    Op = "create resource class"
	DeleteClass    Op = "delete resource class" // without an inventory on any provider
	RenameClass    Op = "rename resource class" // with all that is offered and held of it
)

// About says what a kind of change is about: making and deleting a provider is about one thing.
func (o Op) About() string {
	switch o {
	case CreateProvider, DeleteProvider:
		return "provider"
	case CreateTrait, DeleteTrait:
		return "trait"
	case CreateClass, DeleteClass, RenameClass:
		return "resource class"
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

// Guard is a fact that has to hold right before the write. Each is of one of these kinds.
type Guard struct {
	Server  string    `json:"server,omitempty"`  // it is there, on this host, in this state, and nobody touched it
	Host    string    `json:"host,omitempty"`    // of the server or of the service; empty: none
	Status  string    `json:"status,omitempty"`  // of the server or of the service
	Updated time.Time `json:"updated,omitzero"`  //
	Service bool      `json:"service,omitempty"` // nova-compute on Host is up and has this status

	NoServer string `json:"no_server,omitempty"` // there is no server and no migration with this UUID
	NoNode   string `json:"no_node,omitempty"`   // there is no compute node with this UUID

	// Provider is there and offers these classes. It may be waited for: a nova-compute makes it.
	Provider string   `json:"provider,omitempty"`
	Classes  []string `json:"classes,omitempty"`
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
	return Change{Op: c.Op.inverse(), Before: left, After: c.Before}
}

// inverse is the kind of change that undoes one of this kind.
func (o Op) inverse() Op {
	for _, pair := range [][2]Op{{CreateProvider, DeleteProvider}, {CreateTrait, DeleteTrait}, {CreateClass, DeleteClass}} {
		if o == pair[0] {
			return pair[1]
		}
		if o == pair[1] {
			return pair[0]
		}
	}
	return o
}

// Predicted is the state that the change leaves if nobody else writes, with its generations: each write moves them by one
// (placement/objects/consumer.py, resource_provider.py). A consumer that holds nothing is forgotten.
func (c Change) Predicted() State {
	after := State{Consumers: slices.Clone(c.After.Consumers), Providers: slices.Clone(c.After.Providers), Names: c.After.Names}
	for i := range after.Consumers {
		next := 1
		if was := c.Before.Consumers[i].Generation; was != nil {
			next = *was + 1
		}
		after.Consumers[i].Generation = &next
		if len(after.Consumers[i].Held.without0()) == 0 {
			after.Consumers[i].Generation = nil
		}
	}
	for i := range after.Providers {
		after.Providers[i].Generation = c.Before.Providers[i].Generation + c.writes(after.Providers[i])
	}
	return after
}

// writes is by how much a change moves the generation of its provider.
func (c Change) writes(after Provider) int {
	switch c.Op {
	case Inventories, Traits, Aggregates:
		return 1
	case CreateProvider:
		n := 0
		for _, has := range []bool{len(after.Inventories) > 0, len(after.Traits) > 0, len(after.Aggregates) > 0} {
			if has {
				n++
			}
		}
		return n
	case Allocations, UpdateProvider, DeleteProvider, CreateTrait, DeleteTrait, CreateClass, DeleteClass, RenameClass:
	}
	return 0
}

// Deletion is the change that deletes a provider, which is known as a whole.
func Deletion(was Provider) Change {
	gone := Provider{UUID: was.UUID, Name: was.Name, Parent: was.Parent, Absent: true}
	return Change{Op: DeleteProvider, Before: State{Providers: []Provider{was}}, After: State{Providers: []Provider{gone}}}
}

// Moves lists the UUIDs of the providers whose generation the change may move: those that it is about, and those of which
// something is held before or after it.
func (c Change) Moves() []string {
	var all []string
	for _, state := range []State{c.Before, c.After} {
		for _, p := range state.Providers {
			all = append(all, p.UUID)
		}
		for _, one := range state.Consumers {
			all = slices.AppendSeq(all, maps.Keys(one.Held))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Request is the method and the path of the change's request; of several, of the first.
func (c Change) Request() (method, path string) {
	switch c.Op {
	case Allocations:
		if len(c.After.Consumers) == 1 {
			return "PUT", "/allocations/" + c.After.Consumers[0].UUID
		}
		return "POST", "/allocations"
	case CreateProvider:
		return "POST", "/resource_providers"
	case DeleteProvider:
		return "DELETE", "/resource_providers/" + c.Before.Providers[0].UUID
	case UpdateProvider:
		return "PUT", "/resource_providers/" + c.After.Providers[0].UUID
	case CreateTrait:
		return "PUT", "/traits/" + c.After.Names[0].Name
	case DeleteTrait:
		return "DELETE", "/traits/" + c.After.Names[0].Name
	case CreateClass:
		return "PUT", "/resource_classes/" + c.After.Names[0].Name
	case DeleteClass:
		return "DELETE", "/resource_classes/" + c.After.Names[0].Name
	case RenameClass:
		from, _ := c.Renamed()
		return "PUT", "/resource_classes/" + from
	case Inventories, Traits, Aggregates:
	}
	return "PUT", "/resource_providers/" + c.After.Providers[0].UUID + "/" + string(c.Op)
}

// Valid refuses a change that is not whole: what is there before and after has to be about the same consumers and providers.
func (c Change) Valid() error {
	ids := c.Before.Target()
	if len(ids) == 0 || !slices.Equal(ids, c.After.Target()) || len(c.Before.Consumers) != len(c.After.Consumers) {
		return fmt.Errorf("its state before is not about the same as that after")
	}
	if !c.Op.takes(c.Before) || !c.Op.takes(c.After) {
		return fmt.Errorf("%q is not about that", c.Op)
	}
	return nil
}

// takes reports whether a state is what a change of this kind is about: consumers, one provider or one name.
func (o Op) takes(s State) bool {
	consumers, providers, names := len(s.Consumers), len(s.Providers), len(s.Names)
	switch o {
	case Allocations:
		return consumers > 0 && providers == 0 && names == 0
	case CreateTrait, DeleteTrait, CreateClass, DeleteClass:
		return consumers == 0 && providers == 0 && names == 1
	case RenameClass:
		return consumers == 0 && providers == 0 && names == 2 && s.Names[0].Absent != s.Names[1].Absent
	case CreateProvider, UpdateProvider, DeleteProvider, Inventories, Traits, Aggregates:
	}
	return consumers == 0 && providers == 1 && names == 0
}

// Renaming is the change that gives a resource class another name.
func Renaming(from, to string) Change {
	return Change{
		Op: RenameClass, Before: State{Names: []Name{{Name: from}, {Name: to, Absent: true}}}, After: State{Names: []Name{{Name: from, Absent: true}, {Name: to}}},
	}
}

// Renamed are the names before and after a renaming.
func (c Change) Renamed() (from, to string) {
	if c.Before.Names[0].Absent {
		return c.Before.Names[1].Name, c.Before.Names[0].Name
	}
	return c.Before.Names[0].Name, c.Before.Names[1].Name
}

// Naming is the change that makes a trait or a resource class, or deletes it.
func Naming(op Op, name string) Change {
	gone := op == DeleteTrait || op == DeleteClass
	return Change{
		Op: op, Before: State{Names: []Name{{Name: name, Absent: !gone}}}, After: State{Names: []Name{{Name: name, Absent: gone}}},
	}
}
