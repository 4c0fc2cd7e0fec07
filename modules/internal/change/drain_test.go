// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/change"
)

// story makes the entries of a journal about one provider with 100 VCPU.
type story []change.Entry

// intends adds an entry that takes reserved from one value to another.
func (s story) intends(op string, from, to int) story {
	return append(s[:len(s):len(s)], change.Entry{
		Op: op, Provider: "u", State: change.Intended, Before: reserved(100, from), After: reserved(100, to),
	})
}

// ends adds the end of the last entry.
func (s story) ends(mark change.Mark) story {
	return append(s[:len(s):len(s)], change.Entry{Op: s[len(s)-1].Op, Provider: "u", State: mark})
}

func (s story) drained(from, to int) story {
	return s.intends(change.OpDrain, from, to).ends(change.Written)
}

func (s story) undrained(from, to int) story {
	return s.intends(change.OpUndrain, from, to).ends(change.Written)
}

// What is put back, by what the journal has and how much is reserved now. No story begins below 2, so that 0 is nothing.
func TestUndrainByJournal(t *testing.T) {
	const drain, undrain = change.OpDrain, change.OpUndrain
	once := story{}.drained(2, 60)
	twice := once.drained(60, 70)
	perhaps := once.intends(drain, 60, 70).ends(change.Unknown)
	killed := once.intends(drain, 60, 70)
	elsewhere := change.Entry{Op: undrain, Provider: "other", State: change.Intended}
	for name, c := range map[string]struct {
		journal   story
		has, want int // reserved; no want: not drained
		warns     bool
	}{
		"never":                              {nil, 60, 0, false},
		"drained":                            {once, 60, 2, false},
		"drained, interrupted":               {story{}.intends(drain, 2, 60), 60, 2, false},
		"drained, unknown":                   {story{}.intends(drain, 2, 60).ends(change.Unknown), 60, 2, false},
		"drained, unknown, was not":          {story{}.intends(drain, 2, 60).ends(change.Unknown), 2, 2, false},
		"not written":                        {story{}.intends(drain, 2, 60).ends(change.NotWritten), 60, 0, false},
		"raced, then drained":                {story{}.intends(drain, 9, 50).ends(change.NotWritten).drained(2, 60), 60, 2, false},
		"drained, changed since":             {once, 33, 33, true},
		"drained, put back by hand":          {once, 2, 2, false},
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
		"killed, then raced, then written": {
			story{}.intends(drain, 2, 60).intends(drain, 60, 70).ends(change.NotWritten).drained(60, 70), 70, 2, false,
		},
		"killed, then drained after a change": {story{}.intends(drain, 2, 60).drained(9, 70), 70, 9, false},
		"changed, and drained again":          {once.drained(10, 70), 70, 10, false},
		"changed, and perhaps drained again":  {once.intends(drain, 10, 70).ends(change.Unknown), 70, 10, false},
		"put back":                            {once.undrained(60, 2), 60, 0, false},
		"not put back":                        {once.intends(undrain, 60, 2).ends(change.NotWritten), 60, 2, false},
		"perhaps put back, was not":           {once.intends(undrain, 60, 2).ends(change.Unknown), 60, 2, false},
		"perhaps put back, was":               {once.intends(undrain, 60, 2).ends(change.Unknown), 2, 2, false},
		"putting back was killed":             {once.intends(undrain, 60, 2), 60, 2, false},
		"putting back was killed, drained":    {once.intends(undrain, 60, 2).drained(60, 70), 70, 2, false},
		"put back and drained again":          {once.undrained(60, 2).drained(5, 60), 60, 5, false},
		"another provider put back":           {append(once[:2:2], elsewhere), 60, 2, false},
		"inventories set in between":          {once.intends(change.OpInventories, 60, 70).ends(change.Written), 60, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			drains := change.Recall(c.journal, "u")
			if (drains != nil) != (c.want != 0) {
				t.Fatalf("it recalls %+v", drains)
			}
			plan := change.Undrain(reserved(100, c.has), nil, drains)
			if c.want == 0 {
				c.want = c.has
			}
			if got := plan.After["VCPU"].Reserved; got != c.want || plan.Changes() != (c.want != c.has) || (len(plan.Warnings) > 0) != c.warns {
				t.Errorf("reserved becomes %d, warnings %q", got, plan.Warnings)
			}
		})
	}
}

// nova-compute writes reserved again between two drains and keeps the ratio that the first has lowered: what was changed is
// remembered as it was found, and what was not as it was before the first.
func TestRecallByField(t *testing.T) {
	one := func(i change.Inventory) change.Inventories { return change.Inventories{"VCPU": i} }
	drain := func(before, after change.Inventory) change.Entry {
		return change.Entry{Op: change.OpDrain, Provider: "u", State: change.Intended, Before: one(before), After: one(after)}
	}
	last := inventory(10, 9, 0.4)
	drains := change.Recall([]change.Entry{drain(inventory(10, 0, 4), inventory(10, 8, 0.5)), drain(inventory(10, 2, 0.5), last)}, "u")
	if got := change.Undrain(one(last), nil, drains).After["VCPU"]; got != inventory(10, 2, 4) {
		t.Errorf("becomes %+v", got)
	}
}

// Reserved and ratio are put back each by itself, never to more reserved than there is, and never below what is used.
func TestUndrain(t *testing.T) {
	was, left := inventory(100, 0, 4), inventory(100, 99, 0.5)
	for name, c := range map[string]struct {
		was, left, has, want change.Inventory
		used                 int
		warns, refused       bool
	}{
		"as it was left":     {was: was, left: left, has: left, want: was},
		"reserved changed":   {was: was, left: left, has: inventory(100, 7, 0.5), want: inventory(100, 7, 4), warns: true},
		"reserved put back":  {was: was, left: left, has: inventory(100, 0, 0.5), want: was},
		"ratio changed":      {was: was, left: left, has: inventory(100, 99, 2), want: inventory(100, 0, 2), warns: true},
		"less than reserved": {was: inventory(200, 150, 4), left: left, has: inventory(99, 99, 0.5), want: inventory(99, 99, 4)},
		"more used by now":   {was: inventory(100, 100, 4), left: inventory(100, 98, 0.5), has: inventory(100, 98, 0.5), want: inventory(100, 100, 4), used: 1, refused: true},
		"over capacity":      {was: was, left: left, has: left, want: was, used: 500},
		"nothing taken away": {was: left, left: left, has: inventory(100, 3, 1), want: inventory(100, 3, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			drains := change.Drains{"VCPU": {Was: c.was, Left: []change.Inventory{c.left}}}
			plan := change.Undrain(change.Inventories{"VCPU": c.has}, map[string]int{"VCPU": c.used}, drains)
			if plan.After["VCPU"] != c.want || (len(plan.Warnings) > 0) != c.warns || (len(plan.Refused) > 0) != c.refused {
				t.Errorf("becomes %+v, warnings %q, refused %+v", plan.After["VCPU"], plan.Warnings, plan.Refused)
			}
			gone := change.Undrain(change.Inventories{}, nil, drains)
			if gone.Changes() || (len(gone.Warnings) > 0) != (c.was != c.left) {
				t.Errorf("of a class that is gone: %+v", gone)
			}
		})
	}
}
