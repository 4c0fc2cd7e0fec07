// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// Step is one change that a journal tells of.
type Step struct {
	Entry  change.Entry // the intended one
	Change repair.Change
	Mark   change.Mark  // how it ended; Unknown if nothing tells
	Left   repair.State // as it left what it was about
	Undone bool         // a later entry undid it
}

// Name is what other entries call the step.
func (s Step) Name() string { return nameOf(s.Entry) }

func nameOf(e change.Entry) string { return fmt.Sprintf("%s/%d", e.Run, e.Place) }

// Steps lists the changes of one run in a journal, in their order, of this cloud alone. An empty run is the newest that changed
// something of this cloud and was itself no undoing.
func Steps(entries []change.Entry, cloud openstack.Cloud, run string) []Step {
	entries = slices.DeleteFunc(slices.Clone(entries), func(e change.Entry) bool { return !e.Cloud.Is(cloud) })
	if run == "" {
		run = newest(entries)
	}
	undone, latest := map[string]bool{}, map[string]repair.State{}
	var out []Step
	for i, e := range entries {
		if e.State != change.Intended {
			continue
		}
		mark, end := ended(e, entries[i+1:])
		if e.Undoes != "" && mark == change.Written {
			undone[e.Undoes] = true
		}
		s := step(e, mark, end)
		if mark == change.Written {
			latest[s.Key()] = s.Left
			follow(out, s)
		}
		if e.Run == run {
			out = append(out, s)
		}
	}
	for i := range out {
		out[i].Undone = undone[out[i].Name()]
		out[i].update(latest)
	}
	return out
}

// Key names what a step is about.
func (s *Step) Key() string {
	return s.Change.Op.About() + " " + strings.Join(s.Change.After.Target(), " ")
}

// follow takes over the generation that a step has left on a provider into the steps before it that left the one it was bound to:
// nobody else has written in between.
func follow(earlier []Step, s Step) {
	for i, now := range s.Left.Providers {
		was := s.Change.Before.Providers[i]
		for j := range earlier {
			earlier[j].Left.Providers = advanced(earlier[j].Left.Providers, was.Generation, now)
		}
	}
}

// advanced are the providers with the generation of now in place of the one that it had before, where they are that provider.
func advanced(providers []repair.Provider, was int, now repair.Provider) []repair.Provider {
	out := slices.Clone(providers)
	for i := range out {
		if p := &out[i]; p.UUID == now.UUID && p.Generation == was && !p.Absent && !now.Absent {
			p.Generation = now.Generation
		}
	}
	return out
}

// update takes over the generations that a later step of the same journal left, if that left the same: an undoing of steps in
// between.
func (s *Step) update(latest map[string]repair.State) {
	last, there := latest[s.Key()]
	if !there || !last.Same(s.Left) {
		return
	}
	followed := s.Left.Providers
	s.Left = repair.State{Consumers: last.Consumers, Providers: slices.Clone(last.Providers), Names: last.Names}
	for i, p := range followed { // generations only grow
		s.Left.Providers[i].Generation = max(p.Generation, s.Left.Providers[i].Generation)
	}
}

// newest is the last run with a write that is no undoing.
func newest(entries []change.Entry) string {
	for _, e := range slices.Backward(entries) {
		if e.State == change.Intended && e.Undoes == "" {
			return e.Run
		}
	}
	return ""
}

// ended tells how the write of an entry ended: the next entry of its run says so, unless that is another write.
func ended(e change.Entry, later []change.Entry) (change.Mark, change.Entry) {
	i := slices.IndexFunc(later, func(other change.Entry) bool { return other.Run == e.Run })
	if i < 0 || later[i].State == change.Intended {
		return change.Unknown, change.Entry{}
	}
	return later[i].State, later[i]
}

// leftBy is what a change left. A write whose answer was lost left what it was to leave, or nothing: what was seen right afterwards is
// of the time before it, which may still come, or of another client. Only a provider is made in several requests, of which the first
// alone may have gone through.
func leftBy(c repair.Change, mark change.Mark, end change.Entry) repair.State {
	partly := c.Op == repair.CreateProvider && end.Left != nil && !end.Left.Same(c.Before)
	if end.Left == nil || mark == change.Unknown && !partly {
		return c.Predicted()
	}
	return *end.Left
}

// step makes a step of an entry, of one about inventories alone too.
func step(e change.Entry, mark change.Mark, end change.Entry) Step {
	s := Step{Entry: e, Mark: mark}
	if e.Change != nil {
		s.Change, s.Left = *e.Change, leftBy(*e.Change, mark, end)
		return s
	}
	state := func(generation int, all map[string]openstack.Inventory) repair.State {
		if all == nil {
			all = map[string]openstack.Inventory{}
		}
		return repair.State{Providers: []repair.Provider{{UUID: e.Provider, Name: e.Name, Generation: generation, Inventories: all}}}
	}
	s.Change = repair.Change{Op: repair.Inventories, Before: state(e.Generation, e.Before), After: state(end.Generation, e.After)}
	s.Left = s.Change.After
	return s
}
