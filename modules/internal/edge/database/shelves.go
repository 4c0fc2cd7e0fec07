// SPDX-License-Identifier: Apache-2.0

package database

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/dangling"
)

// tables are those of Placement without which a part can't be had.
func tables() map[snapshot.Part][]string {
	const classes, providers, inventories, allocations, consumers = "resource_classes", "resource_providers", "inventories", "allocations", "consumers"
	return map[snapshot.Part][]string{
		snapshot.Providers:   {providers},
		snapshot.Traits:      {providers, "resource_provider_traits"},
		snapshot.Usages:      {providers, classes, inventories, consumers, allocations},
		snapshot.Capacities:  {providers, classes, inventories},
		snapshot.Inventories: {providers, classes, inventories},
		snapshot.Allocations: {providers, classes, consumers, allocations, "projects", "users", "consumer_types"},
		snapshot.Incomplete:  {providers, classes, consumers, allocations, "projects", "users"},
		snapshot.Memberships: {providers, "resource_provider_aggregates"},
		snapshot.Customs:     {classes, "traits"},
		snapshot.Rows: {
			providers, classes, inventories, consumers, allocations, "projects", "users", "consumer_types", "resource_provider_aggregates",
		},
	}
}

// err is why a part can't be had of Placement; nil if it can. A part that no table has is never one that is empty.
func (p *stock) err(part snapshot.Part) error {
	needed, known := tables()[part]
	if !known {
		return errors.New("source: database does not read them: use source: api")
	}
	for _, table := range needed {
		if err := p.unread[table]; err != nil {
			return err
		}
	}
	return nil
}

// fill puts what was read into the snapshot, as Placement's API shows it.
func (p *stock) fill(s *snapshot.Snapshot, parts []snapshot.Part) {
	for _, part := range parts {
		if part.FromNova() || part == snapshot.Generations || part == snapshot.Rows {
			continue
		}
		if err := p.err(part); err != nil {
			s.MarkFailed(part, err.Error())
			continue
		}
		s.MarkRead(part)
	}
	if s.Parts[snapshot.Customs].Read {
		s.Custom = snapshot.CustomNames(slices.Collect(maps.Values(p.classes)), p.free)
	}
	if p.err(snapshot.Providers) != nil {
		return
	}
	s.ProviderList = []openstack.Provider{}
	s.TraitHolders, s.UsageMap = map[string][]string{}, map[string]map[string]int{}
	s.InventoryMap, s.CapacityMap = map[string]map[string]openstack.Inventory{}, map[string]map[string]int{}
	s.MembershipMap, s.EveryMembership, s.Presumed = map[string][]string{}, true, map[string]string{}
	shelves := p.shelves()
	for i := range p.list {
		if p.rooted(i) {
			p.shelve(s, shelves, i)
		}
	}
	for trait, holders := range p.traits {
		s.TraitHolders[trait] = []string{}
		for _, n := range holders {
			if uuid := p.uuid[n]; uuid != "" {
				s.TraitHolders[trait] = append(s.TraitHolders[trait], uuid)
			}
		}
	}
	s.IncompleteList = p.incomplete()
}

// rooted reports whether a provider has a root. Placement's API leaves the others out of all lists.
func (p *stock) rooted(i int) bool { return p.uuid[p.roots[i]] != "" }

// shelve puts one provider into the snapshot.
func (p *stock) shelve(s *snapshot.Snapshot, of *shelves, i int) {
	one, n := p.list[i], p.numbers[i]
	one.RootUUID, one.ParentUUID = p.uuid[p.roots[i]], p.uuid[p.parents[i]]
	s.ProviderList = append(s.ProviderList, one)
	s.InventoryMap[one.UUID], s.UsageMap[one.UUID] = of.amounts(p, n)
	s.MembershipMap[one.UUID] = []string{}
	if one.IsRoot() {
		s.MembershipMap[one.UUID] = append(s.MembershipMap[one.UUID], p.members[n]...)
	}
}

// shelves keeps what providers offer and what is used of it. Equal ones are kept once: the hosts of a cloud are of few kinds.
type shelves struct {
	from        map[int32]int // number of a provider -> its first place in the sorted offers
	inventories map[string]map[string]openstack.Inventory
	usages      map[string]map[string]int
	key         []byte
}

func (p *stock) shelves() *shelves {
	slices.SortFunc(p.offers, func(a, b offer) int {
		return cmp.Or(cmp.Compare(a.provider, b.provider), cmp.Compare(a.class, b.class))
	})
	of := &shelves{from: map[int32]int{}, inventories: map[string]map[string]openstack.Inventory{}, usages: map[string]map[string]int{}}
	for i := range p.offers {
		if i == 0 || p.offers[i].provider != p.offers[i-1].provider {
			of.from[p.offers[i].provider] = i
		}
	}
	return of
}

// amounts are the inventories and the usages of a provider. Placement counts what is used of the classes that it has inventory of.
func (of *shelves) amounts(p *stock, provider int32) (map[string]openstack.Inventory, map[string]int) {
	from, there := of.from[provider]
	to := from
	for there && to < len(p.offers) && p.offers[to].provider == provider {
		to++
	}
	offers := p.offers[from:to]
	return of.inventory(p, offers), of.usage(p, offers)
}

func (of *shelves) inventory(p *stock, offers []offer) map[string]openstack.Inventory {
	of.key = of.key[:0]
	for _, o := range offers {
		of.key = fmt.Appendln(of.key, o.class, o.Inventory)
	}
	if kept, known := of.inventories[string(of.key)]; known {
		return kept
	}
	all := make(map[string]openstack.Inventory, len(offers))
	for _, o := range offers {
		all[p.className(o.class)] = o.Inventory
	}
	of.inventories[string(of.key)] = all
	return all
}

func (of *shelves) usage(p *stock, offers []offer) map[string]int {
	of.key = of.key[:0]
	for _, o := range offers {
		of.key = fmt.Appendln(of.key, o.class, p.used[o.slot])
	}
	if kept, known := of.usages[string(of.key)]; known {
		return kept
	}
	all := make(map[string]int, len(offers))
	for _, o := range offers {
		if class, known := p.classes[o.class]; known {
			all[class] = p.used[o.slot]
		}
	}
	of.usages[string(of.key)] = all
	return all
}

// incomplete lists the consumers of nobody that hold something.
func (p *stock) incomplete() []openstack.Owner {
	list := []openstack.Owner{}
	for _, c := range p.consumers.list {
		owner := p.consumers.owner(c)
		if c.holds && !c.invisible && owner.ProjectID == openstack.IncompleteOwner {
			list = append(list, owner)
		}
	}
	return list
}

// rows fills in what only the database shows.
func (p *stock) rows(d *snapshot.Database, invisible []openstack.Allocation) {
	d.Invisible = append(d.Invisible, invisible...)
	for _, c := range p.consumers.list {
		if !c.holds {
			of := p.consumers.owner(c)
			d.Ghosts = append(d.Ghosts, snapshot.Ghost{
				ConsumerUUID: of.ConsumerUUID, ProjectID: of.ProjectID, UserID: of.UserID, Generation: int(c.generation), Type: p.consumers.kind(c),
			})
		}
	}
	orphans := dangling.Rows{Table: "placement.resource_providers", Column: "parent_provider_id", Points: "parent_provider_id is of no provider"}
	for i, one := range p.list {
		if !p.rooted(i) {
			d.Rootless = append(d.Rootless, one)
		}
		if p.parents[i] != 0 && p.uuid[p.parents[i]] == "" {
			orphans.Add(one.UUID)
		}
	}
	d.Dangling = append(d.Dangling, orphans.Some()...)
	d.Dangling = append(d.Dangling, p.lostRows()...)
	d.Dangling = append(d.Dangling, p.consumers.ownerless()...)
}

// lostRows are allocations and inventories of providers and classes that do not exist.
func (p *stock) lostRows() []snapshot.Dangling {
	provider := dangling.Rows{Table: "placement.allocations", Column: "resource_provider_id", Points: "resource_provider_id is of no provider"}
	class := dangling.Rows{Table: "placement.allocations", Column: "resource_class_id", Points: "resource_class_id is of no resource class"}
	for _, h := range p.consumers.held {
		uuid := p.consumers.uuid(p.consumers.list[h.consumer])
		if p.uuid[h.provider] == "" {
			provider.Add(uuid)
		}
		for n := range p.consumers.sets.All(h.set) {
			if p.classes[n] == "" {
				class.Add(uuid)
			}
		}
	}
	stock := dangling.Rows{Table: "placement.inventories", Column: "resource_provider_id", Points: "resource_provider_id is of no provider"}
	kind := dangling.Rows{Table: "placement.inventories", Column: "resource_class_id", Points: "resource_class_id is of no resource class"}
	for _, o := range p.offers {
		if p.uuid[o.provider] == "" {
			stock.Add("resource_provider_id " + strconv.Itoa(int(o.provider)))
		}
		if p.classes[o.class] == "" {
			kind.Add("resource_class_id " + strconv.Itoa(int(o.class)))
		}
	}
	return slices.Concat(provider.Some(), class.Some(), stock.Some(), kind.Some(), p.strayMembers())
}

// strayMembers are memberships of providers and in aggregates that do not exist.
func (p *stock) strayMembers() []snapshot.Dangling {
	provider := dangling.Rows{Table: "placement.resource_provider_aggregates", Column: "resource_provider_id", Points: "resource_provider_id is of no provider"}
	for n := range p.members {
		if p.uuid[n] == "" {
			provider.Add("resource_provider_id " + strconv.Itoa(int(n)))
		}
	}
	return append(provider.Some(), p.nowhere.Some()...)
}
