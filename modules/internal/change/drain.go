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

// Undrain plans to put back what a drain, by its journal entry, took away. What somebody else has changed since is left
// as it is, with a warning. What was there before a drain may be less than is used by now: then it is refused like any other.
func Undrain(before Inventories, used map[string]int, drained Entry) *Plan {
	p := &Plan{Before: before, After: maps.Clone(before)}
	for _, class := range slices.Sorted(maps.Keys(drained.Before)) {
		was, became := drained.Before[class], drained.After[class]
		have, there := before[class]
		switch {
		case was == became || have == was:
		case !there || have != became:
			p.Warnings = append(p.Warnings, fmt.Sprintf("%s: changed since the drain, so it is left as it is", class))
		default:
			p.put(class, was, used[class])
		}
	}
	return p
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
			drain.After = e.After
		case e.Op == OpDrain:
			drain, drained = e, true
		}
	}
	return drain, drained
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
