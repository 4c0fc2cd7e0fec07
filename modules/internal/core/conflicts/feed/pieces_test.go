// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"strings"
	"testing"
)

// Lines that a container's engine cut are put together, each stream by itself; what is missing of one counts.
func TestPieces(t *testing.T) {
	const at = "2026-11-22T10:56:44.519000000Z "
	half := len(nameLine) / 2
	begin, rest := "P "+nameLine[:half]+"\n", "F "+nameLine[half:]+"\n"
	quiet := "F " + said("Nothing of interest") + "\n"
	for name, c := range map[string]struct {
		text           string
		events, unread int
	}{
		"one stream":         {at + "stderr " + begin + at + "stderr " + rest, 1, 0},
		"two streams":        {at + "stderr " + begin + at + "stdout " + begin + at + "stderr " + rest + at + "stdout " + rest, 2, 0},
		"between":            {at + "stderr " + begin + at + "stdout " + quiet + at + "stderr " + rest, 1, 0},
		"no end":             {at + "stdout " + begin, 0, 1},
		"an unmarked line":   {at + "stdout " + begin + nameLine + "\n", 1, 1},
		"a line too long":    {at + "stdout " + begin + "too long\n" + nameLine + "\n", 1, 2},
		"the end is unknown": {at + "stdout F the end of some words\n" + at + "stdout " + quiet, 0, 1},
		"whole":              {at + "stdout " + quiet + at + "stdout F words without a form\n", 0, 0},
		"far too long":       {strings.Repeat(at+"stdout P "+strings.Repeat("x", 8000)+"\n", 200) + at + "stdout " + rest + at + "stdout F " + nameLine + "\n", 1, 1},
	} {
		f := read(strings.TrimSuffix(c.text, "\n"))
		if f.Counts.Events != c.events || f.Counts.Unread != c.unread {
			t.Errorf("%s: %+v", name, f.Counts)
		}
	}
}

// A line of many pieces takes memory for itself, not for each piece anew.
func TestManyPieces(t *testing.T) {
	piece := []byte("2026-11-22T10:56:44.519000000Z stdout P " + strings.Repeat("x", 100))
	linear(t, 25000, func(n int) {
		f := newLog()
		for range n {
			f.Line(piece, false)
		}
		f.End()
		if f.Counts.Unread != 1 || f.Counts.Lines != 1 {
			t.Errorf("%+v", f.Counts)
		}
	})
}
