// SPDX-License-Identifier: Apache-2.0

package changetest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// Write is one write that was made: the generation that it made, what it was judged on and what it left. Before is nil
// where that is unknown.
type Write struct {
	Generation    int
	Before, After change.Inventories
}

// Checker gathers what was written and what was read, and says what does not fit.
type Checker struct {
	mu     sync.Mutex
	first  State
	writes []Write
	reads  map[int]change.Inventories
	below  []below
	torn   []string
	seen   int
}

// below is a read of a capacity below what is used.
type below struct {
	generation  int
	class, text string
}

// NewChecker begins with a state that is right.
func NewChecker(first State) *Checker {
	return &Checker{first: first, reads: map[int]change.Inventories{}}
}

// Wrote notes a write.
func (c *Checker) Wrote(w Write) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes = append(c.writes, w)
}

// Saw notes a read.
func (c *Checker) Saw(s State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen++
	for class, used := range s.Used {
		if have := s.Inventories[class]; have.Capacity() < used {
			c.below = append(c.below, below{s.Generation, class, fmt.Sprintf("generation %d: %s has a capacity of %d, and %d are used: %+v",
				s.Generation, class, have.Capacity(), used, have)})
		}
	}
	if before, again := c.reads[s.Generation]; again && !maps.Equal(before, s.Inventories) {
		c.torn = append(c.torn, fmt.Sprintf("generation %d was read with two inventories", s.Generation))
	}
	c.reads[s.Generation] = s.Inventories
}

// Watch reads until the context ends.
func (c *Checker) Watch(ctx context.Context, read func(context.Context) (State, error)) error {
	for ctx.Err() == nil {
		s, err := read(ctx)
		if err == nil {
			c.Saw(s)
		} else if ctx.Err() == nil {
			return err
		}
		_ = Sleep(ctx, 100*time.Millisecond)
	}
	return nil
}

// Below lists the reads of a capacity below what is used that a write is to blame for: those of a generation that a write
// made which lowered that capacity. What is used does not grow without a new generation, so the write left it like that.
// Else an allocation is to blame, see Overshot: a write may raise what stays too low.
func (c *Checker) Below() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := slices.Clone(c.torn)
	for _, b := range c.below {
		if c.lowered(b) {
			out = append(out, b.text)
		}
	}
	return out
}

// Overshot counts the reads of a capacity below what is used that an allocation is to blame for. On MariaDB Placement
// admits some: when it tries an allocation again after a lost race, it reads the generation anew in a transaction of its
// own, but judges the capacity by the inventories and usages of the outer transaction's snapshot
// (placement/objects/allocation.py, replace_all; 8.0.0).
func (c *Checker) Overshot() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, b := range c.below {
		if !c.lowered(b) {
			n++
		}
	}
	return n
}

// lowered reports whether a write made that generation and lowered the capacity. The caller holds the lock.
func (c *Checker) lowered(b below) bool {
	last := Write{Generation: c.first.Generation, After: c.first.Inventories}
	var by *Write
	for i, w := range c.writes {
		switch {
		case w.Generation == b.generation:
			by = &c.writes[i]
		case w.Generation < b.generation && w.Generation > last.Generation:
			last = w
		}
	}
	if by == nil {
		return false
	}
	after, before := by.After[b.class], last.After[b.class]
	return after.Capacity() < before.Capacity()
}

// Seen is the number of consistent reads.
func (c *Checker) Seen() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen
}

// Lost lists what breaks the chain of writes: two that made the same generation, one that was judged on other inventories
// than the one before it left, a read that shows other inventories than the last write before it left.
func (c *Checker) Lost() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	chain := append([]Write{{Generation: c.first.Generation, After: c.first.Inventories}}, c.writes...)
	slices.SortStableFunc(chain, func(a, b Write) int { return cmp.Compare(a.Generation, b.Generation) })
	var out []string
	for i, w := range chain[1:] {
		last := chain[i]
		if w.Generation <= last.Generation {
			out = append(out, fmt.Sprintf("generation %d was made twice", w.Generation))
		}
		if w.Before != nil && !maps.Equal(w.Before, last.After) {
			out = append(out, fmt.Sprintf("generation %d was judged on %v, but %d had left %v", w.Generation, w.Before, last.Generation, last.After))
		}
	}
	for generation, read := range c.reads {
		i, found := slices.BinarySearchFunc(chain, generation, func(w Write, g int) int { return cmp.Compare(w.Generation, g) })
		if !found {
			i--
		}
		if i >= 0 && !maps.Equal(chain[i].After, read) {
			out = append(out, fmt.Sprintf("generation %d shows %v, but %d had left %v", generation, read, chain[i].Generation, chain[i].After))
		}
	}
	return out
}
