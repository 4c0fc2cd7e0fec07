// SPDX-License-Identifier: Apache-2.0

// Package program builds the program for tests that run it as a process of its own.
package program

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// Build makes the program for this machine, as it is shipped, in a folder of the test, and returns its path. The folder root is that of
// the checkout. The flags are those of make, so that a build which make or another test made before is used again.
func Build(t testing.TB, root string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "placement")
	cmd := exec.CommandContext(t.Context(), "make", "--no-print-directory", "program", "OUT="+path)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}
