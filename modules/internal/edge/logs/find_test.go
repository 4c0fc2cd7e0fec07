// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// find is the one log below a pattern.
func find(t *testing.T, pattern string) File {
	t.Helper()
	found, absent, failed := Find([]string{pattern}, time.Time{})
	if len(found) != 1 || len(absent)+len(failed) > 0 {
		t.Fatalf("found %v, absent %v, failed %v", found, absent, failed)
	}
	return found[0]
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
