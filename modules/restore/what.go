// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// what tells in a line what is done to undo the step.
func (s Step) what() string {
	target := strings.Join(s.Target, ", ")
	switch s.Op {
	case repair.Allocations:
		return s.giveBack()
	case repair.CreateProvider:
		return "Delete resource provider " + s.provider()
	case repair.DeleteProvider:
		return "Create resource provider " + s.provider() + " again"
	case repair.UpdateProvider:
		return s.nameBack()
	case repair.CreateTrait, repair.CreateClass:
		return "Delete " + s.Op.About() + " " + target
	case repair.DeleteTrait, repair.DeleteClass:
		return "Create " + s.Op.About() + " " + target + " again"
	case repair.RenameClass:
		return fmt.Sprintf("Rename resource class %s back to %s", s.Target[1], s.Target[0])
	case repair.Inventories, repair.Traits, repair.Aggregates:
	}
	return fmt.Sprintf("Put back the %s of resource provider %s", s.Op, s.provider())
}

// provider is the resource provider that the step is about, by the name that it has now.
func (s Step) provider() string {
	for _, p := range slices.Concat(s.Before.Providers, s.After.Providers) {
		if p.Name != "" {
			return fmt.Sprintf("%s (%s)", p.Name, p.UUID)
		}
	}
	return strings.Join(s.Target, ", ")
}

// giveBack tells what each consumer holds again.
func (s Step) giveBack() string {
	if len(s.After.Consumers) == 0 {
		return "Restore the allocations of " + strings.Join(s.Target, ", ")
	}
	var words []string
	for _, c := range s.After.Consumers {
		var held []string
		for _, provider := range slices.Sorted(maps.Keys(c.Held)) {
			held = append(held, check.Amounts(c.Held[provider])+" on "+provider)
		}
		if len(held) == 0 {
			words = append(words, "empty consumer "+c.UUID)
			continue
		}
		words = append(words, fmt.Sprintf("set the allocation of consumer %s back to %s", c.UUID, strings.Join(held, " and ")))
	}
	text := strings.Join(words, ", and ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// nameBack tells which name or parent a provider has again.
func (s Step) nameBack() string {
	was, is := s.After.Providers, s.Before.Providers
	switch {
	case len(was) == 1 && len(is) == 1 && was[0].Name != is[0].Name:
		return fmt.Sprintf("Rename resource provider %s back to %s", s.provider(), was[0].Name)
	case len(was) == 1 && was[0].Parent != "":
		return fmt.Sprintf("Put resource provider %s back below %s", s.provider(), was[0].Parent)
	case len(was) == 1:
		return fmt.Sprintf("Make resource provider %s a root again", s.provider())
	}
	return fmt.Sprintf("Put back the name and the parent of resource provider %s", s.provider())
}
