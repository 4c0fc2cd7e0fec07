// SPDX-License-Identifier: Apache-2.0

package flappingprovider_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/flappingprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// watched is four points, some seconds apart, between which the generation grows by step; each changes the points.
func watched(apart, step int, each func(i int, p *snapshot.Point)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		var points []snapshot.Point
		for i := range 4 {
			p := checktest.PointAt(i*apart, 4+i*step)
			each(i, &p)
			points = append(points, p)
		}
		checktest.Watched(s, checktest.Compute, points...)
	}
}

func same(int, *snapshot.Point) {}

// unwritten has the time of the last write stay as it was.
func unwritten(_ int, p *snapshot.Point) { p.Written = checktest.Taken() }

// untold leaves the time of the last write out of every nth point.
func untold(nth int) func(int, *snapshot.Point) {
	return func(i int, p *snapshot.Point) {
		if i%nth == 0 {
			p.Written = time.Time{}
		}
	}
}

// totals gives the provider these totals of a class in turn.
func totals(class string, list ...int) func(int, *snapshot.Point) {
	return func(i int, p *snapshot.Point) {
		inventory := p.Inventories[class]
		inventory.Total = list[i%len(list)]
		p.Inventories[class] = inventory
	}
}

// everySecond gives every second point the trait.
func everySecond(trait string) func(int, *snapshot.Point) {
	return func(i int, p *snapshot.Point) {
		unwritten(i, p)
		if i%2 == 0 {
			p.Traits = append(p.Traits, trait)
		}
	}
}

// consumers is, for each point, who holds something and the generation of each.
func consumers(list ...map[string]int) func(int, *snapshot.Point) {
	return func(i int, p *snapshot.Point) { p.Consumers = list[i] }
}

func grown(change func(*snapshot.Growth)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.Fought(s)
		g := s.Watch.Grown[checktest.Compute]
		change(&g)
		s.Watch.Grown[checktest.Compute] = g
	}
}

func both(changes ...func(int, *snapshot.Point)) func(int, *snapshot.Point) {
	return func(i int, p *snapshot.Point) {
		for _, change := range changes {
			change(i, p)
		}
	}
}

func TestFlappingProvider(t *testing.T) {
	host, none := []string{checktest.Compute}, map[string]int{}
	churn := consumers(none, map[string]int{"a": 1, "b": 1}, map[string]int{"b": 2, "c": 1}, map[string]int{"c": 1, "b": 3, "d": 1})
	checktest.Run(t, flappingprovider.Check(), []checktest.Case{
		{Name: "two writers, minutes apart", Change: checktest.Fought, Want: host},
		{Name: "two values that do not come back", Change: watched(180, 1, totals("VCPU", 8, 16, 24, 32))},
		{Name: "a value that comes back once", Change: watched(180, 1, totals("VCPU", 8, 16, 8, 24))},
		{Name: "the same value again and again", Change: watched(10, 2, same), Want: host},
		{Name: "the same value once a minute: one writer", Change: watched(60, 1, same)},
		{Name: "the same value twice a minute", Change: watched(30, 1, same), Want: host},
		{Name: "the same value, and Placement does not tell when", Change: watched(10, 2, untold(1)), NotJudged: host},
		{Name: "the same value, and Placement tells only now and then", Change: watched(10, 2, untold(2)), NotJudged: host},
		{Name: "growth without a write that is seen: short-lived servers", Change: watched(10, 2, unwritten), NotJudged: host},
		{Name: "a trait that comes and goes", Change: watched(180, 1, everySecond("CUSTOM_FAST")), Want: host},
		{Name: "a service that is disabled and enabled", Change: watched(180, 1, everySecond(snapshot.TraitDisabled))},
		{Name: "two writers while servers come and go", Change: watched(180, 4, both(churn, totals("VCPU", 8, 16))), Want: host},
		{Name: "servers come and go", Change: watched(10, 2, both(churn, unwritten))},
		{Name: "servers come and go, and so do values", Change: watched(10, 2, both(churn, totals("VCPU", 8, 16)))},
		{Name: "a Ceph pool", Change: watched(20, 1, totals("DISK_GB", 1000, 1001))},
		{Name: "two sizes of a disk", Change: watched(180, 1, totals("DISK_GB", 1000, 1100)), Want: host},
		{
			Name: "two samples apart only", Change: func(s *snapshot.Snapshot) {
				checktest.Watched(s, checktest.Compute, checktest.PointAt(0, 4), checktest.PointAt(10, 9), checktest.PointAt(20, 14))
			},
		},
		{Name: "a burst", Change: grown(func(g *snapshot.Growth) { g.Changes, g.Last, g.Points = 1, 8, g.Points[:1] })},
		{Name: "its generation fell", Change: grown(func(g *snapshot.Growth) { g.Deleted = true }), NotJudged: host},
		{Name: "too many changed", Change: grown(func(g *snapshot.Growth) { g.Points = nil }), NotJudged: host},
		{Name: "points without growth", Change: watched(10, 0, totals("VCPU", 8, 16))},
		{
			Name: "bare metal", NotJudged: host, Change: watched(10, 2, func(i int, p *snapshot.Point) {
				p.Inventories = map[string]openstack.Inventory{"CUSTOM_BM": {Total: 1, MaxUnit: 1, Reserved: i % 2}}
			}),
		},
		{
			Name: "deleted while it was watched", Change: func(s *snapshot.Snapshot) {
				checktest.Fought(s)
				checktest.Release(s, checktest.Server)
				s.ProviderList = s.ProviderList[1:]
			},
		},
	})
}

func TestFlappingProviderAtTheSecondLook(t *testing.T) {
	checktest.Run(t, flappingprovider.Check(), []checktest.Case{
		{
			Name: "deleted between the looks", Change: checktest.Fought,
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute] = nil },
		},
	})
}

// What allocations explain is no fight, though inventories were written at the same time; what is beyond it is one.
func TestAllocationsExplain(t *testing.T) {
	type holders = map[string]int
	var cases []checktest.Case
	for name, list := range map[string][]holders{
		"written again": {{"a": 1}, {"a": 3}, {"a": 5}, {"a": 7}},
		"new":           {{}, {"a": 2}, {"a": 2, "b": 2}, {"a": 2, "b": 2, "c": 2}},
		"not written":   {{}, {"a": 0, "b": 0}, {"a": 0, "b": 0, "c": 0, "d": 0}, {"a": 0, "b": 0, "c": 0, "d": 0, "e": 0, "f": 0}},
		"created again": {{"a": 9}, {"a": 3}, {"a": 2}, {"a": 1}},
		"gone":          {{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1}, {"a": 1, "b": 1, "c": 1, "d": 1}, {"a": 1, "b": 1}, {}},
	} {
		cases = append(cases,
			checktest.Case{Name: name, Change: watched(10, 2, consumers(list...))},
			checktest.Case{Name: name + ", and more", Change: watched(10, 9, consumers(list...)), Want: []string{checktest.Compute}})
	}
	checktest.Run(t, flappingprovider.Check(), cases)
}

// found is the one finding of a cloud.
func found(t *testing.T, change func(*snapshot.Snapshot)) check.Finding {
	t.Helper()
	s, c := checktest.Cloud(), flappingprovider.Check()
	change(s)
	checktest.LookTwice(s, c)
	v := check.Run(s, []*check.Check{c}, check.Defaults())
	if len(v.Findings) != 1 {
		t.Fatalf("found %v", v.Findings)
	}
	return v.Findings[0]
}

// The finding names what goes back and forth, and counts what allocations explain.
func TestEvidence(t *testing.T) {
	f := found(t, checktest.Fought)
	if want := "the generation of resource provider cn1 (" + checktest.Compute + ") grew from 4 to 7 within 9m0s, " +
		"3 more than its allocations explain: VCPU.total was 16, 8, 16, 8"; f.Message != want {
		t.Errorf("%s, want %s", f.Message, want)
	}
	for key, want := range map[string]any{
		"fields": map[string][]any{"VCPU.total": {16, 8, 16, 8}}, "explained": 0, "unexplained": 3, "one_writer": 10, "per_minute": 0.3,
		"written_between_samples": 3,
	} {
		if !reflect.DeepEqual(f.Evidence[key], want) {
			t.Errorf("%s is %v, want %v", key, f.Evidence[key], want)
		}
	}
	samples, _ := json.Marshal(f.Evidence["samples"])
	if !strings.HasPrefix(string(samples), `[{"at":"2026-11-22T12:00:00Z","generation":4},`) {
		t.Errorf("samples %s", samples)
	}
	f = found(t, watched(10, 2, same))
	if !strings.Contains(f.Message, "another client writes the same values again and again") || fmt.Sprint(f.Evidence["fields"]) != "map[]" {
		t.Errorf("%s %v", f.Message, f.Evidence["fields"])
	}
}

// A class that comes and goes has no values in between, and a long list of values is cut in the message.
func TestManyFields(t *testing.T) {
	f := found(t, watched(10, 2, func(i int, p *snapshot.Point) {
		if i%2 == 0 {
			delete(p.Inventories, "VCPU")
		}
	}))
	if fields := fmt.Sprint(f.Evidence["fields"]); !strings.Contains(fields, "VCPU.total:[none 10 none 10]") {
		t.Errorf("fields %s", fields)
	}
	f = found(t, func(s *snapshot.Snapshot) {
		var points []snapshot.Point
		for i := range 9 {
			p := checktest.PointAt(10*i, 4+i)
			totals("VCPU", 8, 16)(i, &p)
			points = append(points, p)
		}
		checktest.Watched(s, checktest.Compute, points...)
	})
	if !strings.HasSuffix(f.Message, ": VCPU.total was 8, 16, 8, 16, 8, 16 …") {
		t.Errorf("%s", f.Message)
	}
	if fields := fmt.Sprint(f.Evidence["fields"]); fields != "map[VCPU.total:[8 16 8 16 8 16 8 16 8]]" {
		t.Errorf("fields %s", fields)
	}
}

// What was written while a point was read belongs to no interval.
func TestGrowthWithinPoint(t *testing.T) {
	s, c := checktest.Cloud(), flappingprovider.Check()
	watched(10, 2, func(_ int, p *snapshot.Point) { p.After = p.Before + 2 })(s)
	if got := check.Suspects(s, []*check.Check{c}, check.Defaults()); !got.None() {
		t.Errorf("suspects %v", got)
	}
}
