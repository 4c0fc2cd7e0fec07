// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"io"
	"testing"
)

// BenchmarkRefusedCall is what the wire costs without the start of the process.
func BenchmarkRefusedCall(b *testing.B) {
	input := []byte(`{"say":"x","foo":1,"sizes":{"VCPU":{"total":"8"}},"cloud":{"auth":{"password":"hunter22"}}}`)
	mods := testModules()
	for b.Loop() {
		Main(mods, Process{
			Args: []string{"placement", "placement_try"}, Stdin: bytes.NewReader(input), Stdout: io.Discard,
			StdinIsPipe: func() bool { return true },
		})
	}
}
