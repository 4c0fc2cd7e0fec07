// SPDX-License-Identifier: Apache-2.0

package change

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Drain plans to leave no room in any class.
func Drain(_ Trace, before Inventories, used map[string]int) *Plan {
	p := &Plan{Before: before, After: Inventories{}}
	for class, have := range before {
		p.After[class] = have
		if drained, ok := Drained(have, used[class]); ok {
			p.After[class] = drained
		}
	}
	return p
}

// Trace tells one write of the inventories of a provider from others.
type Trace struct {
	Generation int
	Modified   time.Time // when they were last written, to the second; zero if that is not known
}

// Drains is what a journal tells of the drains of one provider since it was last put back.
type Drains struct {
	classes map[string]Drainage
	// left are the traces that the last write may have left: more than one where it is not known whether it was written, none
	// where somebody else has written since.
	left []Trace
}

// Drainage is what the drains of a provider made of one class.
type Drainage struct {
	Was  Inventory   // before the first of them
	Left []Inventory // each that one of them may have left: more than one where it is not known whether a drain was written
}

// fit reports whether nothing but allocations has changed the provider since the last write that the journal knows. The
// generation is that which this write made. Or it is a later one, and the inventories were last written when that write
// was: allocations move the generation, and not that time.
func (d *Drains) fit(now Trace) bool {
	return slices.ContainsFunc(d.left, func(left Trace) bool {
		return now.Generation == left.Generation ||
			now.Generation > left.Generation && !left.Modified.IsZero() && now.Modified.Equal(left.Modified)
	})
}

// Undrain plans to put back what the drains took away: reserved and ratio, each if it still is as a drain left it. What
// somebody else has changed since stays, with a warning. That values are equal does not show who wrote them, so the trace
// has to fit as well. What was there before a drain may be less than is used by now: then it is refused like any other.
func Undrain(now Trace, before Inventories, used map[string]int, drains *Drains) *Plan {
	p := &Plan{Before: before, After: maps.Clone(before)}
	if drains == nil {
		return p
	}
	fit := drains.fit(now)
	for _, class := range slices.Sorted(maps.Keys(drains.classes)) {
		d := drains.classes[class]
		have, there := before[class]
		if !d.tookAny() || there && have.Reserved == d.Was.Reserved && have.AllocationRatio == d.Was.AllocationRatio {
			continue
		}
		want, whole := d.undone(have, fit)
		if !there || !whole {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: changed since the drain; what was changed is left as it is (before the drain: reserved %d, allocation_ratio %v)",
				class, d.Was.Reserved, d.Was.AllocationRatio))
		}
		if there && want != have {
			p.put(class, want, used[class])
		}
	}
	return p
}

// tookAny reports whether a drain may have taken away anything of the class.
func (d Drainage) tookAny() bool { return d.took(fieldReserved) || d.took(fieldRatio) }

// took reports whether a drain may have changed the field.
func (d Drainage) took(field string) bool {
	return slices.ContainsFunc(d.Left, func(i Inventory) bool { return number(field, i) != number(field, d.Was) })
}

// leaves reports whether a drain may have left this value of the field.
func (d Drainage) leaves(field string, value float64) bool {
	return slices.ContainsFunc(d.Left, func(i Inventory) bool { return number(field, i) == value })
}

// owns reports whether the value of a field is what a drain left. If somebody has written since, only one thing shows it:
// nova-compute writes reserved again and keeps the ratio. So a ratio beside a reserved that was put back is the drain's.
func (d Drainage) owns(field string, have Inventory, fit bool) bool {
	if !d.leaves(field, number(field, have)) {
		return false
	}
	rewritten := d.took(fieldReserved) && !d.leaves(fieldReserved, number(fieldReserved, have))
	return fit || field == fieldRatio && rewritten
}

// undone undoes of an inventory what the drains did to it. It reports whether that is all of it: somebody may have changed a
// part to something else.
func (d Drainage) undone(have Inventory, fit bool) (want Inventory, whole bool) {
	want, whole = have, true
	for _, field := range []string{fieldReserved, fieldRatio} {
		was := number(field, d.Was)
		if d.owns(field, have, fit) {
			want = with(field, want, was)
		} else if number(field, have) != was {
			whole = false
		}
	}
	want.Reserved = min(want.Reserved, have.Total)
	return want, whole
}

// put sets a whole inventory, or refuses it.
func (p *Plan) put(class string, want Inventory, used int) {
	have := p.Before[class]
	p.After[class] = want
	if want.Capacity() < used && want.Capacity() < have.Capacity() {
		p.tooSmall(class, want, used)
	}
}
