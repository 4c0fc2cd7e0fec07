// SPDX-License-Identifier: Apache-2.0

// Package repair has the changes of Placement as data: what is there before and after each, what may not have changed in between,
// and how it is undone. It sends nothing.
package repair

import (
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// State is what a change is about, at one time.
type State struct {
	Consumers []Consumer `json:"consumers,omitempty"`
	Providers []Provider `json:"providers,omitempty"`
	Names     []Name     `json:"names,omitempty"`
}

// Name is a trait or a resource class by itself, whoever has it.
type Name struct {
	Name   string `json:"name"`
	Absent bool   `json:"absent,omitempty"` // it does not exist
}

// Consumer is one that holds something, or nothing.
type Consumer struct {
	UUID      string `json:"uuid"`
	ProjectID string `json:"project_id,omitempty"`
	UserID    string `json:"user_id,omitempty"`
	Type      string `json:"consumer_type,omitempty"` // empty where Placement does not tell
	// Generation is nil for one that Placement does not know. It knows those alone that hold something.
	Generation *int `json:"generation"`
	Held       Held `json:"allocations"`
}

// Held is what a consumer holds, by provider and resource class.
type Held map[string]map[string]int

// Provider is a resource provider. What a change is not about is nil.
type Provider struct {
	UUID        string                         `json:"uuid"`
	Name        string                         `json:"name"`
	Parent      string                         `json:"parent_uuid,omitempty"`
	Generation  int                            `json:"generation"`
	Absent      bool                           `json:"absent,omitempty"` // it does not exist
	Inventories map[string]openstack.Inventory `json:"inventories,omitzero"`
	Traits      []string                       `json:"traits,omitzero"`     // sorted
	Aggregates  []string                       `json:"aggregates,omitzero"` // sorted
}

// Same reports whether a consumer holds what the other holds, for the same project and user. Of who holds nothing, the project
// and the user are forgotten.
func (c Consumer) Same(other Consumer) bool {
	mine, theirs := c.Held.without0(), other.Held.without0()
	if !maps.EqualFunc(mine, theirs, maps.Equal) {
		return false
	}
	return len(mine) == 0 || c.ProjectID == other.ProjectID && c.UserID == other.UserID
}

// Unmoved reports whether nobody has written the consumer between the two states.
func (c Consumer) Unmoved(other Consumer) bool {
	if c.Generation == nil || other.Generation == nil {
		return c.Generation == nil && other.Generation == nil
	}
	return *c.Generation == *other.Generation
}

// without0 leaves out providers of which nothing is held.
func (h Held) without0() Held {
	out := maps.Clone(h)
	maps.DeleteFunc(out, func(_ string, amounts map[string]int) bool { return len(amounts) == 0 })
	return out
}

// Clone returns a copy that shares nothing.
func (h Held) Clone() Held {
	out := make(Held, len(h))
	for provider, amounts := range h {
		out[provider] = maps.Clone(amounts)
	}
	return out
}

// Of makes what a consumer holds of its allocations.
func Of(all []openstack.Allocation) Held {
	out := Held{}
	for _, a := range all {
		out[a.ProviderUUID] = maps.Clone(a.Resources)
	}
	return out
}

// Same reports whether a provider is as the other, as far as the other is told. Generations may differ.
func (p Provider) Same(other Provider) bool {
	if p.Absent || other.Absent {
		return p.Absent == other.Absent
	}
	return p.Name == other.Name && p.Parent == other.Parent &&
		(other.Inventories == nil || maps.Equal(p.Inventories, other.Inventories)) &&
		(other.Traits == nil || slices.Equal(p.Traits, other.Traits)) &&
		(other.Aggregates == nil || slices.Equal(p.Aggregates, other.Aggregates))
}

// Counted reports whether the generation tells of each write of what the change is about. It does not move with a name or a parent.
func (p Provider) Counted() bool {
	return !p.Absent && (p.Inventories != nil || p.Traits != nil || p.Aggregates != nil)
}

// Target lists what a state is about: UUIDs, of a trait or a resource class its name.
func (s State) Target() []string {
	var all []string
	for _, c := range s.Consumers {
		all = append(all, c.UUID)
	}
	for _, p := range s.Providers {
		all = append(all, p.UUID)
	}
	for _, n := range s.Names {
		all = append(all, n.Name)
	}
	return all
}

// Same reports whether a state is as the other, which lists the same in the same order.
func (s State) Same(other State) bool {
	return slices.EqualFunc(s.Consumers, other.Consumers, Consumer.Same) && slices.EqualFunc(s.Providers, other.Providers, Provider.Same) &&
		slices.Equal(s.Names, other.Names)
}

// Plus returns what is held, with a share on one provider added to it.
func (h Held) Plus(provider string, share map[string]int) Held {
	out := h.Clone()
	if out[provider] == nil {
		out[provider] = map[string]int{}
	}
	for class, n := range share {
		out[provider][class] += n
	}
	return out
}
