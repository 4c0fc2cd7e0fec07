// SPDX-License-Identifier: Apache-2.0

package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// foreignFiles are files that another user can have written, or can put another one in the place of.
func foreignFiles(t *testing.T) map[string]string {
	t.Helper()
	link := filepath.Join(folder(t, shared, 0), "link")
	must(t, os.Symlink(file(t, filepath.Join(t.TempDir(), "x"), "a", 0o600, 0), link), os.Lchown(link, other, other))
	group := file(t, filepath.Join(t.TempDir(), "x"), "a", 0o660, 0)
	must(t, os.Chown(group, 0, other))
	return map[string]string{
		file(t, filepath.Join(t.TempDir(), "x"), "a", 0o600, other): "it belongs to another user (uid 20666)",
		file(t, filepath.Join(t.TempDir(), "x"), "a", 0o666, 0):     "other users can write it (mode 0666)",
		group: "other users can write it (mode 0660)",
		file(t, filepath.Join(folder(t, 0o755, other), "x"), "a", 0o600, 0):  "belongs to another user (uid 20666)",
		file(t, filepath.Join(folder(t, 0o777, 0), "x"), "a", 0o600, 0):      "other users can write to its directory /",
		file(t, filepath.Join(folder(t, shared, 0), "x"), "a", 0o600, other): "it belongs to another user (uid 20666)",
		filepath.Join(folder(t, 0o777, other), "none"):                       "belongs to another user (uid 20666)",
		link: "is a link that another user can have made",
	}
}

func TestOwnIsNotOfOthers(t *testing.T) {
	asRoot(t)
	for path, want := range foreignFiles(t) {
		_, read := ReadOwn(path, 10)
		opened, appended := AppendOwn(path)
		for how, err := range map[string]error{"read": read, "append": appended, "look": Unappendable(path)} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %s: %v, want %s", how, path, err, want)
			}
		}
		if appended == nil {
			opened.Close()
		}
	}
}

func TestOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "journal")
	if err := Unappendable(path); err != nil {
		t.Error(err)
	}
	if _, err := ReadOwn(path, 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
	for _, text := range []string{"one", "two"} {
		opened, err := AppendOwn(path)
		must(t, err)
		_, err = opened.WriteString(text)
		must(t, err, opened.Close())
	}
	for at, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): os.ModeDir | 0o700, filepath.Dir(filepath.Dir(path)): os.ModeDir | 0o700} {
		if info, err := os.Stat(at); err != nil || info.Mode() != want {
			t.Errorf("%s: %v %v", at, info, err)
		}
	}
	text, err := ReadOwn(path, 10)
	if err != nil || string(text) != "onetwo" || Unappendable(path) != nil {
		t.Errorf("%q %v", text, err)
	}
	if _, err := ReadOwn(path, 5); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("above the limit: %v", err)
	}
}

// Appending takes the right to read from others; looking changes nothing.
func TestOwnIsTightened(t *testing.T) {
	path := file(t, filepath.Join(t.TempDir(), "x"), "", 0o644, os.Geteuid())
	for _, want := range []os.FileMode{0o644, 0o600} {
		must(t, Unappendable(path))
		if info, _ := os.Stat(path); info.Mode() != want {
			t.Errorf("%v, want %v", info.Mode(), want)
		}
		opened, err := AppendOwn(path)
		must(t, err, opened.Close())
	}
}

func TestOwnIsRegular(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	must(t, unix.Mkfifo(fifo, 0o600))
	for _, path := range []string{"", "/", dir, fifo, "/dev/null", "/dev/full", filepath.Join(fifo, "x")} {
		_, read := ReadOwn(path, 10)
		_, appended := AppendOwn(path)
		for how, err := range map[string]error{"read": read, "append": appended, "look": Unappendable(path)} {
			if err == nil {
				t.Errorf("%s %q is taken", how, path)
			}
		}
	}
}
