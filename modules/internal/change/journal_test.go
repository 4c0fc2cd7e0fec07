// SPDX-License-Identifier: Apache-2.0

package change_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/change"
)

func add(t *testing.T, path string, e change.Entry) {
	t.Helper()
	j, err := change.OpenJournal(path, func() time.Time { return time.Unix(0, 0) })
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.Add(e); err != nil {
		t.Fatal(err)
	}
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

// However short the last line was cut, everything before it and everything after it is read.
func TestJournalCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	add(t, path, change.Entry{Provider: "first", State: change.Intended, Before: vcpu(1), After: vcpu(2)})
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(first) - 1 {
		if err := os.WriteFile(path, append(first[:len(first):len(first)], first[:cut]...), 0o600); err != nil {
			t.Fatal(err)
		}
		if all, err := change.ReadJournal(path); err != nil || len(all) != 1 {
			t.Fatalf("cut after %d bytes: %v, %v", cut, all, err)
		}
		add(t, path, change.Entry{Provider: "next", State: change.Intended})
		all, err := change.ReadJournal(path)
		if err != nil || len(all) != 2 || all[0].Provider != "first" || all[1].Provider != "next" {
			t.Fatalf("cut after %d bytes, and one more: %v, %v", cut, all, err)
		}
	}
}

// What a power loss leaves at the end of a file, and what two processes leave that use it at the same time.
func TestJournalDamage(t *testing.T) {
	nul := strings.Repeat("\x00", 40)
	for name, damage := range map[string]string{
		"NUL": nul, "NUL, ended": nul + "\n", "cut": `{"op":"dr`, "cut, then NUL": `{"op":"dr` + nul, "empty lines": "\n\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.jsonl")
			add(t, path, change.Entry{Provider: "first"})
			other, err := change.OpenJournal(path, time.Now) // before the damage
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, append(text, damage...), 0o600); err != nil {
				t.Fatal(err)
			}
			if all, err := change.ReadJournal(path); err != nil || len(all) != 1 {
				t.Errorf("%+v, %v", all, err)
			}
			if err := other.Add(change.Entry{Provider: "second"}); err != nil {
				t.Fatal(err)
			}
			add(t, path, change.Entry{Provider: "third"})
			all, err := change.ReadJournal(path)
			if err != nil || len(all) != 3 || all[0].Provider != "first" || all[1].Provider != "second" || all[2].Provider != "third" {
				t.Errorf("%+v, %v", all, err)
			}
		})
	}
}

func TestJournalGarbage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	for name, text := range map[string]string{
		"a word": "hello\n", "a word, not ended": "hello", "a list": "[1]\n", "two in one line": `{"op":"drain"}{"op":"drain"}` + "\n",
	} {
		if err := os.WriteFile(path, []byte(`{"op":"drain"}`+"\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		if all, err := change.ReadJournal(path); err == nil || !strings.Contains(err.Error(), "line 2 is no entry") {
			t.Errorf("%s: %v, %v", name, all, err)
		}
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
