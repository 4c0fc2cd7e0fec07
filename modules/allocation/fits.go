// SPDX-License-Identifier: Apache-2.0

package allocation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// fits refuses what Placement would refuse, before it is sent: a write of a consumer that fails may leave a record of it that
// nobody sees, and then each later write as of a new one is refused.
func (t *task) fits(ctx context.Context, c repair.Change) error {
	more := growth(c)
	var faults []error
	for _, provider := range slices.Sorted(maps.Keys(more)) {
		offered, err := t.client.Offered(ctx, provider)
		if err != nil {
			return err
		}
		used, err := t.client.Used(ctx, provider)
		if err != nil {
			return err
		}
		for _, class := range slices.Sorted(maps.Keys(more[provider])) {
			if why := misfit(class, more[provider][class], offered, used[class], held(c, provider, class)); why != "" {
				faults = append(faults, fmt.Errorf("resource provider %s %s", t.name(provider), why))
			}
		}
	}
	return several.Join(faults...)
}

// growth is by how much more is held of each class of each provider.
func growth(c repair.Change) map[string]map[string]int {
	sum := map[string]map[string]int{}
	add := func(all []repair.Consumer, sign int) {
		for _, one := range all {
			for provider, amounts := range one.Held {
				if sum[provider] == nil {
					sum[provider] = map[string]int{}
				}
				for class, n := range amounts {
					sum[provider][class] += sign * n
				}
			}
		}
	}
	add(c.Before.Consumers, -1)
	add(c.After.Consumers, 1)
	for _, classes := range sum {
		maps.DeleteFunc(classes, func(_ string, n int) bool { return n <= 0 })
	}
	return sum
}

// held lists what each consumer is to hold of a class.
func held(c repair.Change, provider, class string) []int {
	var all []int
	for _, one := range c.After.Consumers {
		if n := one.Held[provider][class]; n > 0 {
			all = append(all, n)
		}
	}
	return all
}

// misfit says why Placement would refuse to give so much more (placement/objects/allocation.py, _check_capacity_exceeded).
func misfit(class string, more int, offered map[string]openstack.Inventory, used int, amounts []int) string {
	i, there := offered[class]
	if !there {
		return fmt.Sprintf("has no inventory of %s; it has %s", class, strings.Join(slices.Sorted(maps.Keys(offered)), ", "))
	}
	for _, n := range amounts {
		if n < i.MinUnit || n > i.MaxUnit || n%i.StepSize != 0 {
			return fmt.Sprintf("gives %s from %d to %d in steps of %d, not %d", class, i.MinUnit, i.MaxUnit, i.StepSize, n)
		}
	}
	if used+more > i.Capacity() {
		return fmt.Sprintf("has no room for %d more of %s: %d of %d are used", more, class, used, i.Capacity())
	}
	return ""
}

func (t *task) name(provider string) string {
	if name := t.names[provider]; name != "" {
		return name + " (" + provider + ")"
	}
	return provider
}
