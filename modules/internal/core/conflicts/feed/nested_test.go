// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"runtime"
	"strings"
	"testing"
)

// A line of a log is read once, however deep the lists in it lie: otherwise whoever may write into a log could use up all memory.
func TestBundlesInBundles(t *testing.T) {
	const levels, most = 4000, 100 << 20
	level := `{"x": "` + strings.Repeat("x", 200) + `", "events": [`
	text := []byte(strings.Repeat(level, levels) + strings.Repeat(`]}`, levels))
	f := newLog()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f.Line(text, false)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > most {
		t.Errorf("%d bytes of memory for a line of %d", took, len(text))
	}
}

// A text that ends with a brace is read once, whole or not.
func TestBracesThatCloseNothing(t *testing.T) {
	const n, most = 4000, 64 << 20
	f := newLog()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f.Line([]byte("{"), false)
	for range n {
		f.Line([]byte(`"`+strings.Repeat("x", 500)+`": {{`), false)
		f.Line([]byte("}"), false)
	}
	f.End()
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > most || f.Counts.Lines != 2*n+1 || f.Counts.Unread != 2*n+1 {
		t.Errorf("%d bytes, %+v", took, f.Counts)
	}
}
