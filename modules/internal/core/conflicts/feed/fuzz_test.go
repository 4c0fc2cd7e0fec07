// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"strings"
	"testing"
)

// FuzzLog gives any text to the parsers, line by line: nothing panics, no line is lost, and what is not understood is
// counted. `go test -fuzz FuzzLog ./modules/internal/core/conflicts/feed` goes on for as long as wanted.
func FuzzLog(f *testing.F) {
	for _, line := range []string{nameLine, strings.ReplaceAll(nameLine, " ", "\n"), "\xff\x00", "{", "timestamp,message\n\"a\nb\",c"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, text string) {
		log, n := newLog(), 0
		for line := range strings.SplitSeq(text, "\n") {
			log.Line([]byte(line), false)
			if n++; len(log.pending) > longestPretty || len(log.row) > longestEvent+len(line) {
				t.Fatalf("keeps %d and %d bytes", len(log.pending), len(log.row))
			}
		}
		log.End()
		if c := log.Counts; c.Lines != n || c.Events+c.Unread > c.Lines+1 {
			t.Errorf("%d lines: %+v", n, c)
		}
	})
}
