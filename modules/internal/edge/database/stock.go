// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"fmt"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// stock is what Placement's database has, by its numbers.
type stock struct {
	s      *session
	schema string
	unread map[string]error // table -> why it could not be read
	texts  texts

	classes   map[int]string
	free      []string // custom traits that no provider has
	list      []openstack.Provider
	numbers   []int // of the providers in list
	roots     []int // of the same; 0 for NULL
	parents   []int
	uuid      map[int]string // number -> UUID, of all providers
	stock     map[int]map[string]openstack.Inventory
	used      map[slot]int
	traits    map[string][]int
	members   map[int][]string
	consumers consumers
}

// slot is a resource class of a provider, both by number.
type slot struct{ provider, class int }

func newStock(s *session, schema string) *stock {
	return &stock{
		s: s, schema: schema, unread: map[string]error{}, texts: texts{}, classes: map[int]string{}, uuid: map[int]string{},
		stock: map[int]map[string]openstack.Inventory{}, used: map[slot]int{}, traits: map[string][]int{}, members: map[int][]string{},
		consumers: consumers{index: map[string]int{}, owners: map[int]string{}, users: map[int]string{}, types: map[int]string{}},
	}
}

// read reads the tables that the parts need. Of all tables each either is read whole or has its reason in unread.
func (p *stock) read(ctx context.Context, needs func(...snapshot.Part) bool, keep filter) {
	st := all()
	p.table(ctx, st.classes, p.class)
	p.table(ctx, st.providers, p.provider)
	if needs(snapshot.Traits) {
		p.table(ctx, st.traits, p.trait)
	}
	if needs(snapshot.Customs) {
		p.table(ctx, st.freeTraits, func(r row) error { p.free = append(p.free, line(r[0])); return nil })
	}
	if needs(snapshot.Usages, snapshot.Capacities, snapshot.Inventories) {
		p.table(ctx, st.inventories, p.inventory)
	}
	if needs(snapshot.Memberships) {
		p.table(ctx, st.memberships, p.membership)
	}
	if needs(snapshot.Usages, snapshot.Allocations, snapshot.Incomplete, snapshot.Rows) {
		p.table(ctx, st.projects, names(p.consumers.owners))
		p.table(ctx, st.users, names(p.consumers.users))
		p.table(ctx, st.types, names(p.consumers.types))
		p.table(ctx, st.consumers, p.consumers.add)
		p.table(ctx, st.allocations, p.allocation(keep))
	}
}

func (p *stock) table(ctx context.Context, st Statement, use func(row) error) {
	if err := p.s.each(ctx, st, p.schema, use); err != nil {
		p.unread[st.table] = err
	}
}

// names keeps the names of a table of numbers and names.
func names(into map[int]string) func(row) error {
	return func(r row) error {
		n, err := number(r[0])
		into[n] = line(r[1])
		return err
	}
}

func (p *stock) class(r row) error {
	n, err := number(r[0])
	if err == nil {
		p.classes[n], err = id(r[1])
	}
	return err
}

func (p *stock) provider(r row) error {
	uuid, err := id(r[1])
	if err != nil {
		return err
	}
	var n, generation, root, parent int
	if err := numbers(row{r[0], r[3], r[4], r[5]}, &n, &generation, &root, &parent); err != nil {
		return err
	}
	p.list = append(p.list, openstack.Provider{UUID: uuid, Name: line(r[2]), Generation: generation})
	p.numbers, p.roots, p.parents = append(p.numbers, n), append(p.roots, root), append(p.parents, parent)
	p.uuid[n] = uuid
	return nil
}

func (p *stock) trait(r row) error {
	name := p.texts.once(r[0])
	if len(r[1]) == 0 {
		p.traits[name] = []int{}
		return nil
	}
	n, err := number(r[1])
	p.traits[name] = append(p.traits[name], n)
	return err
}

func (p *stock) inventory(r row) error {
	var provider, class int
	var i openstack.Inventory
	if err := numbers(r, &provider, &class, &i.Total, &i.Reserved, &i.MinUnit, &i.MaxUnit, &i.StepSize); err != nil {
		return err
	}
	ratio, err := strconv.ParseFloat(string(r[7]), 64)
	if err != nil {
		return fmt.Errorf("a row has %q where a ratio must be", line(r[7]))
	}
	i.AllocationRatio = ratio
	of := p.stock[provider]
	if of == nil {
		of = map[string]openstack.Inventory{}
		p.stock[provider] = of
	}
	of[p.className(class)] = i
	return nil
}

// className is the name of a class, or where it has no row, a name that no class has.
func (p *stock) className(n int) string {
	if name, known := p.classes[n]; known {
		return name
	}
	return "resource class " + strconv.Itoa(n)
}

func (p *stock) membership(r row) error {
	n, err := number(r[0])
	if err != nil {
		return err
	}
	uuid, err := id(r[1])
	p.members[n] = append(p.members[n], p.texts.once([]byte(uuid)))
	return err
}

// allocation counts what is used, and keeps what consumers hold that pass the filter.
func (p *stock) allocation(keep filter) func(row) error {
	return func(r row) error {
		var at slot
		var used int
		if err := numbers(row{r[0], r[1], r[3]}, &at.provider, &at.class, &used); err != nil {
			return err
		}
		consumer, err := p.consumers.holder(r[2])
		if err != nil {
			return err
		}
		p.used[at] += used
		_, provider := p.uuid[at.provider]
		_, class := p.classes[at.class]
		if !provider || !class || keep.holding(p.consumers.list[consumer].uuid, p.uuid[at.provider]) {
			p.consumers.hold(consumer, at, used)
		}
		return nil
	}
}
