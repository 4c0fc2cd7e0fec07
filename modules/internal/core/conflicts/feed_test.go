// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"strings"
	"testing"
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
