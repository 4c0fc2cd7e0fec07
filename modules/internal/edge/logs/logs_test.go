// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
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

// The first line of a file whose beginning was read before is given apart: it may name the columns of the others, of which there may be
// many. Of a file that is read from its beginning nothing is given apart but that it begins.
func TestHead(t *testing.T) {
	for name, heading := range map[string]string{"short": "time,message", "long": "time" + strings.Repeat(",a-column", 300) + ",message"} {
		log := filepath.Join(t.TempDir(), "export.csv")
		write(t, log, heading+"\n1\n")
		var heads []string
		head := func(line []byte) { heads = append(heads, string(line)) }
		f := find(t, log)
		f.Head = head
		_, now, _ := readAll(t, f, nil)
		write(t, log, heading+"\n1\n2\n")
		next := find(t, log)
		next.Head = head
		if text, _, _ := readAll(t, next, now); text != "2" || !slices.Equal(heads, []string{"", heading}) {
			t.Errorf("%s: read %q after %q", name, text, heads)
		}
		pack(t, log+".1.gz", heading+"\n1\n2\n3\n")
		write(t, log, "4\n")
		heads, next = nil, find(t, log)
		next.Head = head
		if text, _, _ := readAll(t, next, now); text != "2 3 4" || !slices.Equal(heads, []string{heading, ""}) {
			t.Errorf("%s, rotated: read %q after %q", name, text, heads)
		}
	}
}
