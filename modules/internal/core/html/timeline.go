// SPDX-License-Identifier: Apache-2.0

package html

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
)

// timeline shows how many conflicts were under way at each time, and from when to when each of them was. Numbers are thousandths of
// the scale.
type timeline struct {
	From, To string
	Each     string // how long a slot is
	Slots    []slot
	Rows     []span
}

// slot is a part of the time, with the conflicts whose first refusal is not after it and whose last is not before it.
type slot struct {
	From, Text string
	All, Act   int // widths
}

type span struct {
	Name, Tone, Text string
	Start, Width     int
}

// The time is cut into no more slots than these.
const mostSlots = 24

// timelineOf returns nil if no conflict has a time.
func timelineOf(all []explained.Conflict) *timeline {
	var dated []explained.Conflict
	for _, c := range all {
		if c.First != nil && c.Last != nil {
			dated = append(dated, c)
		}
	}
	if len(dated) == 0 {
		return nil
	}
	from, to := *dated[0].First, *dated[0].Last
	for _, c := range dated {
		if c.First.Before(from) {
			from = *c.First
		}
		if c.Last.After(to) {
			to = *c.Last
		}
	}
	out := &timeline{From: at(from), To: at(to)}
	out.cut(dated, from, to)
	whole := max(to.Sub(from).Seconds(), 1)
	for _, c := range dated[:min(len(dated), firstShown)] {
		out.Rows = append(out.Rows, span{
			Name: strings.TrimSpace(c.Conflict + " " + cmp.Or(c.Target.Name, c.Target.UUID)), Tone: conflictTone(c), Text: fromTo(c),
			Start: int(c.First.Sub(from).Seconds() / whole * 994), Width: max(int(c.Last.Sub(*c.First).Seconds()/whole*1000), 6),
		})
	}
	return out
}

// fromTo says how often something was refused, and when, with the days if there are several.
func fromTo(c explained.Conflict) string {
	first, last := c.First.UTC(), c.Last.UTC()
	layout := "15:04:05"
	if first.Truncate(day) != last.Truncate(day) {
		layout = "2006-01-02 15:04"
	}
	if c.Count == 1 {
		return "once, at " + last.Format(layout)
	}
	return fmt.Sprintf("%s × from %s to %s", number(c.Count), first.Format(layout), last.Format(layout))
}

const day = 24 * time.Hour

// cut makes slots of a length that people count in.
func (t *timeline) cut(all []explained.Conflict, from, to time.Time) {
	width := slotFor(to.Sub(from))
	t.Each = words(width)
	layout := "15:04"
	if width >= day {
		layout = "2006-01-02"
	} else if from.UTC().Truncate(day) != to.UTC().Truncate(day) {
		layout = "2006-01-02 15:04"
	}
	most := 1
	counts := [][2]int{}
	begins := from.UTC().Truncate(width)
	for begin := begins; !begin.After(to); begin = begin.Add(width) {
		n := underWay(all, begin, begin.Add(width))
		counts, most = append(counts, n), max(most, n[0])
	}
	for i, n := range counts {
		text := number(n[0]) + " under way"
		if n[0] == 0 {
			text = "none"
		}
		if n[1] > 0 {
			text += fmt.Sprintf(", %s to act on", number(n[1]))
		}
		t.Slots = append(t.Slots, slot{
			From: begins.Add(time.Duration(i) * width).Format(layout), Text: text, All: n[0] * 1000 / most, Act: n[1] * 1000 / most,
		})
	}
}

// underWay counts the conflicts between two times, and how many of them need action.
func underWay(all []explained.Conflict, begin, end time.Time) (n [2]int) {
	for _, c := range all {
		if c.First.Before(end) && !c.Last.Before(begin) {
			n[0]++
			if c.Act {
				n[1]++
			}
		}
	}
	return n
}

// slotFor is the shortest length of a slot that cuts the time into few enough.
func slotFor(whole time.Duration) time.Duration {
	lengths := []time.Duration{
		time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, day,
	}
	for _, length := range lengths {
		if whole/length < mostSlots-1 {
			return length
		}
	}
	return (whole/day/(mostSlots-1) + 1) * day
}

// words is the length of a slot.
func words(length time.Duration) string {
	n, unit := int(length/time.Minute), "minute"
	switch {
	case length >= day:
		n, unit = int(length/day), "day"
	case length >= time.Hour:
		n, unit = int(length/time.Hour), "hour"
	}
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
