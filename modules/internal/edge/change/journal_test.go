// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

func open(t *testing.T, path string) *change.Journal {
	t.Helper()
	j, err := change.OpenJournal(path, here(), func() time.Time { return time.Unix(0, 0) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func add(t *testing.T, path string, e change.Entry) {
	t.Helper()
	e.State = cmp.Or(e.State, change.Intended)
	j := open(t, path)
	if err := errors.Join(j.Add(e), j.Close()); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func providers(t *testing.T, path string) string {
	t.Helper()
	all, err := change.ReadJournal(path)
	if err != nil {
		t.Error(err)
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Provider)
	}
	return strings.Join(names, " ")
}

func TestJournalPermissions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "journal.jsonl")
	if all, err := change.ReadJournal(path); err != nil || all != nil {
		t.Errorf("no file: %v, %v", all, err)
	}
	add(t, path, change.Entry{State: change.Intended})
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700 | os.ModeDir} {
		if info, err := os.Stat(name); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

// Entries name the cloud, the run and their place in it. Each is one line, and holds the digest of the line before.
func TestJournalChain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	one, two := open(t, path), open(t, path)
	for _, step := range []struct {
		by       *change.Journal
		provider string
	}{{one, "a"}, {two, "b"}, {one, "c"}, {one, "d"}, {two, "e"}} {
		if err := step.by.Add(change.Entry{Provider: step.provider, State: change.Intended}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := change.ReadJournal(path)
	if err != nil || len(all) != 5 {
		t.Fatalf("%v %v", all, err)
	}
	var places []int
	for i, e := range all {
		places = append(places, e.Place)
		first := 0 // of the run of this one
		if strings.Contains("be", e.Provider) {
			first = 1
		}
		if !e.Cloud.Is(here()) || e.Run != all[first].Run || e.Run == all[1-first].Run {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
	lines := strings.Split(strings.TrimSuffix(content(t, path), "\n"), "\n")
	if !slices.Equal(places, []int{1, 1, 2, 3, 2}) || len(lines) != 5 {
		t.Errorf("places %v, %d lines", places, len(lines))
	}
	for name, damaged := range map[string][]string{
		"changed":      {lines[0], strings.Replace(lines[1], `"b"`, `"x"`, 1), lines[2]},
		"taken out":    {lines[0], lines[2]},
		"first is out": {lines[1]},
		"swapped":      {lines[0], lines[2], lines[1]},
		"twice":        {lines[0], lines[0]},
		"blank line":   {lines[0], "", lines[1]},
		"cut inside":   {lines[0], lines[1][:20], lines[2]},
		"none of ours": {`{"op":"drain"}`},
		"a word":       {lines[0], "hello"},
		"a list":       {lines[0], "[1]"},
		"two in one":   {lines[0], lines[1] + lines[2]},
	} {
		if err := os.WriteFile(path, []byte(strings.Join(damaged, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if all, err := change.ReadJournal(path); err == nil || !strings.Contains(err.Error(), "move the journal away") {
			t.Errorf("%s: %v, %v", name, all, err)
		}
		if _, err := change.OpenJournal(path, here(), time.Now); err == nil {
			t.Errorf("%s: it is appended to", name)
		}
	}
}

// However short the last line was cut, everything before it and everything after it is read, and nothing is left of it.
func TestJournalCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	add(t, path, change.Entry{Provider: "first", Before: vcpu(1), After: vcpu(2)})
	first := content(t, path)
	add(t, path, change.Entry{Provider: "second", Before: vcpu(1), After: vcpu(2)})
	second := content(t, path)[len(first):]
	for cut := range len(second) - 1 {
		if err := os.WriteFile(path, []byte(first+second[:cut]), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := providers(t, path); got != "first" {
			t.Fatalf("cut after %d bytes: %s", cut, got)
		}
		add(t, path, change.Entry{Provider: "next"})
		if got := providers(t, path); got != "first next" || strings.Count(content(t, path), "\n") != 2 {
			t.Fatalf("cut after %d bytes, and one more: %s", cut, got)
		}
	}
	if err := os.WriteFile(path, []byte(strings.TrimSuffix(first+second, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	add(t, path, change.Entry{Provider: "next"})
	if got := providers(t, path); got != "first second next" {
		t.Errorf("its end alone is cut: %s", got)
	}
}

// What a power loss leaves at the end of a file, and what another process leaves that has it open.
func TestJournalDamage(t *testing.T) {
	nul := strings.Repeat("\x00", 40)
	for name, damage := range map[string]string{
		"NUL": nul, "NUL, ended": nul + "\n", "cut": `{"op":"dr`, "cut, then NUL": `{"op":"dr` + nul, "empty lines": "\n\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.jsonl")
			add(t, path, change.Entry{Provider: "first"})
			other := open(t, path) // before the damage
			if err := os.WriteFile(path, []byte(content(t, path)+damage), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := providers(t, path); got != "first" {
				t.Error(got)
			}
			if err := other.Add(change.Entry{Provider: "second", State: change.Intended}); err != nil {
				t.Fatal(err)
			}
			add(t, path, change.Entry{Provider: "third"})
			if got := providers(t, path); got != "first second third" {
				t.Error(got)
			}
		})
	}
}

// Many processes at once leave one whole chain.
func TestJournalAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	var all sync.WaitGroup
	for range 8 {
		j := open(t, path)
		all.Go(func() {
			for range 20 {
				if err := j.Add(change.Entry{Provider: "u", State: change.Intended}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := len(strings.Fields(providers(t, path))); got != 160 {
		t.Errorf("%d entries", got)
	}
}

func TestSettled(t *testing.T) {
	e := change.Entry{Generation: 7, Before: vcpu(100), After: vcpu(50)}
	for name, c := range map[string]struct {
		generation int
		now        change.Inventories
		want       change.Mark
	}{
		"nothing happened":                          {7, vcpu(100), change.NotWritten},
		"written":                                   {8, vcpu(50), change.Written},
		"written, and allocated since":              {12, vcpu(50), change.Written},
		"somebody allocated":                        {8, vcpu(100), change.NotWritten},
		"somebody wrote":                            {8, vcpu(60), change.NotWritten},
		"it may have been written and put back":     {9, vcpu(100), change.Unknown},
		"it may have been written and written over": {9, vcpu(60), change.Unknown},
	} {
		if got := change.Settled(e, c.generation, c.now); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
