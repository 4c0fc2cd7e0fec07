// SPDX-License-Identifier: Apache-2.0

package change

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Recall returns what the entries of a journal tell of the drains of a provider of this cloud since it was last put back; nil
// if it was not drained since. An entry of which the end is not known adds to what is known and replaces nothing: a drain
// may have been written, an undrain may not.
func Recall(entries []Entry, cloud openstack.Cloud, provider string) *Drains {
	var own []Entry
	for _, e := range entries {
		if e.Provider == provider && e.Cloud.Is(cloud) {
			own = append(own, e)
		}
	}
	var drains *Drains
	for i, e := range own {
		if e.State != Intended {
			continue
		}
		mark, left := ended(e, own[i+1:])
		switch {
		case mark == NotWritten:
		case e.Op == OpDrain:
			drains = drains.and(e, mark == Written, left)
		case e.Op == OpUndrain && mark == Written:
			drains = nil
		case drains != nil:
			drains = drains.changed(e, mark == Written, left)
		}
	}
	return drains
}

// ended tells how the write of an entry ended, from the later entries of the provider, and the trace that it left. The first
// one of its run decides: where that is another intended one, the write was interrupted.
func ended(e Entry, later []Entry) (Mark, Trace) {
	later = slices.DeleteFunc(slices.Clone(later), func(other Entry) bool { return other.Run != e.Run })
	if len(later) == 0 || later[0].State == Intended {
		return Unknown, Trace{Generation: e.Generation + 1}
	}
	end := later[0]
	left := Trace{Generation: end.Generation}
	if end.State == Unknown {
		left.Generation = e.Generation + 1
	}
	if len(later) > 1 && later[1].State == Confirmed && later[1].Generation == end.Generation {
		left.Modified = later[1].Modified
	}
	return end.State, left
}

// and adds one more drain, of which it is known or not whether it was written. What it found is known in any case: where
// that is not what the drains before it may have left, somebody has changed it in between.
func (d *Drains) and(e Entry, written bool, left Trace) *Drains {
	out := &Drains{classes: map[string]Drainage{}, left: d.traces(e, written, left)}
	for class, found := range e.Before {
		was, earlier := found, []Inventory(nil)
		if d != nil {
			if known, again := d.classes[class]; again {
				earlier = known.Left
				was, _ = known.undone(found, d.fit(e.found()))
			}
		}
		if written {
			earlier = nil
		}
		out.classes[class] = Drainage{was, append(slices.Clone(earlier), e.After[class])}
	}
	return out
}

// nobodys is a value that no field has.
const nobodys = -1

// changed takes in a write of the same journal that is no drain. What it changed is not the drains' any more.
func (d *Drains) changed(e Entry, written bool, left Trace) *Drains {
	out := &Drains{classes: map[string]Drainage{}, left: d.traces(e, written, left)}
	if !written {
		out.classes = d.classes
		return out
	}
	for class, known := range d.classes {
		before, after := e.Before[class], e.After[class]
		kept := Drainage{known.Was, slices.Clone(known.Left)}
		for _, field := range []string{fieldReserved, fieldRatio} {
			if number(field, before) == number(field, after) {
				continue
			}
			for i := range kept.Left {
				kept.Left[i] = with(field, kept.Left[i], nobodys)
			}
		}
		out.classes[class] = kept
	}
	return out
}

// found is the trace that the writer of the entry found.
func (e Entry) found() Trace { return Trace{e.Generation, e.Modified} }

// traces returns what the last write may have left after one more. Where somebody else has written before that, what it left
// is still known, but not that all that is there is of the drains.
func (d *Drains) traces(e Entry, written bool, left Trace) []Trace {
	if d == nil {
		return []Trace{left}
	}
	if e.Op != OpDrain && !d.fit(e.found()) {
		return nil
	}
	if written {
		return []Trace{left}
	}
	return append(slices.Clone(d.left), left)
}
