// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"runtime"
	"testing"
)

// linear fails the test if four times as much input takes much more than four times the memory. A number of bytes would depend on the
// build: with the race detector a regular expression takes some ten times of it.
func linear(t *testing.T, n int, read func(n int)) {
	t.Helper()
	less, more := allocated(read, n), allocated(read, 4*n)
	if more > 6*less {
		t.Errorf("%d bytes of memory for %d, %d for %d", less, n, more, 4*n)
	}
}

func allocated(read func(n int), n int) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read(n)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
