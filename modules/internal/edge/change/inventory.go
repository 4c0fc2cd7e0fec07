// SPDX-License-Identifier: Apache-2.0

// Package change turns a wish into writes that can't harm: what is wanted against what is there, judged before
// anything is sent, bound to a generation, preceded by a journal entry and settled by reading.
//
// The judging in this file is pure. It is the only place that decides whether an inventory may be written: Placement
// takes a capacity below what is used with 200 and a warning in its log.
package change

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Inventories are a provider's inventories by resource class.
type Inventories map[string]openstack.Inventory

// Inventory is one inventory.
type Inventory = openstack.Inventory

// Wish is what somebody wants of one inventory; nil fields are left as they are, or take Placement's default where
// there is no inventory yet.
type Wish struct {
	Total           *int
	Reserved        *int
	MinUnit         *int
	MaxUnit         *int
	StepSize        *int
	AllocationRatio *float64
}

// State says how a wish for some classes is to be read.
type State string

// The states, as the option of the same name has them.
const (
	Present State = "present" // amend what is named
	Exact   State = "exact"   // the named classes and no others, fields left out at their defaults
	Absent  State = "absent"  // remove the named classes
)

// Plan is what the wish means for one provider.
type Plan struct {
	Before, After Inventories
	Refused       []Refusal
	Clamped       []Clamp
	Warnings      []string
	Faults        []Fault // what Placement itself would refuse
}

// Fault is one field of a wish that makes no inventory.
type Fault struct {
	Class, Field, Reason string
	Value                any
}

// Changes reports whether there is anything to write.
func (p *Plan) Changes() bool { return !maps.Equal(p.Before, p.After) }

// Refusal is one class for which the wish can't be granted.
type Refusal struct {
	Class          string `json:"class"`
	Field          string `json:"field"` // the field that lowers the capacity; empty if the class would be removed
	Asked          any    `json:"asked"`
	Used           int    `json:"used"`
	CapacityBefore int    `json:"capacity_before"`
	CapacityAfter  int    `json:"capacity_after"`
	LowestSafe     any    `json:"lowest_safe"` // of the field: for reserved it is the highest; nil if none is safe
}

// Clamp is one field that got another value than the one asked for, which would have given less than is used.
type Clamp struct {
	Class string `json:"class"`
	Field string `json:"field"`
	Asked any    `json:"asked"`
	Set   any    `json:"set"`
}

// Default is the inventory that Placement makes of a total alone (placement/handlers/inventory.py, INVENTORY_DEFAULTS).
func Default(total int) openstack.Inventory {
	return openstack.Inventory{Total: total, MinUnit: 1, MaxUnit: math.MaxInt32, StepSize: 1, AllocationRatio: 1}
}

// Ratio rounds to the six significant digits that every database keeps: the column is a single-precision FLOAT in
// MariaDB, which reads 1.23457 where 1.2345678 was written (placement/db/sqlalchemy/models.py). A ratio that was
// rounded after it was judged could give less capacity than was judged.
func Ratio(asked float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(asked, 'g', 6, 64), 64)
	if err != nil {
		return asked
	}
	return rounded
}

// Judge says what the wishes mean for a provider that has these inventories and of which this much is used. With
// clamp, what would give too small a capacity is taken back as far as is needed, see clamped; removing a class that is in
// use is refused all the same.
func Judge(before Inventories, used map[string]int, wishes map[string]Wish, state State, clamp bool) *Plan {
	p := &Plan{Before: before, After: Inventories{}}
	for class, have := range before {
		if _, named := wishes[class]; !named && state != Exact {
			p.After[class] = have
		}
	}
	for _, class := range slices.Sorted(maps.Keys(wishes)) {
		if state != Absent {
			p.set(class, wishes[class], state, used[class], clamp)
		}
	}
	p.removals(used)
	slices.SortFunc(p.Refused, func(a, b Refusal) int { return cmp.Compare(a.Class, b.Class) })
	return p
}

// set puts the wanted inventory of one class into After, or a refusal beside it.
func (p *Plan) set(class string, w Wish, state State, used int, clamp bool) {
	have, there := p.Before[class]
	base := have
	if !there || state == Exact {
		base = Default(0)
	}
	want := w.on(base)
	p.After[class] = want
	if p.faulty(class, want, w, there && state != Exact) {
		return
	}
	if want.Capacity() >= used {
		return
	}
	if there && want.Capacity() >= have.Capacity() {
		if want != have {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: %d are used, more than the capacity of %d even after this change",
				class, used, want.Capacity()))
		}
		return
	}
	if clamp && there {
		p.clamp(class, want, clamped(have, want, used))
		return
	}
	p.tooSmall(class, want, used)
}

// faulty notes what Placement would refuse of an inventory, although each of its fields is fine by itself.
func (p *Plan) faulty(class string, want openstack.Inventory, w Wish, amends bool) bool {
	switch {
	case w.Total == nil && !amends:
		p.Faults = append(p.Faults, Fault{Class: class, Field: fieldTotal, Reason: "is needed: there is no inventory of this class to amend"})
	case want.Reserved > want.Total:
		p.Faults = append(p.Faults, Fault{class, fieldReserved, fmt.Sprintf("must not be more than the total of %d", want.Total), want.Reserved})
	default:
		return false
	}
	return true
}

// clamp takes what is safe instead of what was asked for.
func (p *Plan) clamp(class string, asked, safe openstack.Inventory) {
	p.After[class] = safe
	for _, field := range []string{fieldTotal, fieldReserved, fieldRatio} {
		if get(field, asked) != get(field, safe) {
			p.Clamped = append(p.Clamped, Clamp{class, field, get(field, asked), get(field, safe)})
		}
	}
}

// tooSmall refuses a capacity below what is used, for the first of the fields that make it so.
func (p *Plan) tooSmall(class string, want openstack.Inventory, used int) {
	have := p.Before[class]
	field := append(culprits(have, want), fieldTotal)[0]
	r := Refusal{
		Class: class, Field: field, Asked: get(field, want), Used: used,
		CapacityBefore: have.Capacity(), CapacityAfter: want.Capacity(),
	}
	if safe, ok := lowestSafe(field, want, used); ok {
		r.LowestSafe = get(field, with(field, want, safe))
	}
	p.Refused = append(p.Refused, r)
}

// removals refuses to drop classes of which something is used.
func (p *Plan) removals(used map[string]int) {
	for class, have := range p.Before {
		if _, kept := p.After[class]; kept || used[class] == 0 {
			continue
		}
		p.Refused = append(p.Refused, Refusal{
			Class: class, Asked: "absent", Used: used[class], CapacityBefore: have.Capacity(),
		})
	}
}

// on returns the inventory with the wished fields set.
func (w Wish) on(i openstack.Inventory) openstack.Inventory {
	for _, f := range []struct{ to, from *int }{
		{&i.Total, w.Total}, {&i.Reserved, w.Reserved}, {&i.MinUnit, w.MinUnit}, {&i.MaxUnit, w.MaxUnit}, {&i.StepSize, w.StepSize},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if w.AllocationRatio != nil {
		i.AllocationRatio = Ratio(*w.AllocationRatio)
	}
	return i
}
