// SPDX-License-Identifier: Apache-2.0

package snapshot

import "hash/maphash"

// lookup finds the elements of a list by their key. It keeps positions and no keys: with 100,000 servers maps would take as much memory as
// everything that was read of Placement.
type lookup struct {
	seed  maphash.Seed
	slots []int32 // place of an element in its list, and 1; 0: none
	next  []int32 // place of the next element of the same key, and 1; 0: none
}

// lookupOf makes the lookup of a list.
func lookupOf[T any](list []T, key func(*T) string) *lookup {
	size := 8
	for size < len(list)+len(list)/2 {
		size *= 2
	}
	l := &lookup{seed: maphash.MakeSeed(), slots: make([]int32, size), next: make([]int32, len(list))}
	for i := len(list) - 1; i >= 0; i-- {
		slot := find(l, list, key, key(&list[i]))
		l.next[i] = l.slots[slot]
		l.slots[slot] = int32(i) + 1 //nolint:gosec // so many do not fit into memory
	}
	return l
}

// find returns the slot of a key: an empty one if no element has it.
func find[T any](l *lookup, list []T, key func(*T) string, wanted string) int {
	last := len(l.slots) - 1                           // their number is a power of two
	slot := int(maphash.String(l.seed, wanted)) & last //nolint:gosec // only the low bits count
	for l.slots[slot] != 0 && key(&list[l.slots[slot]-1]) != wanted {
		slot = (slot + 1) & last
	}
	return slot
}

// at returns the element of that key, the last one if there are several; lookup is made when it is first needed.
func at[T any](of **lookup, list []T, key func(*T) string, wanted string) (T, bool) {
	if *of == nil {
		*of = lookupOf(list, key)
	}
	i := (*of).slots[find(*of, list, key, wanted)]
	if i == 0 {
		var none T
		return none, false
	}
	for (*of).next[i-1] != 0 {
		i = (*of).next[i-1]
	}
	return list[i-1], true
}

// all returns the elements of that key; lookup is made when it is first needed.
func all[T any](of **lookup, list []T, key func(*T) string, wanted string) []T {
	if *of == nil {
		*of = lookupOf(list, key)
	}
	first := (*of).slots[find(*of, list, key, wanted)]
	n := 0
	for i := first; i != 0; i = (*of).next[i-1] {
		n++
	}
	if n == 0 {
		return nil
	}
	out := make([]T, 0, n)
	for i := first; i != 0; i = (*of).next[i-1] {
		out = append(out, list[i-1])
	}
	return out
}

// keys returns each key once.
func keys[T any](of **lookup, list []T, key func(*T) string) []string {
	if *of == nil {
		*of = lookupOf(list, key)
	}
	out := make([]string, 0, len(list))
	for _, i := range (*of).slots {
		if i != 0 {
			out = append(out, key(&list[i-1]))
		}
	}
	return out
}
