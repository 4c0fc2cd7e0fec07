// SPDX-License-Identifier: Apache-2.0

// Package lookup finds the elements of a list by a key. It makes no maps of the list, which would take much memory.
package lookup

import "hash/maphash"

// Table finds the elements of a list by their key. It keeps positions and no keys: with 100,000 servers maps would take as much memory as
// everything that was read of Placement. The zero value is made ready when it is first asked: the list and
// the key may not change after that. It is not safe for concurrent use.
type Table struct {
	seed  maphash.Seed
	slots []int32 // place of an element in its list, and 1; 0: none
	next  []int32 // place of the next element of the same key, and 1; 0: none
}

// tableOf makes the table of a list.
func tableOf[T any](list []T, key func(*T) string) Table {
	size := 8
	for size < len(list)+len(list)/2 {
		size *= 2
	}
	l := Table{seed: maphash.MakeSeed(), slots: make([]int32, size), next: make([]int32, len(list))}
	for i := len(list) - 1; i >= 0; i-- {
		slot := find(&l, list, key, key(&list[i]))
		l.next[i] = l.slots[slot]
		l.slots[slot] = int32(i) + 1 //nolint:gosec // so many do not fit into memory
	}
	return l
}

// find returns the slot of a key: an empty one if no element has it.
func find[T any](l *Table, list []T, key func(*T) string, wanted string) int {
	last := len(l.slots) - 1                           // their number is a power of two
	slot := int(maphash.String(l.seed, wanted)) & last //nolint:gosec // only the low bits count
	for l.slots[slot] != 0 && key(&list[l.slots[slot]-1]) != wanted {
		slot = (slot + 1) & last
	}
	return slot
}

// ready makes the table when it is first needed.
func ready[T any](of *Table, list []T, key func(*T) string) {
	if of.slots == nil {
		*of = tableOf(list, key)
	}
}

// Last returns the element of the wanted key, the last one if there are several, and whether there is any.
func Last[T any](of *Table, list []T, key func(*T) string, wanted string) (T, bool) {
	ready(of, list, key)
	i := of.slots[find(of, list, key, wanted)]
	if i == 0 {
		var none T
		return none, false
	}
	for of.next[i-1] != 0 {
		i = of.next[i-1]
	}
	return list[i-1], true
}

// All returns the elements of the wanted key in the order of the list; nil if there is none.
func All[T any](of *Table, list []T, key func(*T) string, wanted string) []T {
	ready(of, list, key)
	first := of.slots[find(of, list, key, wanted)]
	n := 0
	for i := first; i != 0; i = of.next[i-1] {
		n++
	}
	if n == 0 {
		return nil
	}
	out := make([]T, 0, n)
	for i := first; i != 0; i = of.next[i-1] {
		out = append(out, list[i-1])
	}
	return out
}

// Keys returns each key once, in no order.
func Keys[T any](of *Table, list []T, key func(*T) string) []string {
	ready(of, list, key)
	out := make([]string, 0, len(list))
	for _, i := range of.slots {
		if i != 0 {
			out = append(out, key(&list[i-1]))
		}
	}
	return out
}
