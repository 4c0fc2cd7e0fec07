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
