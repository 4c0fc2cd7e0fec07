// SPDX-License-Identifier: Apache-2.0

package database

import "iter"

// sets keeps each set of amounts once, as a number: the servers of a cloud have few flavors. A set is another one and one row more; 0 is
// the empty one.
type sets struct {
	number map[step]int32
	steps  []step // by number
}

type step struct {
	before, class int32
	used          int
}

func newSets() sets { return sets{number: map[step]int32{}, steps: make([]step, 1)} }

// with returns the set with one row more.
func (s *sets) with(set, class int32, used int) int32 {
	one := step{set, class, used}
	n, known := s.number[one]
	if !known {
		n = int32(len(s.steps)) //nolint:gosec // as many as there are rows of 100 bytes
		s.number[one], s.steps = n, append(s.steps, one)
	}
	return n
}

// union returns a set with all rows of both.
func (s *sets) union(a, b int32) int32 {
	for class, used := range s.all(b) {
		a = s.with(a, class, used)
	}
	return a
}

// all goes through the rows of a set.
func (s *sets) all(set int32) iter.Seq2[int32, int] {
	return func(yield func(int32, int) bool) {
		for ; set != 0; set = s.steps[set].before {
			if one := s.steps[set]; !yield(one.class, one.used) {
				return
			}
		}
	}
}
