// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// ClockGap says how far the clock of a client is from Placement's. Lines of access logs have no request id, and are joined
// by their times: further apart they are not.
type ClockGap struct {
	Host    string  `json:"host,omitempty"`
	Service string  `json:"service,omitempty"`
	Seconds float64 `json:"seconds"` // above 0: the client's clock is ahead
	// Twice is how many requests of an access log seem to be in Placement's too, at another time, and are counted twice.
	Twice int `json:"counted_twice,omitempty"`
}

// String says it in a sentence.
func (c ClockGap) String() string {
	who := strings.TrimSpace(c.Service + " on " + first(c.Host, "an unknown host"))
	ahead := "ahead of"
	if c.Seconds < 0 {
		ahead = "behind"
	}
	if c.Twice > 0 {
		return fmt.Sprintf("the log of %s has %d requests that Placement's log seems to have %v s %s: if the clocks differ, they are counted twice; synchronize the clocks, or set timezone",
			c.Service, c.Twice, math.Abs(c.Seconds), map[bool]string{true: "earlier", false: "later"}[c.Seconds > 0])
	}
	return fmt.Sprintf("the clock of %s is %v s %s Placement's, so lines without a request id may be joined wrongly: synchronize the clocks, or set timezone",
		who, math.Abs(c.Seconds), ahead)
}

// Clocks lists the clients that wrote about each of their requests at another time than Placement, by more than two services
// write apart about one request. The smallest difference counts: a client may write late, but never early.
func (b *Book) Clocks() []ClockGap {
	least := map[Origin]time.Duration{}
	for _, r := range b.records {
		if r.ClientTime.IsZero() || r.Time.IsZero() || !slices.Contains(r.Views, lines.FromPlacement) {
			continue
		}
		who, apart := Origin{Host: r.Client.Host, Service: r.Client.Service}, r.ClientTime.Sub(r.Time)
		if before, ok := least[who]; !ok || apart.Abs() < before.Abs() {
			least[who] = apart
		}
	}
	gaps := []ClockGap{}
	for who, apart := range least {
		if apart.Abs() > slack {
			gaps = append(gaps, ClockGap{Host: who.Host, Service: who.Service, Seconds: apart.Round(100 * time.Millisecond).Seconds()})
		}
	}
	gaps = append(gaps, b.accessGaps()...)
	slices.SortFunc(gaps, func(a, b ClockGap) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Service, b.Service))
	})
	return gaps
}

// accessGaps finds the access logs all of whose requests of one kind are in Placement's log as well, each at the same distance.
func (b *Book) accessGaps() []ClockGap {
	type twin struct{ access, served []time.Time }
	pairs := map[string]*twin{}
	view := map[string]lines.View{}
	for _, r := range b.records {
		key := requestKey(r.Method, r.place, r.Status)
		if pairs[key] == nil {
			pairs[key] = &twin{}
		}
		switch only := r.Views[0]; {
		case r.Time.IsZero():
		case len(r.Views) == 1 && only != lines.FromClient && only != lines.FromPlacement:
			pairs[key].access, view[key] = append(pairs[key].access, r.Time), only
		case slices.Contains(r.Views, lines.FromPlacement):
			pairs[key].served = append(pairs[key].served, r.Time)
		}
	}
	found := map[lines.View]ClockGap{}
	for key, p := range pairs {
		if apart, ok := apart(p.access, p.served); ok {
			gap := found[view[key]]
			found[view[key]] = ClockGap{Service: string(view[key]), Seconds: apart.Round(time.Second).Seconds(), Twice: gap.Twice + len(p.access)}
		}
	}
	return slices.Collect(maps.Values(found))
}

// apart is how far two lists of times are from each other, if that is more than slack and the same for each of several.
func apart(a, b []time.Time) (time.Duration, bool) {
	if len(a) < 2 || len(a) != len(b) {
		return 0, false
	}
	slices.SortFunc(a, time.Time.Compare)
	slices.SortFunc(b, time.Time.Compare)
	far := a[0].Sub(b[0])
	for i := range a {
		if (a[i].Sub(b[i]) - far).Abs() > slack {
			return 0, false
		}
	}
	return far, far.Abs() > slack
}

// Undated says how many conflicts have no time although one was asked for.
func (b *Book) Undated() int {
	if b.Since.IsZero() && b.Until.IsZero() {
		return 0
	}
	n := 0
	for _, r := range b.records {
		if r.Time.IsZero() {
			n++
		}
	}
	for _, t := range b.tallies {
		n += t.undated
	}
	return n
}
