// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/dangling"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// stock is what Placement's database has, by its numbers.
type stock struct {
	s      *query.Session
	schema string
	unread map[string]error // table -> why it could not be read
	texts  once.Texts

	classes   map[int32]string
	free      []string // custom traits that no provider has
	list      []openstack.Provider
	numbers   []int32 // of the providers in list
	roots     []int32 // of the same; 0 for NULL
	parents   []int32
	uuid      map[int32]string // number -> UUID, of all providers
	offers    []offer
	used      map[slot]int
	traits    map[string][]int32
	members   map[int32][]string
	nowhere   dangling.Rows // memberships in aggregates that do not exist
	consumers consumers
}

// slot is a resource class of a provider, both by number.
type slot struct{ provider, class int32 }

// offer is a row of inventories.
type offer struct {
	slot
	openstack.Inventory
}

func newStock(s *query.Session, schema string, of *once.IDs) *stock {
	return &stock{
		s: s, schema: schema, unread: map[string]error{}, texts: once.Texts{}, classes: map[int32]string{}, uuid: map[int32]string{},
		used: map[slot]int{}, traits: map[string][]int32{}, members: map[int32][]string{}, consumers: newConsumers(of),
		nowhere: dangling.Rows{Table: "placement.resource_provider_aggregates", Column: "aggregate_id", Points: "aggregate_id is of no aggregate"},
	}
}

// read reads the tables that the parts need. Of all tables each either is read whole or has its reason in unread.
func (p *stock) read(ctx context.Context, needs func(...snapshot.Part) bool, keep filter) {
	st := query.All()
	p.table(ctx, st.Classes, p.class)
	p.table(ctx, st.Providers, p.provider)
	if needs(snapshot.Traits) {
		p.table(ctx, st.Traits, p.trait)
	}
	if needs(snapshot.Customs) {
		p.table(ctx, st.FreeTraits, func(r query.Row) error { p.free = append(p.free, query.Text(r[0])); return nil })
	}
	if needs(snapshot.Usages, snapshot.Capacities, snapshot.Inventories, snapshot.Rows) {
		p.table(ctx, st.Inventories, p.inventory)
	}
	if needs(snapshot.Memberships, snapshot.Rows) {
		p.table(ctx, st.Memberships, p.membership)
	}
	if needs(snapshot.Usages, snapshot.Allocations, snapshot.Incomplete, snapshot.Rows) {
		p.table(ctx, st.Projects, names(p.consumers.owners))
		p.table(ctx, st.Users, names(p.consumers.users))
		p.table(ctx, st.Types, names(p.consumers.types))
		p.held(ctx, keep)
	}
}

// held reads who holds what. Of a few suspects it reads what is held on each provider, whoever holds it, and then what each consumer holds
// elsewhere.
func (p *stock) held(ctx context.Context, keep filter) {
	st, count := query.All(), p.allocation(keep)
	if !keep.few {
		p.table(ctx, st.Consumers, p.consumers.add)
		p.table(ctx, st.Allocations, count)
		return
	}
	on := p.numbered(keep.providers)
	p.among(ctx, st.ConsumersOf, keep.named(), p.consumers.add)
	p.among(ctx, st.ConsumersOn, on, p.consumers.add)
	p.among(ctx, st.HeldOn, on, count)
	p.among(ctx, st.HeldBy, keep.named(), func(r query.Row) error {
		var n int32
		if err := query.Numbers(r[:1], &n); err != nil || slices.Contains(on, any(n)) {
			return err
		}
		return count(r)
	})
}

// numbered are the numbers of providers, as far as they exist.
func (p *stock) numbered(uuids map[string]bool) []any {
	var all []any
	for n, uuid := range p.uuid {
		if uuids[uuid] {
			all = append(all, n)
		}
	}
	return all
}

func (p *stock) table(ctx context.Context, st query.Statement, use func(query.Row) error) {
	p.lacks(st, p.s.Each(ctx, st, p.schema, use))
}

func (p *stock) among(ctx context.Context, st query.Statement, values []any, use func(query.Row) error) {
	p.lacks(st, p.s.Among(ctx, st, p.schema, values, use))
}

func (p *stock) lacks(st query.Statement, err error) {
	if err != nil {
		p.unread[st.Table] = err
	}
}

// names keeps the names of a table of numbers and names.
func names(into map[int32]string) func(query.Row) error {
	return func(r query.Row) error {
		var n int32
		err := query.Numbers(r[:1], &n)
		into[n] = query.Text(r[1])
		return err
	}
}

func (p *stock) class(r query.Row) error {
	var n int32
	err := query.Numbers(r[:1], &n)
	if err == nil {
		p.classes[n], err = query.ID(r[1])
	}
	return err
}

func (p *stock) provider(r query.Row) error {
	uuid, err := query.ID(r[1])
	if err != nil {
		return err
	}
	var n, root, parent int32
	if err := query.Numbers(query.Row{r[0], r[4], r[5]}, &n, &root, &parent); err != nil {
		return err
	}
	generation, err := query.Number(r[3])
	if err != nil {
		return err
	}
	p.list = append(p.list, openstack.Provider{UUID: uuid, Name: query.Text(r[2]), Generation: generation})
	p.numbers, p.roots, p.parents = append(p.numbers, n), append(p.roots, root), append(p.parents, parent)
	p.uuid[n] = uuid
	return nil
}

func (p *stock) trait(r query.Row) error {
	name := p.texts.Of(r[0])
	if len(r[1]) == 0 {
		p.traits[name] = []int32{}
		return nil
	}
	var n int32
	err := query.Numbers(r[1:], &n)
	p.traits[name] = append(p.traits[name], n)
	return err
}

func (p *stock) inventory(r query.Row) error {
	var one offer
	if err := query.Numbers(r[:2], &one.provider, &one.class); err != nil {
		return err
	}
	if err := query.Numbers(r[2:], &one.Total, &one.Reserved, &one.MinUnit, &one.MaxUnit, &one.StepSize); err != nil {
		return err
	}
	ratio, err := strconv.ParseFloat(string(r[7]), 64)
	if err != nil {
		return fmt.Errorf("a row has %q where a ratio must be", query.Text(r[7]))
	}
	one.AllocationRatio = ratio
	p.offers = append(p.offers, one)
	return nil
}

// className is the name of a class, or where it has no row, a name that no class has.
func (p *stock) className(n int32) string {
	if name, known := p.classes[n]; known {
		return name
	}
	return "resource class " + strconv.Itoa(int(n))
}

func (p *stock) membership(r query.Row) error {
	var n int32
	if err := query.Numbers(r[:1], &n); err != nil {
		return err
	}
	if len(r[1]) == 0 {
		p.nowhere.Add("aggregate_id " + query.Text(r[2]))
		return nil
	}
	uuid, err := query.ID(r[1])
	p.members[n] = append(p.members[n], p.texts.Of([]byte(uuid)))
	return err
}

// allocation counts what is used, and keeps what consumers hold that pass the filter.
func (p *stock) allocation(keep filter) func(query.Row) error {
	return func(r query.Row) error {
		var at slot
		if err := query.Numbers(r[:2], &at.provider, &at.class); err != nil {
			return err
		}
		used, err := query.Number(r[3])
		if err != nil {
			return err
		}
		consumer, uuid, err := p.consumers.holder(r[2])
		if err != nil {
			return err
		}
		p.used[at] += used
		_, provider := p.uuid[at.provider]
		_, class := p.classes[at.class]
		if !provider || !class || keep.holding(uuid, p.uuid[at.provider]) {
			p.consumers.hold(consumer, at, used)
		}
		return nil
	}
}
