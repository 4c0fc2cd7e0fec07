// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"strings"
	"testing"
)

// A line of a log is read once, however deep the lists in it lie: otherwise whoever may write into a log could use up all memory.
func TestBundlesInBundles(t *testing.T) {
	level := `{"x": "` + strings.Repeat("x", 200) + `", "events": [`
	linear(t, 1000, func(levels int) {
		newLog().Line([]byte(strings.Repeat(level, levels)+strings.Repeat(`]}`, levels)), false)
	})
}

// A text that ends with a brace is read once, whole or not.
func TestBracesThatCloseNothing(t *testing.T) {
	linear(t, 500, func(n int) {
		f := newLog()
		f.Line([]byte("{"), false)
		for range n {
			f.Line([]byte(`"`+strings.Repeat("x", 500)+`": {{`), false)
			f.Line([]byte("}"), false)
		}
		f.End()
		if f.Counts.Lines != 2*n+1 || f.Counts.Unread != 2*n+1 {
			t.Errorf("%+v", f.Counts)
		}
	})
}
