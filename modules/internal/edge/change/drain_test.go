// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// here is the cloud of the tests.
func here() openstack.Cloud { return openstack.CloudOf([]string{"http://placement.example"}, "one") }

// A copy of a cloud has the same UUIDs. What was drained there is not put back here.
func TestRecallOfAnotherCloud(t *testing.T) {
	once := story{has: 2}.drained(2, 60)
	for name, c := range map[string]struct {
		cloud openstack.Cloud
		known bool
	}{
		"the same":                       {here(), true},
		"by another of its endpoints":    {openstack.CloudOf([]string{"https://PLACEMENT.internal/", "http://Placement.example/"}, "one"), true},
		"without a region":               {openstack.CloudOf([]string{"http://placement.example"}, ""), true},
		"another region":                 {openstack.CloudOf([]string{"http://placement.example"}, "two"), false},
		"another address":                {openstack.CloudOf([]string{"http://staging.example"}, "one"), false},
		"another path":                   {openstack.CloudOf([]string{"http://placement.example/other"}, "one"), false},
		"with a password, which is gone": {openstack.CloudOf([]string{"http://user:secret@placement.example"}, "one"), true},
	} {
		if got := change.Recall(once.entries, c.cloud, "u"); (got != nil) != c.known {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Two runs at once: each entry ends by one of its own run.
func TestRecallByRun(t *testing.T) {
	one, two := story{has: 2}.drained(2, 60).entries, story{has: 2}.intends(change.OpDrain, 2, 60).ends(change.NotWritten).entries
	for i := range one {
		one[i].Run, two[i].Run = "one", "two"
	}
	for _, all := range [][]change.Entry{{one[0], two[0], one[1], two[1]}, {two[0], one[0], two[1], one[1]}, {one[0], two[0], two[1], one[1]}} {
		drains := change.Recall(all, here(), "u")
		if got := change.Undrain(change.Trace{Generation: one[1].Generation}, reserved(100, 60), nil, drains).After["VCPU"].Reserved; got != 2 {
			t.Errorf("reserved becomes %d", got)
		}
	}
}

// nova-compute writes reserved again between two drains and keeps the ratio that the first has lowered: what was changed is
// remembered as it was found, and what was not as it was before the first.
func TestRecallByField(t *testing.T) {
	last := inventory(10, 9, 0.4)
	drains := change.Recall(append(drainOf(1, inventory(10, 0, 4), inventory(10, 8, 0.5)), drainOf(3, inventory(10, 2, 0.5), last)...), here(), "u")
	if got := change.Undrain(change.Trace{Generation: 4}, one(last), nil, drains).After["VCPU"]; got != inventory(10, 2, 4) {
		t.Errorf("becomes %+v", got)
	}
}

func one(i change.Inventory) change.Inventories { return change.Inventories{"VCPU": i} }

// drainOf is the entries of a drain that was written at this generation, and confirmed.
func drainOf(generation int, before, after change.Inventory) []change.Entry {
	e := change.Entry{Cloud: here(), Op: change.OpDrain, Provider: "u", State: change.Intended, Generation: generation, Before: one(before), After: one(after)}
	end := change.Entry{Cloud: here(), Op: change.OpDrain, Provider: "u", State: change.Written, Generation: generation + 1}
	confirmed := end
	confirmed.State, confirmed.Modified = change.Confirmed, second(generation+1)
	return []change.Entry{e, end, confirmed}
}

func second(n int) time.Time { return time.Date(2026, 11, 28, 10, 0, n, 0, time.UTC) }

// A drain is confirmed with the time that Placement has of it, unless the provider has changed meanwhile or has no such time.
func TestConfirm(t *testing.T) {
	for name, c := range map[string]struct {
		since func(f *fake)
		want  string
	}{
		"nothing since":   {func(*fake) {}, "intended, written, confirmed"},
		"somebody since":  {func(f *fake) { f.other(40, nil) }, "intended, written"},
		"a time not told": {func(f *fake) { f.written = time.Time{} }, "intended, written"},
	} {
		f, w := newFake(t, 5)
		f.written = second(7)
		target := change.Target{UUID: "u", Name: "n", Op: change.OpDrain, Judge: change.Drain}
		view, err := w.Look(t.Context(), target)
		if err != nil {
			t.Fatal(err)
		}
		written, last, err := w.Write(t.Context(), target, view)
		if err != nil || !written {
			t.Fatal(written, err)
		}
		c.since(f)
		if err := w.Confirm(t.Context(), []change.Done{{Target: target, Generation: last.Generation}}); err != nil {
			t.Error(err)
		}
		if got := marks(t, f.journal); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
