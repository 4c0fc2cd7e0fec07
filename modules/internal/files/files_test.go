// SPDX-License-Identifier: Apache-2.0

package files

import (
	"os"
	"path/filepath"
	"testing"
)

// A file is replaced through a link, keeps its mode, and leaves nothing beside it.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := Replace(path, []byte("1"), Public); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := Replace(link, []byte("2"), Private); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	text, _ := os.ReadFile(path)
	left, _ := os.ReadDir(dir)
	if err != nil || info.Mode() != Public || string(text) != "2" || len(left) != 2 {
		t.Errorf("%v %v %q %v", err, info.Mode(), text, left)
	}
}

func TestUnwritable(t *testing.T) {
	dir := t.TempDir()
	for path, bad := range map[string]bool{"": true, dir: true, filepath.Join(dir, "no", "x"): true, "/dev/null": true, filepath.Join(dir, "x"): false} {
		if err := Unwritable(path); (err != nil) != bad {
			t.Errorf("%q: %v", path, err)
		}
	}
}
