// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What scripts/squeeze packs can be run once it is unpacked by hand: xz keeps the mode. cmd/release keeps that of each file.
func TestSqueezedRuns(t *testing.T) {
	packed := filepath.Join(t.TempDir(), "placement.xz")
	whole := filepath.Join(filepath.Dir(packed), "placement")
	if err := os.WriteFile(whole, []byte("#!/bin/sh\necho it runs\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := script(t, "scripts/squeeze", whole, packed); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if info, err := os.Stat(packed); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.Remove(whole); err != nil {
		t.Fatal(err)
	}
	xz, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("the rest takes xz")
	}
	if out, err := exec.CommandContext(t.Context(), xz, "-dk", packed).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), whole).Output(); err != nil || string(out) != "it runs\n" {
		t.Errorf("%v: %q", err, out)
	}
}
