// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

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
