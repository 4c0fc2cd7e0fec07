// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"slices"
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
		"a priority": {quiet + "\n<131>something of a form of its own", 1},
		"XML":        {quiet + "\n<domain>", 0},
		"a bad time": {quiet + "\n 2026-13-45 10:56:44.519 7 ERROR nova.scheduler.client.report 409 Conflict", 1},
	} {
		if _, got := heard(c.text); got.Unread != c.unread {
			t.Errorf("%s: %+v, want %d unread", name, got, c.unread)
		}
	}
}

// Lines that have nothing to do with each other are not put together.
func TestLinesThatAreNotWrapped(t *testing.T) {
	const id = "(Request-ID: req-%-0000-4000-8000-000000000001)"
	head := said("Deleted allocation for instance 4f1e2c3d-0a1b-4c2d-8e3f-111111111111")
	taken := func(n string) string {
		return "Conflicting resource provider name: a-name-that-is-long-enough-to-be-the-end-of-a-line-that-was-wrapped-somewhere-else-" + n + " already exists. (HTTP 409) " + strings.Replace(id, "%", "9000000"+n, 1)
	}
	for name, c := range map[string]struct {
		text   string
		whats  []lines.What
		unread int
	}{
		"of another service":  {head + "\nUnable to attach port (HTTP 409) " + strings.Replace(id, "%", "90000001", 1), []lines.What{lines.Mentioned}, 0},
		"without an id":       {head + "\nUnable to attach a port that is attached elsewhere: 409 Conflict", nil, 1},
		"two answers":         {head + "\n" + taken("1") + "\n" + taken("2"), []lines.What{lines.Reported, lines.Reported}, 0},
		"what follows counts": {cutIn(nameLine, 200) + "\n" + taken("2"), []lines.What{lines.Reported, lines.Reported}, 0},
	} {
		events, got := heard(c.text)
		var whats []lines.What
		for _, e := range events {
			whats = append(whats, e.What)
		}
		if !slices.Equal(whats, c.whats) || got.Unread != c.unread || got.Lines != strings.Count(c.text, "\n")+1 {
			t.Errorf("%s: %v, %+v", name, whats, got)
		}
	}
}

// cutIn breaks a line wherever the width ends.
func cutIn(line string, width int) string {
	var all []string
	for chunk := range slices.Chunk([]byte(line), width) {
		all = append(all, string(chunk))
	}
	return strings.Join(all, "\n")
}
