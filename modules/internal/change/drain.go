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

// Undrain plans to put back what a drain, by its journal entry, took away: reserved and ratio, each if it still is as the
// drain left it. What somebody else has changed since stays, with a warning: nova-compute writes reserved again and keeps
// the ratio. What was there before a drain may be less than is used by now: then it is refused like any other.
func Undrain(before Inventories, used map[string]int, drained Entry) *Plan {
	p := &Plan{Before: before, After: maps.Clone(before)}
	for _, class := range slices.Sorted(maps.Keys(drained.Before)) {
		was, became := drained.Before[class], drained.After[class]
		have, there := before[class]
		if was == became || there && have.Reserved == was.Reserved && have.AllocationRatio == was.AllocationRatio {
			continue
		}
		want, whole := undrained(have, was, became)
		if !there || !whole {
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: changed since the drain; what was changed is left as it is", class))
		}
		if there && want != have {
			p.put(class, want, used[class])
		}
	}
	return p
}

// undrained undoes of an inventory what the drain did to it; false if somebody has changed a part of that to something else.
func undrained(have, was, became Inventory) (want Inventory, whole bool) {
	want, whole = have, true
	switch have.Reserved {
	case became.Reserved:
		want.Reserved = min(was.Reserved, have.Total)
	case was.Reserved:
	default:
		whole = false
	}
	switch have.AllocationRatio {
	case became.AllocationRatio:
		want.AllocationRatio = was.AllocationRatio
	case was.AllocationRatio:
	default:
		whole = false
	}
	return want, whole
}

// put sets a whole inventory, or refuses it.
func (p *Plan) put(class string, want Inventory, used int) {
	have := p.Before[class]
	p.After[class] = want
	if want.Capacity() < used && want.Capacity() < have.Capacity() {
		p.tooSmall(class, have, want, used, false)
	}
}

// LastDrain returns what the provider had before it was drained and what the drain made of it, from the entries of a
// journal. Drained several times in a row, because room came free, it is what was there before the first and after the
// last. False if it was not drained since it was last put back.
func LastDrain(entries []Entry, provider string) (Entry, bool) {
	var drain Entry
	drained := false
	for i, e := range entries {
		if e.Provider != provider || e.State != Intended || endedUnwritten(entries[i+1:], e) {
			continue
		}
		switch {
		case e.Op == OpUndrain:
			drained = false
		case e.Op == OpDrain && drained:
			drain = joined(drain, e)
		case e.Op == OpDrain:
			drain, drained = e, true
		}
	}
	return drain, drained
}

// joined is one drain after another: of what somebody has changed in between, the later one knows what was there before.
func joined(first, later Entry) Entry {
	out := later
	out.Before = maps.Clone(later.Before)
	for class, i := range later.Before {
		was, known := first.Before[class]
		if left := first.After[class]; known {
			if i.Reserved == left.Reserved {
				i.Reserved = was.Reserved
			}
			if i.AllocationRatio == left.AllocationRatio {
				i.AllocationRatio = was.AllocationRatio
			}
			out.Before[class] = i
		}
	}
	return out
}

// endedUnwritten says whether a later entry tells that the intended one was not written.
func endedUnwritten(later []Entry, intended Entry) bool {
	for _, e := range later {
		if e.Provider == intended.Provider && e.State != Intended {
			return e.State == NotWritten
		}
	}
	return false
}
