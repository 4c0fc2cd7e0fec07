// SPDX-License-Identifier: Apache-2.0

package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// other is a user who is neither this one nor root.
const other = 20666

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// folder makes a folder with these permissions, and gives it to a user.
func folder(t *testing.T, mode os.FileMode, owner int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "d")
	must(t, os.Mkdir(dir, 0o700), os.Chmod(dir, mode), os.Lchown(dir, owner, owner))
	return dir
}

// file makes a file with these permissions, and gives it to a user.
func file(t *testing.T, path, text string, mode os.FileMode, owner int) string {
	t.Helper()
	must(t, os.WriteFile(path, []byte(text), 0o600), os.Lchown(path, owner, owner), os.Chmod(path, mode))
	return path
}

func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files to another user")
	}
}

const shared = os.ModeSticky | 0o777

// A file is replaced through a link, keeps its mode, and leaves nothing beside it.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	must(t, Replace(path, []byte("1"), Public), os.Symlink(path, link), Replace(link, []byte("2"), Private))
	info, err := os.Lstat(path)
	text, _ := os.ReadFile(path)
	left, _ := os.ReadDir(dir)
	if err != nil || info.Mode() != Public || string(text) != "2" || len(left) != 2 {
		t.Errorf("%v %v %q %v", err, info.Mode(), text, left)
	}
}

// Links lead where a kernel would go.
func TestReplaceThroughLinks(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700), os.Symlink("a/b", filepath.Join(dir, "short")),
		os.Symlink("../c/./file", filepath.Join(dir, "a", "up")), os.Mkdir(filepath.Join(dir, "c"), 0o700),
		os.Symlink(filepath.Join(dir, "short"), filepath.Join(dir, "whole")), os.Symlink("loop", filepath.Join(dir, "loop")))
	for from, to := range map[string]string{
		"short/1": "a/b/1", "short/../2": "a/2", "short/../up": "c/file", "whole/3": "a/b/3", "./c//4": "c/4", "whole/../../c/5": "c/5",
	} {
		must(t, Replace(dir+"/"+from, []byte(from), Private))
		if text, err := os.ReadFile(filepath.Join(dir, to)); err != nil || string(text) != from {
			t.Errorf("%s: %q %v", from, text, err)
		}
	}
	for _, bad := range []string{"loop", "loop/x", "c/", "c/.", "c/..", "none/x", "c/4/x"} {
		if Replace(dir+"/"+bad, nil, Private) == nil || Unwritable(dir+"/"+bad) == nil {
			t.Errorf("%s is written", bad)
		}
	}
	t.Chdir(dir)
	must(t, Replace("short/../6", []byte("6"), Private), Unwritable("c/7"))
	if _, err := os.Stat(filepath.Join(dir, "a", "6")); err != nil {
		t.Error(err)
	}
}

// What lies where another user was first is neither written nor followed.
func TestReplaceAfterAnotherUser(t *testing.T) {
	asRoot(t)
	link := func(dir, name, to string, owner int) string {
		path := filepath.Join(dir, name)
		must(t, os.Symlink(to, path), os.Lchown(path, owner, owner))
		return path
	}
	victim := file(t, filepath.Join(t.TempDir(), "victim"), "precious", 0o600, 0)
	mine := link(t.TempDir(), "mine", victim, 0)
	second := filepath.Join(folder(t, shared, 0), "second")
	must(t, os.Link(mine, second))
	for name, path := range map[string]string{
		"link in a sticky folder":            link(folder(t, shared, 0), "x", victim, other),
		"link in another user's folder":      link(folder(t, 0o755, other), "x", victim, other),
		"root's link in such a folder":       link(folder(t, 0o755, other), "x", victim, 0),
		"root's link in an open folder":      link(folder(t, 0o777, 0), "x", victim, 0),
		"another user's link of a folder":    filepath.Join(link(folder(t, shared, 0), "x", filepath.Dir(victim), other), "victim"),
		"second name of root's link":         second,
		"root's link to another user's link": link(t.TempDir(), "x", link(folder(t, shared, 0), "y", victim, other), 0),
		"dangling link of another user":      link(folder(t, shared, 0), "x", filepath.Join(t.TempDir(), "new"), other),
	} {
		if err := Unwritable(path); err == nil || !strings.Contains(err.Error(), "is a link that another user can have made") {
			t.Errorf("%s: before: %v", name, err)
		}
		if err := Replace(path, []byte("overwritten"), Public); err == nil {
			t.Errorf("%s: written", name)
		}
		if text, _ := os.ReadFile(victim); string(text) != "precious" {
			t.Fatalf("%s: the file is overwritten", name)
		}
	}
}

// The mode comes from a file of this user's own alone, and never lets others write or change who runs it.
func TestModeOfReplaced(t *testing.T) {
	asRoot(t)
	for name, c := range map[string]struct {
		mode  os.FileMode
		owner int
		want  os.FileMode
	}{
		"own":              {0o640, 0, 0o640},
		"own, open":        {0o666, 0, 0o644},
		"own, setuid":      {os.ModeSetuid | 0o755, 0, 0o755},
		"another's":        {0o666, other, Private},
		"another's setuid": {os.ModeSetuid | 0o777, other, Private},
	} {
		path := file(t, filepath.Join(folder(t, shared, 0), "x"), "old", c.mode, c.owner)
		must(t, Replace(path, []byte("new"), Private))
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode() != c.want {
			t.Errorf("%s: %v, want %v", name, info.Mode(), c.want)
		}
	}
}

func TestUnwritable(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	must(t, unix.Mkfifo(fifo, 0o600))
	for path, bad := range map[string]bool{"": true, "/": true, dir: true, filepath.Join(dir, "no", "x"): true, "/dev/null": true, fifo: true, filepath.Join(dir, "x"): false} {
		if err := Unwritable(path); (err != nil) != bad {
			t.Errorf("%q: %v", path, err)
		}
		if bad && Replace(path, nil, Private) == nil {
			t.Errorf("%q is written", path)
		}
	}
}

// Whatever has no end, or is no file, ends in one sentence.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	fifo, link, huge := filepath.Join(dir, "fifo"), filepath.Join(dir, "zero"), filepath.Join(dir, "huge")
	must(t, unix.Mkfifo(fifo, 0o600), os.Symlink("/dev/zero", link), os.WriteFile(huge, nil, 0o600), os.Truncate(huge, 1<<40))
	for path, want := range map[string]string{
		fifo: "it is not a regular file", link: "it is not a regular file", dir: "it is a directory", "/dev/zero": "it is not a regular file",
		huge: "it is larger than 1 MiB", filepath.Join(dir, "none"): "no such file",
	} {
		if _, err := Read(path, 1<<20); err == nil || !strings.Contains(Cause(err).Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	must(t, os.Truncate(huge, 1<<20))
	if data, err := Read(huge, 1<<20); err != nil || len(data) != 1<<20 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if data, err := Read("/proc/self/status", 1<<20); len(data) == 0 && filepath.Separator == '/' && err == nil {
		t.Error("a file of size 0 that has content is empty")
	}
}

func TestReadGuarded(t *testing.T) {
	path := file(t, filepath.Join(t.TempDir(), "x"), "a", 0o664, os.Geteuid())
	if _, err := ReadGuarded(path, 1); err != nil {
		t.Error(err)
	}
	must(t, os.Chmod(path, 0o666))
	if _, err := ReadGuarded(path, 1); err == nil || !strings.Contains(err.Error(), "every user can write it (mode 0666)") {
		t.Error(err)
	}
}
