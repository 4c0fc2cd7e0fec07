// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"strings"
	"testing"
	"time"
)

func feed(text string) *Feed {
	f := &Feed{Parser: testParser(), Book: NewBook()}
	for _, line := range strings.Split(text, "\n") {
		f.Line([]byte(line), strings.HasPrefix(line, "too long"))
	}
	f.End()
	return f
}

func TestFeed(t *testing.T) {
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
		f := feed(c.text)
		if f.Counts.Events != c.events || f.Counts.Unread != c.unread || f.Counts.FirstUnread != c.first {
			t.Errorf("%s: %+v", name, f.Counts)
		}
	}
}

// A line that seems to head a table hides none of those that follow, whatever quotes they have.
func TestFeedTableThatIsNone(t *testing.T) {
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
		f := feed(c.text)
		if f.Counts.Events != c.events || f.Counts.Doubtful != c.doubtful || f.Counts.Lines != strings.Count(c.text, "\n")+1 {
			t.Errorf("%s: %+v", name, f.Counts)
		}
	}
}

// The lines of a row whose quote never ends are looked at once, and not again with each that follows.
func TestFeedRowsThatNeverEnd(t *testing.T) {
	begun := time.Now()
	f := feed(strings.Repeat("timestamp,message\n\"x\n"+strings.Repeat("\n", longestEvent), 4))
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("%s for %d lines", took, f.Counts.Lines)
	}
}
