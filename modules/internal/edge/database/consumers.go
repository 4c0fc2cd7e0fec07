// SPDX-License-Identifier: Apache-2.0

package database

import (
	"cmp"
	"database/sql"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// consumers are those of Placement, with what they hold.
type consumers struct {
	list  []consumer
	index map[string]int // UUID -> place in list
	held  []holding

	owners, users, types map[int]string // numbers of tables
}

type consumer struct {
	uuid                            string
	generation, project, user, sort int
	holds                           bool // it has an allocation
	invisible                       bool // it has no row in the table of consumers
}

// holding is one row of allocations.
type holding struct {
	consumer        int
	provider, class int
	used            int
}

func (c *consumers) add(r row) error {
	uuid, err := id(r[0])
	if err != nil {
		return err
	}
	var generation, project, user, kind int
	if err := numbers(r[1:], &generation, &project, &user, &kind); err != nil {
		return err
	}
	c.index[uuid] = len(c.list)
	c.list = append(c.list, consumer{uuid: uuid, generation: generation, project: project, user: user, sort: kind})
	return nil
}

// holder returns the place of a consumer that holds something. One that has no row is invisible in Placement.
func (c *consumers) holder(raw sql.RawBytes) (int, error) {
	i, known := c.index[string(raw)]
	if !known {
		uuid, err := id(raw)
		if err != nil {
			return 0, err
		}
		i = len(c.list)
		c.index[uuid] = i
		c.list = append(c.list, consumer{uuid: uuid, invisible: true})
	}
	c.list[i].holds = true
	return i, nil
}

func (c *consumers) hold(consumer int, at slot, used int) {
	c.held = append(c.held, holding{consumer, at.provider, at.class, used})
}

// owner names the project and the user of a consumer.
func (c *consumers) owner(one consumer) openstack.Owner {
	return openstack.Owner{ConsumerUUID: one.uuid, ProjectID: c.owners[one.project], UserID: c.users[one.user]}
}

// kind names the type of a consumer as Placement's API does.
func (c *consumers) kind(one consumer) string {
	if one.sort == 0 {
		return "unknown"
	}
	return c.types[one.sort]
}

// allocations joins the rows of each consumer on each provider. Equal amounts are kept once.
func (p *stock) allocations() (visible, invisible []openstack.Allocation) {
	held := p.consumers.held
	slices.SortFunc(held, func(a, b holding) int {
		return cmp.Or(cmp.Compare(a.provider, b.provider), cmp.Compare(a.consumer, b.consumer), cmp.Compare(a.class, b.class))
	})
	sets := map[string]map[string]int{}
	visible = make([]openstack.Allocation, 0, len(held)/3)
	for i := 0; i < len(held); {
		j := i + 1
		for j < len(held) && held[j].provider == held[i].provider && held[j].consumer == held[i].consumer {
			j++
		}
		one := p.consumers.list[held[i].consumer]
		uuid, there := p.uuid[held[i].provider]
		a := openstack.Allocation{ConsumerUUID: one.uuid, ConsumerGeneration: one.generation, ProviderUUID: uuid, Resources: p.amounts(sets, held[i:j])}
		switch {
		case !there: // Placement shows no allocation of a provider that does not exist
		case one.invisible:
			invisible = append(invisible, a)
		default:
			visible = append(visible, a)
		}
		i = j
	}
	return visible, invisible
}

func (p *stock) amounts(sets map[string]map[string]int, held []holding) map[string]int {
	var key []byte
	for _, h := range held {
		key = appendInt(appendInt(key, h.class), h.used)
	}
	if kept, known := sets[string(key)]; known {
		return kept
	}
	amounts := map[string]int{}
	for _, h := range held {
		amounts[p.className(h.class)] += h.used
	}
	sets[string(key)] = amounts
	return amounts
}
