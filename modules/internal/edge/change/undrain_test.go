// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// story makes the entries of a journal about one provider with 100 VCPU.
type story struct {
	entries    []change.Entry
	has        int  // reserved, as far as the journal knows
	open       *int // reserved, if the last write was applied of which the end is not known
	generation int
}

// at brings the story to this value. One that no write of the journal has left is somebody else's.
func (s story) at(reserved int) story {
	switch {
	case s.open != nil && *s.open == reserved:
		s.generation++
	case s.has != reserved:
		s.generation += 5
	}
	s.has, s.open = reserved, nil
	return s
}

// intends adds an entry that takes reserved from one value to another.
func (s story) intends(op string, from, to int) story {
	s = s.at(from)
	s.entries = append(s.entries[:len(s.entries):len(s.entries)], change.Entry{
		Cloud: here(), Op: op, Provider: "u", State: change.Intended, Generation: s.generation,
		Before: reserved(100, from), After: reserved(100, to),
	})
	s.open = &to
	return s
}

// ends adds the end of the last entry.
func (s story) ends(mark change.Mark) story {
	e := change.Entry{Cloud: here(), Op: s.entries[len(s.entries)-1].Op, Provider: "u", State: mark, Generation: s.generation}
	if mark == change.Written {
		s = s.at(*s.open)
		e.Generation = s.generation
	}
	if mark == change.NotWritten {
		s.open = nil
	}
	s.entries = append(s.entries[:len(s.entries):len(s.entries)], e)
	return s
}

func (s story) drained(from, to int) story {
	return s.intends(change.OpDrain, from, to).ends(change.Written)
}

func (s story) undrained(from, to int) story {
	return s.intends(change.OpUndrain, from, to).ends(change.Written)
}

type undraining struct {
	journal   story
	has, want int // reserved; no want: not drained
	warns     bool
}

func TestUndrainOnce(t *testing.T) {
	const drain, undrain = change.OpDrain, change.OpUndrain
	none := story{has: 2}
	once := none.drained(2, 60)
	undrains(t, map[string]undraining{
		"never":                             {none, 60, 0, false},
		"drained":                           {once, 60, 2, false},
		"drained, interrupted":              {none.intends(drain, 2, 60), 60, 2, false},
		"drained, unknown":                  {none.intends(drain, 2, 60).ends(change.Unknown), 60, 2, false},
		"drained, unknown, was not":         {none.intends(drain, 2, 60).ends(change.Unknown), 2, 2, false},
		"not written":                       {none.intends(drain, 2, 60).ends(change.NotWritten), 60, 0, false},
		"raced, then drained":               {none.intends(drain, 9, 50).ends(change.NotWritten).drained(2, 60), 60, 2, false},
		"drained, changed since":            {once, 33, 33, true},
		"drained, put back by hand":         {once, 2, 2, false},
		"drained, put back, reserved again": {once.at(2), 60, 60, true},
	})
}

func TestUndrainTwice(t *testing.T) {
	const drain, undrain = change.OpDrain, change.OpUndrain
	none := story{has: 2}
	once := none.drained(2, 60)
	twice := once.drained(60, 70)
	perhaps := once.intends(drain, 60, 70).ends(change.Unknown)
	killed := once.intends(drain, 60, 70)
	undrains(t, map[string]undraining{
		"twice":                              {twice, 70, 2, false},
		"twice, as it was in between":        {twice, 60, 60, true},
		"three times":                        {twice.drained(70, 80), 80, 2, false},
		"second not written":                 {once.intends(drain, 60, 70).ends(change.NotWritten), 60, 2, false},
		"second unknown, was not":            {perhaps, 60, 2, false},
		"second unknown, was":                {perhaps, 70, 2, false},
		"second unknown, changed since":      {perhaps, 65, 65, true},
		"second killed, was not":             {killed, 60, 2, false},
		"second killed, was":                 {killed, 70, 2, false},
		"second unknown, was not, third":     {perhaps.drained(60, 80), 80, 2, false},
		"second unknown, was, third":         {perhaps.drained(70, 80), 80, 2, false},
		"second killed, third not written":   {killed.intends(drain, 70, 80).ends(change.NotWritten), 70, 2, false},
		"second and third unknown, none was": {perhaps.intends(drain, 60, 80).ends(change.Unknown), 60, 2, false},
	})
}

func TestUndrainAfterChanges(t *testing.T) {
	const drain, undrain = change.OpDrain, change.OpUndrain
	none := story{has: 2}
	once := none.drained(2, 60)
	undrains(t, map[string]undraining{
		"killed, then raced, then written": {
			none.intends(drain, 2, 60).intends(drain, 60, 70).ends(change.NotWritten).drained(60, 70), 70, 2, false,
		},
		"killed, then drained after a change": {none.intends(drain, 2, 60).drained(9, 70), 70, 9, false},
		"changed, and drained again":          {once.drained(10, 70), 70, 10, false},
		"changed to the same, drained again":  {once.at(7).drained(60, 70), 70, 60, false},
		"changed, and perhaps drained again":  {once.intends(drain, 10, 70).ends(change.Unknown), 70, 10, false},
	})
}

func TestUndrainPutBack(t *testing.T) {
	const drain, undrain = change.OpDrain, change.OpUndrain
	none := story{has: 2}
	once := none.drained(2, 60)
	elsewhere := once
	elsewhere.entries = append(once.entries[:2:2], change.Entry{Cloud: here(), Op: undrain, Provider: "other", State: change.Intended})
	undrains(t, map[string]undraining{
		"put back":                         {once.undrained(60, 2), 60, 0, false},
		"not put back":                     {once.intends(undrain, 60, 2).ends(change.NotWritten), 60, 2, false},
		"perhaps put back, was not":        {once.intends(undrain, 60, 2).ends(change.Unknown), 60, 2, false},
		"perhaps put back, was":            {once.intends(undrain, 60, 2).ends(change.Unknown), 2, 2, false},
		"putting back was killed":          {once.intends(undrain, 60, 2), 60, 2, false},
		"putting back was killed, drained": {once.intends(undrain, 60, 2).drained(60, 70), 70, 2, false},
		"put back and drained again":       {once.undrained(60, 2).drained(5, 60), 60, 5, false},
		"another provider put back":        {elsewhere, 60, 2, false},
	})
}

func TestUndrainSetBetween(t *testing.T) {
	none := story{has: 2}
	once := none.drained(2, 60)
	undrains(t, map[string]undraining{
		"set in between":                   {once.intends(change.OpInventories, 60, 70).ends(change.Written), 70, 70, true},
		"set to other fields in between":   {once.intends(change.OpInventories, 60, 60).ends(change.Written), 60, 2, false},
		"not set in between":               {once.intends(change.OpInventories, 60, 70).ends(change.NotWritten), 60, 2, false},
		"perhaps set in between, was not":  {once.intends(change.OpInventories, 60, 70).ends(change.Unknown), 60, 2, false},
		"changed, and set to other fields": {once.at(7).intends(change.OpInventories, 60, 60).ends(change.Written), 60, 60, true},
	})
}

// What is put back, by what the journal has and how much is reserved now. No story begins below 2, so that 0 is nothing.
func undrains(t *testing.T, cases map[string]undraining) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			drains := change.Recall(c.journal.entries, here(), "u")
			if (drains != nil) != (c.want != 0) {
				t.Fatalf("it recalls %+v", drains)
			}
			now := change.Trace{Generation: c.journal.at(c.has).generation}
			plan := change.Undrain(now, reserved(100, c.has), nil, drains)
			if c.want == 0 {
				c.want = c.has
			}
			if got := plan.After["VCPU"].Reserved; got != c.want || plan.Changes() != (c.want != c.has) || (len(plan.Warnings) > 0) != c.warns {
				t.Errorf("reserved becomes %d, warnings %q", got, plan.Warnings)
			}
		})
	}
}

type undrainCase struct {
	was, left, has, want change.Inventory
	now                  change.Trace
	used                 int
	warns, refused       bool
}

// Reserved and ratio are put back if nobody has written since, never to more reserved than there is, and never below what is
// used. If somebody has, equal values do not show that they are the drain's.
func TestUndrain(t *testing.T) {
	was, left := inventory(100, 0, 4), inventory(100, 99, 0.5)
	same := change.Trace{Generation: 2, Modified: second(2)}
	allocated := change.Trace{Generation: 7, Modified: second(2)}
	rewritten := change.Trace{Generation: 7, Modified: second(3)}
	putsBack(t, map[string]undrainCase{
		"as it was left":            {was: was, left: left, has: left, want: was, now: same},
		"allocated since":           {was: was, left: left, has: left, want: was, now: allocated},
		"the same by somebody else": {was: was, left: left, has: left, want: left, now: rewritten, warns: true},
		"a time that is not known":  {was: was, left: left, has: left, want: left, now: change.Trace{Generation: 7}, warns: true},
		"an earlier generation":     {was: was, left: left, has: left, want: left, now: change.Trace{Generation: 1, Modified: second(2)}, warns: true},
		"reserved changed":          {was: was, left: left, has: inventory(100, 7, 0.5), want: inventory(100, 7, 4), now: rewritten, warns: true},
		"reserved put back":         {was: was, left: left, has: inventory(100, 0, 0.5), want: was, now: rewritten},
		"ratio changed":             {was: was, left: left, has: inventory(100, 99, 2), want: inventory(100, 99, 2), now: rewritten, warns: true},
		"ratio alone, the same":     {was: was, left: inventory(100, 0, 0.5), has: inventory(100, 0, 0.5), want: inventory(100, 0, 0.5), now: rewritten, warns: true},
		"less than reserved":        {was: inventory(200, 150, 4), left: left, has: inventory(99, 99, 0.5), want: inventory(99, 99, 4), now: same},
		"more used by now":          {was: inventory(100, 100, 4), left: inventory(100, 98, 0.5), has: inventory(100, 98, 0.5), want: inventory(100, 100, 4), now: allocated, used: 1, refused: true},
		"over capacity":             {was: was, left: left, has: left, want: was, now: same, used: 500},
		"nothing taken away":        {was: left, left: left, has: inventory(100, 3, 1), want: inventory(100, 3, 1), now: rewritten},
	})
}

func putsBack(t *testing.T, cases map[string]undrainCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			drains := change.Recall(drainOf(1, c.was, c.left), here(), "u")
			plan := change.Undrain(c.now, one(c.has), map[string]int{"VCPU": c.used}, drains)
			if plan.After["VCPU"] != c.want || (len(plan.Warnings) > 0) != c.warns || (len(plan.Refused) > 0) != c.refused {
				t.Errorf("becomes %+v, warnings %q, refused %+v", plan.After["VCPU"], plan.Warnings, plan.Refused)
			}
			gone := change.Undrain(c.now, change.Inventories{}, nil, drains)
			if gone.Changes() || (len(gone.Warnings) > 0) != (c.was != c.left) {
				t.Errorf("of a class that is gone: %+v", gone)
			}
		})
	}
}
