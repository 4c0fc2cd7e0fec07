// SPDX-License-Identifier: Apache-2.0

package flappingprovider

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// story is what the points of one provider tell.
type story struct {
	span        time.Duration
	explained   int              // steps of the generation that allocations explain, between any two points
	unexplained int              // the others, between points that show a write
	written     int              // how often that was
	unseen      int              // how often it grew by more than allocations explain, and nothing changed or shows a write
	fields      map[string][]any // the values, one after the other, of what did not stay the same
}

func tell(points []snapshot.Point) story {
	s := story{span: points[len(points)-1].At.Sub(points[0].At), fields: histories(points)}
	for i, after := range points[1:] {
		before := points[i]
		grown := max(0, after.Before-before.After)
		explained := min(grown, allocationWrites(before.Consumers, after.Consumers))
		s.explained += explained
		switch rest := grown - explained; {
		case rest == 0:
		case wasWritten(before, after):
			s.written++
			s.unexplained += rest
		case alike(before, after):
			s.unseen++
		}
	}
	return s
}

// allocationWrites is how many writes of allocations may have made of these consumers, with their generations, those. Who
// holds something on the provider since may have held something elsewhere before, and written that: all of its writes count.
func allocationWrites(before, after map[string]int) int {
	n := 0
	for consumer, generation := range after {
		old, known := before[consumer]
		switch {
		case !known:
			n += max(1, generation)
		case generation < old: // emptied and created again
			n += 1 + generation
		default:
			n += generation - old
		}
	}
	for consumer := range before {
		if _, there := after[consumer]; !there {
			n++
		}
	}
	return n
}

// oneWriter is how often one nova-compute may write a provider: in each periodic task (update_resources_interval, 60 s), and when
// an allocation has it look.
func (s story) oneWriter() int { return 1 + int(s.span/time.Minute) + s.explained }

func (s story) perMinute() float64 {
	const tenths = 10
	return math.Round(float64(s.unexplained)/max(s.span, time.Second).Minutes()*tenths) / tenths
}

// comebacks is how often a field had a value again that it had had before: the highest number of any field.
func (s story) comebacks() int {
	most := 0
	for name, values := range s.fields {
		n := 0
		for i, value := range values {
			if slices.ContainsFunc(values[:i], func(earlier any) bool { return same(name, earlier, value) }) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// words says what went back and forth.
func (s story) words() string {
	const most = 6
	var words []string
	for _, name := range slices.Sorted(maps.Keys(s.fields)) {
		values, more := s.fields[name], ""
		if len(values) > most {
			values, more = values[:most], " …"
		}
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = fmt.Sprint(value)
		}
		words = append(words, name+" was "+strings.Join(texts, ", ")+more)
	}
	switch n := len(words); {
	case n == 0:
		return "no sample shows other inventories or traits than the one before, another client writes the same values again and again"
	case n > most:
		words = append(words[:most], fmt.Sprintf("and %d more", n-most))
	}
	return strings.Join(words, "; ")
}

// wasWritten reports whether inventories or traits were written between two points, not only what moves by itself: they differ,
// or they are alike and Placement says that inventories were written meanwhile. nova-compute never writes what is there.
func wasWritten(before, after snapshot.Point) bool {
	if len(histories([]snapshot.Point{before, after})) > 0 {
		return true
	}
	told := !before.Written.IsZero() && !after.Written.IsZero()
	return told && alike(before, after) && !before.Written.Equal(after.Written)
}

func alike(before, after snapshot.Point) bool {
	return maps.Equal(before.Inventories, after.Inventories) && slices.Equal(before.Traits, after.Traits)
}

// histories returns the values of each field that did not stay the same, without repeats.
func histories(points []snapshot.Point) map[string][]any {
	states := make([]map[string]any, len(points))
	all := map[string][]any{}
	for i, p := range points {
		states[i] = state(p)
		for name := range states[i] {
			all[name] = nil
		}
	}
	for name := range all {
		for _, s := range states {
			value, there := s[name]
			if !there {
				value = absent(name)
			}
			if n := len(all[name]); n == 0 || !same(name, all[name][n-1], value) {
				all[name] = append(all[name], value)
			}
		}
	}
	maps.DeleteFunc(all, func(_ string, values []any) bool { return len(values) < 2 })
	return all
}

const ofTraits = "traits."

// state is what is on a provider at one time, by name.
func state(p snapshot.Point) map[string]any {
	out := map[string]any{}
	for class, i := range p.Inventories {
		out[class+".total"], out[class+".reserved"], out[class+".allocation_ratio"] = i.Total, i.Reserved, i.AllocationRatio
		out[class+".min_unit"], out[class+".max_unit"], out[class+".step_size"] = i.MinUnit, i.MaxUnit, i.StepSize
	}
	for _, trait := range p.Traits {
		if trait != snapshot.TraitDisabled {
			out[ofTraits+trait] = true
		}
	}
	return out
}

// absent is the value of a field that a provider does not have.
func absent(name string) any {
	if strings.HasPrefix(name, ofTraits) {
		return false
	}
	return "none"
}

// same reports whether two values of a field are one. What nova-compute measures of a disk never stands quite still.
func same(name string, a, b any) bool {
	const hundredth = 100
	x, measured := a.(int)
	y, too := b.(int)
	if measured && too && (name == "DISK_GB.total" || name == "DISK_GB.max_unit") {
		return max(x-y, y-x) <= max(x, y)/hundredth
	}
	return a == b
}
