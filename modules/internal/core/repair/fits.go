// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Growth is by how much more is held of each class of each provider.
func (c Change) Growth() map[string]map[string]int {
	sum := map[string]map[string]int{}
	add := func(all []Consumer, sign int) {
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
	for provider, classes := range sum {
		maps.DeleteFunc(classes, func(_ string, n int) bool { return n <= 0 })
		if len(classes) == 0 {
			delete(sum, provider)
		}
	}
	return sum
}

// amounts lists what each consumer is to hold of a class.
func (c Change) amounts(provider, class string) []int {
	var all []int
	for _, one := range c.After.Consumers {
		if n := one.Held[provider][class]; n > 0 {
			all = append(all, n)
		}
	}
	return all
}

// Misfits says why Placement would refuse to give what a change asks for beyond what was held, of one provider that offers and
// has used this (placement/objects/allocation.py, _check_capacity_exceeded).
func (c Change) Misfits(provider string, offered map[string]openstack.Inventory, used map[string]int) []string {
	more := c.Growth()[provider]
	var all []string
	for _, class := range slices.Sorted(maps.Keys(more)) {
		if why := misfit(class, more[class], offered, used[class], c.amounts(provider, class)); why != "" {
			all = append(all, why)
		}
	}
	return all
}

// Unfit is Misfits, whatever room there is: what no other write can mend but one of the inventories.
func (c Change) Unfit(provider string, offered map[string]openstack.Inventory) []string {
	used := map[string]int{}
	for class := range c.Growth()[provider] {
		used[class] = math.MinInt32
	}
	return c.Misfits(provider, offered, used)
}

func misfit(class string, more int, offered map[string]openstack.Inventory, used int, amounts []int) string {
	i, there := offered[class]
	if len(offered) == 0 {
		return "has no inventory at all, and so none of " + class
	}
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
