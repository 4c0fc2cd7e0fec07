// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"maps"
	"slices"
)

// search goes through the combinations of the options of all groups.
type search struct {
	steps  int // left; negative: no limit
	yield  func(Candidate) bool
	chosen []option
	takes  map[Take]int
	groups [][]option
	s      *Supply
	r      *Request
	root   string
}

// next chooses an option for the group at i and goes on. It returns false to end the search.
func (w *search) next(i int) bool {
	if i == len(w.groups) {
		return !w.agrees() || w.yield(w.candidate())
	}
	for _, o := range w.groups[i] {
		if w.steps == 0 {
			return false
		}
		w.steps--
		if !w.try(o, i) {
			return false
		}
	}
	return true
}

// try takes an option, goes on behind it if it leaves nobody over capacity, and gives it back.
func (w *search) try(o option, i int) bool {
	if !w.take(o, 1) {
		w.take(o, -1)
		return true
	}
	w.chosen = append(w.chosen, o)
	on := w.next(i + 1)
	w.chosen = w.chosen[:len(w.chosen)-1]
	w.take(o, -1)
	return on
}

// take adds what an option takes, or gives it back, and reports whether all of it fits. What groups take together is held to capacity
// and max_unit, not to min_unit and step_size.
func (w *search) take(o option, sign int) bool {
	fits := true
	for class, p := range o.from {
		t := Take{p.UUID, class}
		w.takes[t] += sign * o.group.Resources[class]
		inventory := p.Inventories[class]
		fits = fits && w.takes[t] <= inventory.MaxUnit && p.Usages[class]+w.takes[t] <= inventory.Capacity()
		if w.takes[t] == 0 {
			delete(w.takes, t)
		}
	}
	return fits
}

// agrees reports whether the chosen options go together.
func (w *search) agrees() bool {
	if w.r.Isolate && !w.isolated() {
		return false
	}
	return !slices.ContainsFunc(w.r.SameSubtree, func(suffixes []string) bool { return !w.oneSubtree(suffixes) })
}

// isolated reports whether no two groups with suffixes take from one provider.
func (w *search) isolated() bool {
	seen := map[*Provider]bool{}
	for _, o := range w.chosen {
		if o.group.Suffix == "" {
			continue
		}
		if seen[o.by[0]] {
			return false
		}
		seen[o.by[0]] = true
	}
	return true
}

// oneSubtree reports whether one of the providers that serve these groups is above all others.
func (w *search) oneSubtree(suffixes []string) bool {
	var all []*Provider
	for _, o := range w.chosen {
		if slices.Contains(suffixes, o.group.Suffix) {
			all = append(all, o.by...)
		}
	}
	return slices.ContainsFunc(all, func(top *Provider) bool {
		return !slices.ContainsFunc(all, func(p *Provider) bool { return !w.s.below(p, top) })
	})
}

// below reports whether a provider is another one, or below it.
func (s *Supply) below(p, top *Provider) bool {
	for steps := 0; p != nil && steps <= len(s.byUUID); steps++ {
		if p == top {
			return true
		}
		p = s.byUUID[p.ParentUUID]
	}
	return false
}

func (w *search) candidate() Candidate {
	c := Candidate{Root: w.root, Takes: maps.Clone(w.takes), By: map[string][]string{}}
	for _, o := range w.chosen {
		for _, p := range o.by {
			c.By[o.group.Suffix] = append(c.By[o.group.Suffix], p.UUID)
		}
		slices.Sort(c.By[o.group.Suffix])
	}
	return c
}
