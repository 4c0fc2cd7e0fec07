// SPDX-License-Identifier: Apache-2.0

package once

import "iter"

// Sets keeps each set of amounts once, as a number: the servers of a cloud have few flavors. A set is another one and one row more; 0 is
// the empty one.
type Sets struct {
	number map[step]int32
	steps  []step // by number
}

type step struct {
	before, class int32
	used          int
}

// NewSets returns one that has the empty set alone.
func NewSets() Sets { return Sets{number: map[step]int32{}, steps: make([]step, 1)} }

// With returns the set with one row more: so much used of a class, by its number.
func (s *Sets) With(set, class int32, used int) int32 {
	one := step{set, class, used}
	n, known := s.number[one]
	if !known {
		n = int32(len(s.steps)) //nolint:gosec // as many as there are rows of 100 bytes
		s.number[one], s.steps = n, append(s.steps, one)
	}
	return n
}

// Union returns a set with all rows of both.
func (s *Sets) Union(a, b int32) int32 {
	for class, used := range s.All(b) {
		a = s.With(a, class, used)
	}
	return a
}

// All goes through the rows of a set: the number of a class, and how much is used. A class may come more than once.
func (s *Sets) All(set int32) iter.Seq2[int32, int] {
	return func(yield func(int32, int) bool) {
		for ; set != 0; set = s.steps[set].before {
			if one := s.steps[set]; !yield(one.class, one.used) {
				return
			}
		}
	}
}
