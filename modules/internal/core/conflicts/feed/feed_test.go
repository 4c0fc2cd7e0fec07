// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

const nameLine = "2026-11-22 10:56:44.519 2882 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] " +
	"[req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8] Failed to create resource provider record in placement API for UUID 4f1e2c3d-0a1b-4c2d-8e3f-111111111111. Got 409: " +
	`{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n ` +
	`Conflicting resource provider name: compute-01 already exists.  ", "request_id": "req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8"}]}.`

// newLog makes a log that gives its events to nobody.
func newLog() *Log {
	return &Log{Parser: &lines.Parser{Zone: time.UTC}, Tell: func(*lines.Event) {}}
}

func read(text string) *Log {
	f := newLog()
	for _, line := range strings.Split(text, "\n") {
		f.Line([]byte(line), strings.HasPrefix(line, "too long"))
	}
	f.End()
	return f
}

func TestLog(t *testing.T) {
	wrapped := strings.NewReplacer(`{"errors"`, "{\n \"errors\"", ", \"detail\"", ",\n\"detail\"").Replace(nameLine)
	cut := nameLine[:len(nameLine)-40]
	quiet := "2026-11-22 10:56:44.519 2882 INFO nova.virt.libvirt.driver [-] XML:"
	for name, c := range map[string]struct {
		text                  string
		events, unread, first int
	}{
		"whole":            {nameLine, 1, 0, 0},
		"wrapped":          {wrapped + "\n" + quiet, 1, 0, 0},
		"cut":              {cut + "\n" + nameLine, 1, 1, 1},
		"cut at the end":   {nameLine + "\n" + cut, 1, 1, 2},
		"never ends":       {cut + strings.Repeat("\n"+strings.Repeat("x", 1000), 200), 0, 201, 1},
		"too long":         {"too long\n" + nameLine, 1, 1, 1},
		"too long between": {cut + "\ntoo long", 0, 2, 1},
		"belongs":          {quiet + "\n  <a/>\n<b>\n\tc\n" + nameLine, 1, 0, 0},
		"garbage":          {quiet + "\ngarbage\n  more of it\n" + nameLine, 1, 2, 2},
		"binary, indented": {quiet + "\n \xff\x00", 0, 1, 2},
		"binary":           {"\x00\x01\xff\n" + nameLine + "\n\xff", 1, 2, 1},
		"nothing":          {"", 0, 0, 0},
	} {
		f := read(c.text)
		if f.Counts.Events != c.events || f.Counts.Unread != c.unread || f.Counts.FirstUnread != c.first {
			t.Errorf("%s: %+v", name, f.Counts)
		}
	}
}

// A line that seems to head a table hides none of those that follow, whatever quotes they have.
func TestTableThatIsNone(t *testing.T) {
	const heads = "timestamp,message\n"
	for name, c := range map[string]struct {
		text             string
		events, doubtful int
	}{
		"no row":            {heads + nameLine, 1, 0},
		"a quote opens":     {heads + "an \" alone\n" + nameLine, 1, 0},
		"a quote and back":  {heads + "an \" alone\n" + nameLine + "\nanother \" alone", 1, 0},
		"a long row":        {heads + "an \" alone\n" + nameLine + strings.Repeat("\n"+strings.Repeat("x", 1000), 100), 1, 0},
		"a line too long":   {heads + "an \" alone\n" + nameLine + "\ntoo long\n" + nameLine, 2, 0},
		"a refusal in two":  {heads + "\"a\",\"b Placement\nanswered 409 Conflict\",\"c\"", 0, 1},
		"a row of no table": {heads + "a,b,c\n" + nameLine, 1, 0},
	} {
		f := read(c.text)
		if f.Counts.Events != c.events || f.Counts.Doubtful != c.doubtful || f.Counts.Lines != strings.Count(c.text, "\n")+1 {
			t.Errorf("%s: %+v", name, f.Counts)
		}
	}
}

// The lines of a row whose quote never ends are looked at once, and not again with each that follows.
func TestRowsThatNeverEnd(t *testing.T) {
	begun := time.Now()
	f := read(strings.Repeat("timestamp,message\n\"x\n"+strings.Repeat("\n", longestEvent), 4))
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("%s for %d lines", took, f.Counts.Lines)
	}
}
