// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

func linesOf(t *testing.T, text string, growing bool) (got []string, used int64) {
	t.Helper()
	used, err := Lines(context.Background(), iotest.HalfReader(strings.NewReader(text)), growing, func(l Line) {
		if l.Cut {
			got = append(got, "cut")
			return
		}
		got = append(got, string(l.Text))
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, used
}

func TestLines(t *testing.T) {
	huge := strings.Repeat("x", 10*LongestLine)
	for name, c := range map[string]struct {
		text    string
		growing bool
		want    []string
		left    int
	}{
		"none":               {"", false, nil, 0},
		"whole":              {"a\n\nb\n", true, []string{"a", "", "b"}, 0},
		"no end":             {"a\nb", false, []string{"a", "b"}, 0},
		"still written":      {"a\nb", true, []string{"a"}, 1},
		"10 MB":              {"a\n" + huge + "\nb\n", false, []string{"a", "cut", "b"}, 0},
		"10 MB at the end":   {"a\n" + huge, false, []string{"a", "cut"}, 0},
		"just long enough":   {huge[:LongestLine-1] + "\nb\n", false, []string{huge[:LongestLine-1], "b"}, 0},
		"just too long":      {huge[:LongestLine] + "\nb\n", false, []string{"cut", "b"}, 0},
		"10 MB, and it ends": {huge[:3*LongestLine] + "\n", true, []string{"cut"}, 0},
	} {
		got, used := linesOf(t, c.text, c.growing)
		if !reflect.DeepEqual(got, c.want) || int(used) != len(c.text)-c.left {
			t.Errorf("%s: %d lines, %d of %d bytes", name, len(got), used, len(c.text))
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func pack(t *testing.T, path, text string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprint(z, text)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.String())
}

func readAll(t *testing.T, f File, from *Position) (got string, now *Position, done []Read) {
	t.Helper()
	done, now, failed := f.Read(context.Background(), from, true, func(l Line) { got += string(l.Text) + " " })
	if len(failed) > 0 {
		t.Fatal(failed)
	}
	return strings.TrimSpace(got), now, done
}

// find is the one log below a pattern.
func find(t *testing.T, pattern string) File {
	t.Helper()
	found, absent, failed := Find([]string{pattern}, time.Time{})
	if len(found) != 1 || len(absent)+len(failed) > 0 {
		t.Fatalf("found %v, absent %v, failed %v", found, absent, failed)
	}
	return found[0]
}

func TestGenerations(t *testing.T) {
	log := filepath.Join(t.TempDir(), "nova-compute.log")
	write(t, log, "5\n6\n")
	write(t, log+".1", "4\n")
	pack(t, log+".2.gz", "3\n")
	pack(t, log+".10.gz", "2\n")
	write(t, log+".bak", "no\n")
	write(t, strings.Replace(log, "compute", "conductor", 1), "no\n")
	if got, _, done := readAll(t, find(t, log), nil); got != "2 3 4 5 6" || len(done) != 4 {
		t.Errorf("read %q", got)
	}
	// What was last written to before the wanted time is left out.
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(log+".10.gz", old, old); err != nil {
		t.Fatal(err)
	}
	found, _, _ := Find([]string{log}, time.Now().Add(-time.Minute))
	if got, _, _ := readAll(t, found[0], nil); got != "3 4 5 6" {
		t.Errorf("read %q", got)
	}
}

// A file that is bound is read as far as it was when it was found; the next reading has the rest, a line that the bound cuts whole.
func TestBound(t *testing.T) {
	log := filepath.Join(t.TempDir(), "placement-api.log")
	write(t, log, "1\n2\n3")
	f := find(t, log)
	f.Bound = true
	var got []string
	_, _, failed := f.Read(t.Context(), nil, false, func(l Line) { got = append(got, string(l.Text)) })
	if len(failed) > 0 || !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("a file that does not grow: %q, %v", got, failed)
	}
	write(t, log, "1\n2\n3 and 4\n5\n")
	text, now, _ := readAll(t, f, nil)
	if text != "1 2" {
		t.Errorf("read %q", text)
	}
	if text, _, _ = readAll(t, find(t, log), now); text != "3 and 4 5" {
		t.Errorf("went on with %q", text)
	}
}

// A file that has shrunk since it was found was rotated: what it held then was not read, and that is told.
func TestRotatedBeforeItWasRead(t *testing.T) {
	log := filepath.Join(t.TempDir(), "placement-api.log")
	write(t, log, "1\n2\n3\n")
	f := find(t, log)
	if err := os.Rename(log, log+".1"); err != nil {
		t.Fatal(err)
	}
	if _, _, failed := f.Read(t.Context(), nil, false, func(Line) {}); len(failed) != 1 {
		t.Errorf("a file that is gone: failed %v", failed)
	}
	write(t, log, "4\n")
	if _, _, failed := f.Read(t.Context(), nil, false, func(Line) {}); len(failed) != 1 || !strings.Contains(failed[0].Reason, "rotated") {
		t.Errorf("failed %v", failed)
	}
}

// A second reading goes on where the first ended, whatever logrotate did between: nothing, a copy and a truncation,
// two of them and packing.
func TestPositions(t *testing.T) {
	log := filepath.Join(t.TempDir(), "x.log")
	write(t, log, "1\n2\n3")
	_, now, _ := readAll(t, find(t, log), nil)
	write(t, log, "1\n2\n3 and 4\n5\n")
	got, now, _ := readAll(t, find(t, log), now)
	if got != "3 and 4 5" {
		t.Errorf("went on with %q", got)
	}
	write(t, log+".1", "1\n2\n3 and 4\n5\n6\n")
	write(t, log, "7\n")
	got, next, _ := readAll(t, find(t, log), now)
	if got != "6 7" {
		t.Errorf("after a rotation: %q", got)
	}
	pack(t, log+".2.gz", "1\n2\n3 and 4\n5\n6\n")
	write(t, log+".1", "7\n8\n")
	write(t, log, "9\n")
	if got, _, _ = readAll(t, find(t, log), now); got != "6 7 8 9" {
		t.Errorf("after two rotations, from before the first: %q", got)
	}
	if got, _, _ = readAll(t, find(t, log), next); got != "8 9" {
		t.Errorf("after two rotations, from before the second: %q", got)
	}
	for _, older := range []string{log + ".1", log + ".2.gz"} {
		if err := os.Remove(older); err != nil {
			t.Fatal(err)
		}
	}
	got, _, done := readAll(t, find(t, log), now)
	if got != "9" || !done[0].Lost {
		t.Errorf("with what was read gone: %q %+v", got, done)
	}
	// An empty file, and one that has shrunk without a copy.
	write(t, log, "")
	if got, now, _ = readAll(t, find(t, log), nil); got != "" || now != nil {
		t.Errorf("empty: %q %+v", got, now)
	}
	write(t, log, "1\n")
	if got, _, _ = readAll(t, find(t, log), now); got != "1" {
		t.Errorf("no more empty: %q", got)
	}
}

// A live file that is empty after a rotation does not make the next reading begin anew, and a log that was quiet for longer
// than is wanted has lost nothing.
func TestQuietLogs(t *testing.T) {
	log := filepath.Join(t.TempDir(), "x.log")
	write(t, log, "1\n")
	_, now, _ := readAll(t, find(t, log), nil)
	write(t, log+".1", "1\n2\n")
	write(t, log, "")
	got, now, _ := readAll(t, find(t, log), now)
	if got != "2" {
		t.Errorf("what was rotated: %q", got)
	}
	write(t, log, "3\n")
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(log+".1", old, old); err != nil {
		t.Fatal(err)
	}
	found, _, _ := Find([]string{log}, time.Now().Add(-time.Hour))
	if got, _, done := readAll(t, found[0], now); got != "3" || done[0].Lost {
		t.Errorf("after that: %q %+v", got, done)
	}
	// Once only, the last line counts without its end too.
	write(t, log, "4\n5")
	got = ""
	find(t, log).Read(context.Background(), nil, false, func(l Line) { got += string(l.Text) })
	if got != "1245" {
		t.Errorf("the last line: %q", got)
	}
	write(t, log+".2.xz", "x")
	if _, _, failed := Find([]string{log}, time.Time{}); len(failed) != 1 || !strings.Contains(failed[0].Reason, "unpack") {
		t.Errorf("packed otherwise: %v", failed)
	}
}

func TestState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	s, err := LoadState(path)
	if err != nil {
		t.Fatal(err)
	}
	s.Files["a"], s.Units["b"], s.Containers["c"] = Position{"h", 1, 2}, "cursor", time.Unix(7, 0).UTC()
	if err := s.Save(path); err != nil {
		t.Fatal(err)
	}
	if again, err := LoadState(path); err != nil || !reflect.DeepEqual(again, s) {
		t.Errorf("%+v %v", again, err)
	}
	write(t, path, `{"format": "another"}`)
	if _, err := LoadState(path); err == nil {
		t.Error("another format is taken")
	}
}

// A state file that no reading has left is refused, with what is wrong, as is one that others can write.
func TestBadState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	for position, want := range map[string]string{
		`{"head": "x", "head_length": 1000000000000}`:                    "head_length is 1000000000000, not from 0 to 1024",
		`{"head": "x", "head_length": 1025, "offset": 2000}`:             "head_length is 1025",
		`{"head": "x", "head_length": -1}`:                               "head_length is -1",
		`{"head": "x", "head_length": 1, "offset": -5}`:                  "offset is -5",
		`{"head": "x", "head_length": 10, "offset": 9}`:                  "offset is 9",
		`{"head": "x", "head_length": 1, "offset": 1e30}`:                "is not a state file",
		`{"head": "x", "head_length": 1, "offset": 4611686018427387904}`: "",
	} {
		write(t, path, `{"format": "placement-conflicts-state/1", "files": {"/a.log": `+position+`}}`)
		if _, err := LoadState(path); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", position, err, want)
		}
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadState(path); err == nil || !strings.Contains(err.Error(), "other users can write it") {
		t.Errorf("0666: %v", err)
	}
}

// What is no file is told at once, and the other logs are read all the same.
func TestNoFile(t *testing.T) {
	dir := t.TempDir()
	fifo, zero, log := filepath.Join(dir, "a.log"), filepath.Join(dir, "b.log"), filepath.Join(dir, "c.log")
	write(t, log, "1\n")
	if err := errors.Join(syscall.Mkfifo(fifo, 0o600), os.Symlink("/dev/zero", zero)); err != nil {
		t.Fatal(err)
	}
	found, _, failed := Find([]string{filepath.Join(dir, "*.log")}, time.Time{})
	lines := 0
	for _, f := range found {
		_, _, more := f.Read(context.Background(), nil, true, func(Line) { lines++ })
		failed = append(failed, more...)
	}
	if lines != 1 || len(failed) != 2 || failed[0] != (Failure{fifo, "open: it is not a regular file"}) || failed[1].Source != zero {
		t.Errorf("%d lines, failed %v", lines, failed)
	}
}

// What is not there is told from what can't be read.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "a.log")
	write(t, log, "1\n")
	write(t, log+".1", "0\n")
	if err := os.Symlink(log, filepath.Join(dir, "b.log")); err != nil {
		t.Fatal(err)
	}
	found, absent, failed := Find([]string{filepath.Join(dir, "*"), log, filepath.Join(dir, "none.log"), filepath.Join(dir, "no/*.log")}, time.Time{})
	if len(found) != 1 || len(absent) != 2 || len(failed) != 0 {
		t.Errorf("found %v, absent %v, failed %v", found, absent, failed)
	}
	if _, _, failed := Find([]string{dir, "["}, time.Time{}); len(failed) != 2 {
		t.Errorf("a folder and a bad pattern: %v", failed)
	}
	write(t, log+".2.gz", "\x1f\x8bnot packed at all")
	done, _, failed := find(t, log).Read(context.Background(), nil, true, func(Line) {})
	if len(failed) != 1 || !strings.Contains(failed[0].Source, ".2.gz") || len(done) != 2 {
		t.Errorf("a broken generation: %v %v", done, failed)
	}
}

func TestCommands(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	script := func(name, text string) {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	script("journalctl", `echo '{"__CURSOR":"s=1;i=2","MESSAGE":"'"$*"'"}'`)
	var got string
	each := func(l Line) { got += string(l.Text) }
	now, err := Unit(context.Background(), "placement-api", "", Window{Since: time.Unix(5, 0), Until: time.Unix(9, 0)}, each)
	if err != nil || now != "s=1;i=2" || !strings.Contains(got, "--unit placement-api --output json") || !strings.Contains(got, "--since @5 --until @10") {
		t.Errorf("%v %q %q", err, now, got)
	}
	got = ""
	if _, err := Unit(context.Background(), "x", "s=1;i=2", Window{Since: time.Unix(5, 0)}, each); err != nil || !strings.Contains(got, "--after-cursor s=1;i=2") || strings.Contains(got, "--since") {
		t.Errorf("%v %q", err, got)
	}
	script("journalctl", `echo "-- No entries --"; echo "Hint: You are currently not seeing messages from other users and the system." >&2`)
	if known, err := UnitKnown(context.Background(), "x"); known || err == nil || !strings.Contains(err.Error(), "not seeing") {
		t.Errorf("%v %v", known, err)
	}
	script("podman", `echo out; echo err >&2; echo "$@"`)
	got = ""
	if err := Container(context.Background(), "podman", "placement_api", Window{Since: time.Unix(5, 0)}, each); err != nil || got != "outerrlogs --since 1970-01-01T00:00:05Z placement_api" {
		t.Errorf("%v %q", err, got)
	}
	script("docker", `echo "Error: No such container: x" >&2; exit 1`)
	if err := Container(context.Background(), "docker", "x", Window{}, each); err == nil || !strings.Contains(err.Error(), "No such container") {
		t.Errorf("%v", err)
	}
	script("docker", `echo "password=s3cret"; echo "password=s3cret"; exit 1`)
	if err := Container(context.Background(), "docker", "x", Window{}, each); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%v", err)
	}
	script("journalctl", `echo "no access" >&2; exit 2`)
	if _, err := Unit(context.Background(), "x", "", Window{}, each); err == nil || !strings.Contains(err.Error(), "no access") {
		t.Errorf("%v", err)
	}
}

// The memory does not grow with the file.
func TestMemory(t *testing.T) {
	log := filepath.Join(t.TempDir(), "x.log")
	write(t, log, strings.Repeat(strings.Repeat("x", 199)+"\n", 1<<18)) // 50 MiB
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	File{Path: log}.Read(context.Background(), nil, true, func(Line) { n++ })
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; n != 1<<18 || got > 3*LongestLine {
		t.Errorf("%d lines, %d bytes allocated", n, got)
	}
}
