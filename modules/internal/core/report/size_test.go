// SPDX-License-Identifier: Apache-2.0

package report

import "testing"

func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 KiB", 1: "1 KiB", 1 << 10: "1 KiB", 1<<20 - 1: "1023 KiB", 1 << 20: "1 MiB", 5 << 30: "5.0 GiB"} {
		if got := size(bytes); got != want {
			t.Errorf("%d bytes are %s, want %s", bytes, got, want)
		}
	}
}
