// SPDX-License-Identifier: Apache-2.0

package change

import (
	"fmt"
	"maps"
	"slices"
)

// Drain plans to leave no room in any class.
func Drain(before Inventories, used map[string]int) *Plan {
	p := &Plan{Before: before, After: Inventories{}}
	for class, have := range before {
		p.After[class] = have
		if drained, ok := Drained(have, used[class]); ok {
			p.After[class] = drained
		}
	}
	return p
}

// Drains is what a journal tells of the drains of one provider since it was last put back, by class.
type Drains map[string]Drainage

// Drainage is what the drains of a provider made of one class.
type Drainage struct {
	Was  Inventory   // before the first of them
	Left []Inventory // each that one of them may have left: more than one where nobody knows whether a drain was written
}

// Undrain plans to put back what the drains took away: reserved and ratio, each if it still is as a drain left it. What
// somebody else has changed since stays, with a warning: nova-compute writes reserved again and keeps the ratio. What was
// there before a drain may be less than is used by now: then it is refused like any other.
func Undrain(before Inventories, used map[string]int, drains Drains) *Plan {
	p := &Plan{Before: before, After: maps.Clone(before)}
	for _, class := range slices.Sorted(maps.Keys(drains)) {
		d := drains[class]
		have, there := before[class]
		if !d.tookAny() || there && have.Reserved == d.Was.Reserved && have.AllocationRatio == d.Was.AllocationRatio {
			continue
		}
		want, whole := d.undone(have)
		if !there || !whole {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: changed since the drain; what was changed is left as it is", class))
		}
		if there && want != have {
			p.put(class, want, used[class])
		}
	}
	return p
}

// tookAny says whether a drain may have taken away anything of the class.
func (d Drainage) tookAny() bool {
	return slices.ContainsFunc(d.Left, func(i Inventory) bool {
		return i.Reserved != d.Was.Reserved || i.AllocationRatio != d.Was.AllocationRatio
	})
}

// leftReserved says whether a drain may have left this reserved amount.
func (d Drainage) leftReserved(reserved int) bool {
	return slices.ContainsFunc(d.Left, func(i Inventory) bool { return i.Reserved == reserved })
}

// leftRatio says whether a drain may have left this ratio.
func (d Drainage) leftRatio(ratio float64) bool {
	return slices.ContainsFunc(d.Left, func(i Inventory) bool { return i.AllocationRatio == ratio })
}

// undone undoes of an inventory what the drains did to it; false if somebody has changed a part of that to something else.
func (d Drainage) undone(have Inventory) (want Inventory, whole bool) {
	want, whole = have, true
	switch {
	case d.leftReserved(have.Reserved):
		want.Reserved = min(d.Was.Reserved, have.Total)
	case have.Reserved != d.Was.Reserved:
		whole = false
	}
	switch {
	case d.leftRatio(have.AllocationRatio):
		want.AllocationRatio = d.Was.AllocationRatio
	case have.AllocationRatio != d.Was.AllocationRatio:
		whole = false
	}
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

// Recall returns what the entries of a journal tell of the drains of a provider since it was last put back; nil if it was
// not drained since. An entry of which nobody knows the end adds to what is known and replaces nothing: a drain may have
// been written, an undrain may not.
func Recall(entries []Entry, provider string) Drains {
	var drains Drains
	for i, e := range entries {
		if e.Provider != provider || e.State != Intended {
			continue
		}
		end := ended(entries[i+1:], provider)
		switch {
		case end == NotWritten:
		case e.Op == OpDrain:
			drains = drains.and(e, end == Written)
		case e.Op == OpUndrain && end == Written:
			drains = nil
		}
	}
	return drains
}

// and adds one more drain, of which it is known or not whether it was written. What it found is known in any case: where
// that is not what the drains before it may have left, somebody has changed it in between.
func (d Drains) and(e Entry, written bool) Drains {
	out := Drains{}
	for class, found := range e.Before {
		was, left := found, []Inventory(nil)
		if known, again := d[class]; again {
			left = known.Left
			if known.leftReserved(found.Reserved) {
				was.Reserved = known.Was.Reserved
			}
			if known.leftRatio(found.AllocationRatio) {
				was.AllocationRatio = known.Was.AllocationRatio
			}
		}
		if written {
			left = nil
		}
		out[class] = Drainage{was, append(slices.Clone(left), e.After[class])}
	}
	return out
}

// ended says how the write of an entry ended, from the entries after it. The first one of the provider decides: where that is
// another intended one, the write was interrupted.
func ended(later []Entry, provider string) Mark {
	i := slices.IndexFunc(later, func(e Entry) bool { return e.Provider == provider })
	if i < 0 || later[i].State == Intended {
		return Unknown
	}
	return later[i].State
}
