// SPDX-License-Identifier: Apache-2.0

package html_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/html"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// However long the time is, it is cut into a few slots of a length that people count in, with a number in words for each.
func TestSlots(t *testing.T) {
	begin := time.Date(2026, 11, 22, 23, 50, 0, 0, time.UTC)
	for length, want := range map[time.Duration]struct {
		each, first string
		slots       int
	}{
		0:                     {"1 minute", "23:50", 1},
		20 * time.Minute:      {"1 minute", "2026-11-22 23:50", 21},
		3 * time.Hour:         {"10 minutes", "2026-11-22 23:50", 19},
		24 * time.Hour:        {"2 hours", "2026-11-22 22:00", 13},
		30 * 24 * time.Hour:   {"2 days", "2026-11-21", 16},
		3650 * 24 * time.Hour: {"159 days", "", 24},
	} {
		end := begin.Add(length)
		page, err := html.Conflicts(&report.Refusals{Conflicts: []explained.Conflict{
			{Conflict: "duplicate-name", Act: true, Count: 2, First: &begin, Last: &end},
			{Conflict: "unexplained", Count: 1, First: &begin, Last: &begin},
			{Conflict: "deadlock", Count: 1}, // its time could not be read
		}})
		lacks(t, page, err, "Conflicts under way in each "+want.each+"<", "2 under way, 1 to act on")
		rows := regexp.MustCompile(`<tr><th scope="row">([^<]*)</th>`).FindAllStringSubmatch(string(page), -1)
		if n := len(rows); n > 24 || n < want.slots-1 || n > want.slots+1 || want.first != "" && rows[0][1] != want.first {
			t.Errorf("%s: %d slots from %v", length, n, rows[0])
		}
	}
}

// A time in which nothing was refused is told as such.
func TestQuietSlots(t *testing.T) {
	at := func(minute int) *time.Time {
		one := time.Date(2026, 11, 22, 17, minute, 0, 0, time.UTC)
		return &one
	}
	page, err := html.Conflicts(&report.Refusals{Conflicts: []explained.Conflict{
		{Conflict: "deadlock", Count: 1, First: at(0), Last: at(0)}, {Conflict: "deadlock", Count: 1, First: at(3), Last: at(3)},
	}})
	lacks(t, page, err, "<span>none</span>")
	if n := strings.Count(string(page), "<span>1 under way</span>"); n != 2 {
		t.Error(fmt.Sprint(n, " slots with one"))
	}
}
