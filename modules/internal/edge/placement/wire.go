// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"maps"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// The types of this file are how Placement writes what it answers, from Oldest on. Package strict has what their tags mean.

type versions struct {
	Versions []version `json:"versions" strict:"required"`
}

type version struct {
	Min string `json:"min_version" strict:"required"`
	Max string `json:"max_version" strict:"required"`
}

type providers struct {
	List []provider `json:"resource_providers" strict:"required"`
}

type provider struct {
	UUID       string `json:"uuid" strict:"required,id"`
	Name       string `json:"name" strict:"required"`
	Generation int    `json:"generation" strict:"required"`
	Parent     string `json:"parent_provider_uuid" strict:"nullable,id"` // null for a root
	Root       string `json:"root_provider_uuid" strict:"nullable,id"`   // null for some that Rocky has not migrated
}

func (p provider) data() openstack.Provider {
	return openstack.Provider{UUID: p.UUID, Name: p.Name, Generation: p.Generation, ParentUUID: p.Parent, RootUUID: p.Root}
}

// inventories is also how Placement takes them.
type inventories struct {
	Generation  int                  `json:"resource_provider_generation" strict:"required"`
	Inventories map[string]inventory `json:"inventories" strict:"required,id"`
}

type inventory struct {
	Total           int     `json:"total" strict:"required"`
	Reserved        int     `json:"reserved" strict:"required"`
	MinUnit         int     `json:"min_unit" strict:"required"`
	MaxUnit         int     `json:"max_unit" strict:"required"`
	StepSize        int     `json:"step_size" strict:"required"`
	AllocationRatio float64 `json:"allocation_ratio" strict:"required"`
}

func (i inventories) stock() Stock[openstack.Inventory] {
	return Stock[openstack.Inventory]{i.Generation, converted(i.Inventories, func(v inventory) openstack.Inventory { return openstack.Inventory(v) })}
}

func converted[A, B any](from map[string]A, one func(A) B) map[string]B {
	to := make(map[string]B, len(from))
	for key, value := range from {
		to[key] = one(value)
	}
	return to
}

type usages struct {
	Generation int            `json:"resource_provider_generation" strict:"required"`
	Usages     map[string]int `json:"usages" strict:"required,id"`
}

type traits struct {
	Traits []string `json:"traits" strict:"required"`
}

type aggregates struct {
	Aggregates []string `json:"aggregates" strict:"required"`
}

type held struct {
	Generation int                `json:"resource_provider_generation" strict:"required"`
	ByConsumer map[string]holding `json:"allocations" strict:"required,id"`
}

type holding struct {
	Resources  map[string]int `json:"resources" strict:"required,id"`
	Generation int            `json:"consumer_generation" strict:"required"`
}

// consumer is without all but its empty allocations where Placement does not know it.
type consumer struct {
	Allocations map[string]share `json:"allocations" strict:"required,id"`
	Project     string           `json:"project_id" strict:"optional"`
	User        string           `json:"user_id" strict:"optional"`
	Type        string           `json:"consumer_type" strict:"optional"` // from 1.38 on
	Generation  *int             `json:"consumer_generation" strict:"optional"`
}

type share struct {
	Resources map[string]int `json:"resources" strict:"required,id"`
}

// data fails if somebody who holds something belongs to nobody.
func (c *consumer) data(uuid string) (Consumer, error) {
	out := Consumer{UUID: uuid, ProjectID: c.Project, UserID: c.User, Type: c.Type, Allocations: []openstack.Allocation{}}
	if len(c.Allocations) > 0 && (c.Project == "" || c.User == "" || c.Generation == nil) {
		return out, rest.Missing("project_id, user_id or consumer_generation beside allocations")
	}
	if c.Generation != nil {
		out.Generation = *c.Generation
	}
	for provider, s := range c.Allocations {
		out.Allocations = append(out.Allocations, openstack.Allocation{
			ConsumerUUID: uuid, ConsumerGeneration: out.Generation, ProviderUUID: provider, Resources: s.Resources,
		})
	}
	return out, nil
}

type candidates struct {
	Summaries map[string]summary `json:"provider_summaries" strict:"required,id"`
}

// landings are what a request for allocation candidates asks for.
type landings struct {
	Requests  []landing          `json:"allocation_requests" strict:"required"`
	Summaries map[string]summary `json:"provider_summaries" strict:"required,id"`
}

type landing struct {
	Allocations map[string]share    `json:"allocations" strict:"required,id"`
	Mappings    map[string][]string `json:"mappings" strict:"optional"` // from 1.34 on
}

func (l landing) data() Landing {
	return Landing{Takes: converted(l.Allocations, func(s share) map[string]int { return s.Resources }), By: l.Mappings}
}

type summary struct {
	Resources map[string]amount `json:"resources" strict:"required,id"`
}

type amount struct {
	Capacity int `json:"capacity" strict:"required"`
	Used     int `json:"used" strict:"required"`
}

func (s summary) data() Summary {
	return Summary{
		Capacity: converted(s.Resources, func(a amount) int { return a.Capacity }),
		Used:     converted(s.Resources, func(a amount) int { return a.Used }),
	}
}

// usagesByType is what a project uses from 1.38 on, usagesByClass before.
type usagesByType struct {
	Usages map[string]usageOfType `json:"usages" strict:"required,id"`
}

type usageOfType struct {
	Consumers int `json:"consumer_count" strict:"required"`
}

func (u *usagesByType) consumers() int {
	sum := 0
	for kind := range maps.Values(u.Usages) {
		sum += kind.Consumers
	}
	return sum
}

type usagesByClass struct {
	Usages map[string]int `json:"usages" strict:"required,id"`
}

type classes struct {
	List []class `json:"resource_classes" strict:"required"`
}

type class struct {
	Name string `json:"name" strict:"required,id"`
}

// usagesWhole is what a project uses by type of consumer, from 1.38 on: the number of consumers beside the classes.
type usagesWhole struct {
	Usages map[string]map[string]int `json:"usages" strict:"required,id"`
}
