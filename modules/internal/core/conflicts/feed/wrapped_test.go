// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// said is a line of a client, as long as pastes are wide.
func said(text string) string {
	return "2026-11-22 10:56:45.000 7 INFO nova.scheduler.client.report [req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - -] " + text
}

// heard reads a text, and returns what its events are.
func heard(text string) (all []lines.Event, c Counts) {
	log := newLog()
	log.Tell = func(e *lines.Event) { all = append(all, *e) }
	for line := range strings.SplitSeq(text, "\n") {
		log.Line([]byte(line), false)
	}
	log.End()
	return all, log.Counts
}

// A line of syslog is no piece of XML, and what was not counted is not taken off again.
func TestUnreadOfSyslog(t *testing.T) {
	quiet := said("Nothing of interest happens here")
	for name, c := range map[string]struct {
		text   string
		unread int
	}{
		"a priority":  {quiet + "\n<131>something of a form of its own", 1},
		"XML":         {quiet + "\n<domain>", 0},
		"a bad time":  {quiet + "\n 2026-13-45 10:56:44.519 7 ERROR nova.scheduler.client.report 409 Conflict", 1},
	} {
		if _, got := heard(c.text); got.Unread != c.unread {
			t.Errorf("%s: %+v, want %d unread", name, got, c.unread)
		}
	}
}
