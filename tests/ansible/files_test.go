// SPDX-License-Identifier: Apache-2.0

//go:build ansible || lab

package ansible_test

import (
	"os"
	"path/filepath"
	"testing"
)

// writeBelow writes a file and makes its folder.
func writeBelow(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, path, text)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
