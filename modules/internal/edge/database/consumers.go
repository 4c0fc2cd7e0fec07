// SPDX-License-Identifier: Apache-2.0

package database

import (
	"cmp"
	"database/sql"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/dangling"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// consumers are those of Placement, with what they hold.
type consumers struct {
	ids  *once.IDs
	list []consumer
	rows once.ByPlace // place among the ids -> place in list, and 1; 0 for none
	held []holding
	sets once.Sets

	owners, users, types map[int32]string // numbers of tables
}

type consumer struct {
	id                        int32 // place among the ids
	generation, project, user int32
	sort                      int32
	holds                     bool // it has an allocation
	rowless                   bool // it has no row in the table of consumers
	invisible                 bool // Placement shows nothing of it: it, its project or its user has no row
}

// holding is what a consumer holds on a provider. There may be several for one pair.
type holding struct {
	consumer, provider int32 // the place in the list, the number in the database
	set                int32
}

func newConsumers(of *once.IDs) consumers {
	return consumers{ids: of, sets: once.NewSets(), owners: map[int32]string{}, users: map[int32]string{}, types: map[int32]string{}}
}

func (c *consumers) add(r query.Row) error {
	id, _, err := c.ids.Of(r[0])
	if err != nil {
		return err
	}
	if c.rows.At(id) != 0 { // two statements have it
		return nil
	}
	one := consumer{id: id}
	if err := query.Numbers(r[1:], &one.generation, &one.project, &one.user, &one.sort); err != nil {
		return err
	}
	// placement/objects/allocation.py joins consumers with projects and users
	one.invisible = !has(c.owners, one.project) || !has(c.users, one.user)
	c.append(one)
	return nil
}

func has(rows map[int32]string, number int32) bool {
	_, there := rows[number]
	return there
}

// ownerless are the consumers whose project or user does not exist.
func (c *consumers) ownerless() []snapshot.Dangling {
	project := dangling.Rows{Table: "placement.consumers", Column: "project_id", Points: "project_id is of no project"}
	user := dangling.Rows{Table: "placement.consumers", Column: "user_id", Points: "user_id is of no user"}
	for _, one := range c.list {
		if one.rowless {
			continue
		}
		if !has(c.owners, one.project) {
			project.Add(c.uuid(one))
		}
		if !has(c.users, one.user) {
			user.Add(c.uuid(one))
		}
	}
	return append(project.Some(), user.Some()...)
}

func (c *consumers) append(one consumer) int32 {
	c.list = append(c.list, one)
	c.rows = c.rows.With(one.id, int32(len(c.list))) //nolint:gosec // as many as there are ids
	return int32(len(c.list)) - 1                    //nolint:gosec // as many as there are ids
}

// holder returns the place of a consumer that holds something. One that has no row is invisible in Placement.
func (c *consumers) holder(raw sql.RawBytes) (place int32, uuid string, err error) {
	id, uuid, err := c.ids.Of(raw)
	if err != nil {
		return 0, "", err
	}
	place = c.rows.At(id) - 1
	if place < 0 {
		place = c.append(consumer{id: id, rowless: true, invisible: true})
	}
	c.list[place].holds = true
	return place, uuid, nil
}

// hold adds a row of allocations. Those of one consumer on one provider mostly stand together.
func (c *consumers) hold(consumer int32, at slot, used int) {
	if n := len(c.held) - 1; n >= 0 && c.held[n].consumer == consumer && c.held[n].provider == at.provider {
		c.held[n].set = c.sets.With(c.held[n].set, at.class, used)
		return
	}
	c.held = append(c.held, holding{consumer, at.provider, c.sets.With(0, at.class, used)})
}

func (c *consumers) uuid(one consumer) string { return c.ids.At(one.id) }

// owner names the project and the user of a consumer.
func (c *consumers) owner(one consumer) openstack.Owner {
	return openstack.Owner{ConsumerUUID: c.uuid(one), ProjectID: c.owners[one.project], UserID: c.users[one.user]}
}

// kind names the type of a consumer as Placement's API does.
func (c *consumers) kind(one consumer) string {
	if one.sort == 0 {
		return "unknown"
	}
	return c.types[one.sort]
}

// joined sorts what is held by provider, with one holding for each consumer there.
func (c *consumers) joined() []holding {
	slices.SortFunc(c.held, func(a, b holding) int {
		return cmp.Or(cmp.Compare(a.provider, b.provider), cmp.Compare(a.consumer, b.consumer), cmp.Compare(a.set, b.set))
	})
	out := c.held[:0]
	for _, h := range c.held {
		if n := len(out) - 1; n >= 0 && out[n].provider == h.provider && out[n].consumer == h.consumer {
			out[n].set = c.sets.Union(out[n].set, h.set)
			continue
		}
		out = append(out, h)
	}
	c.held = out
	return out
}

// allocations are what each consumer holds on each provider.
func (p *stock) allocations() (visible, invisible []openstack.Allocation) {
	held := p.consumers.joined()
	amounts := map[int32]map[string]int{}
	visible = make([]openstack.Allocation, 0, len(held))
	for _, h := range held {
		uuid, there := p.uuid[h.provider]
		if !there { // Placement shows no allocation of a provider that does not exist
			continue
		}
		one := p.consumers.list[h.consumer]
		a := openstack.Allocation{
			ConsumerUUID: p.consumers.uuid(one), ConsumerGeneration: int(one.generation), ProviderUUID: uuid, Resources: p.amounts(amounts, h.set),
		}
		if one.invisible {
			invisible = append(invisible, a)
		} else {
			visible = append(visible, a)
		}
	}
	return visible, invisible
}

// amounts are those of a set. Equal ones are kept once.
func (p *stock) amounts(known map[int32]map[string]int, set int32) map[string]int {
	if known[set] == nil {
		known[set] = map[string]int{}
		for class, used := range p.consumers.sets.All(set) {
			known[set][p.className(class)] += used
		}
	}
	return known[set]
}
