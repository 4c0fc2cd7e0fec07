// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"cmp"
	"fmt"
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
}

// String says it in a sentence.
func (c ClockGap) String() string {
	who := strings.TrimSpace(c.Service + " on " + first(c.Host, "an unknown host"))
	ahead := "ahead of"
	if c.Seconds < 0 {
		ahead = "behind"
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
	slices.SortFunc(gaps, func(a, b ClockGap) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Service, b.Service))
	})
	return gaps
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
