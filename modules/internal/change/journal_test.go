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

func TestLastDrain(t *testing.T) {
	step := func(op string, state change.Mark, before, after int) change.Entry {
		e := change.Entry{Op: op, Provider: "u", State: state}
		if state == change.Intended {
			e.Before, e.After = reserved(100, before), reserved(100, after)
		}
		return e
	}
	drain, ended := step(change.OpDrain, change.Intended, 2, 60), step(change.OpDrain, change.Written, 0, 0)
	unwritten, more := step(change.OpDrain, change.NotWritten, 0, 0), step(change.OpDrain, change.Intended, 60, 70)
	undrain, undone := step(change.OpUndrain, change.Intended, 60, 2), step(change.OpUndrain, change.Written, 0, 0)
	elsewhere := change.Entry{Op: change.OpUndrain, Provider: "other", State: change.Intended}
	for name, c := range map[string]struct {
		entries       []change.Entry
		before, after int // reserved; 0: not drained
	}{
		"never":                        {nil, 0, 0},
		"drained":                      {[]change.Entry{drain, ended}, 2, 60},
		"drained, interrupted":         {[]change.Entry{drain}, 2, 60},
		"drained, unknown":             {[]change.Entry{drain, step(change.OpDrain, change.Unknown, 0, 0)}, 2, 60},
		"not written":                  {[]change.Entry{drain, unwritten}, 0, 0},
		"raced, then drained":          {[]change.Entry{step(change.OpDrain, change.Intended, 9, 50), unwritten, drain, ended}, 2, 60},
		"drained twice":                {[]change.Entry{drain, ended, more, ended}, 2, 70},
		"drained three times":          {[]change.Entry{drain, ended, more, ended, step(change.OpDrain, change.Intended, 70, 80), ended}, 2, 80},
		"drained twice, second failed": {[]change.Entry{drain, ended, more, unwritten}, 2, 60},
		"changed, and drained again":   {[]change.Entry{drain, ended, step(change.OpDrain, change.Intended, 10, 70), ended}, 10, 70},
		"put back":                     {[]change.Entry{drain, ended, undrain, undone}, 0, 0},
		"not put back":                 {[]change.Entry{drain, ended, undrain, step(change.OpUndrain, change.NotWritten, 0, 0)}, 2, 60},
		"put back and drained again":   {[]change.Entry{drain, ended, undrain, undone, step(change.OpDrain, change.Intended, 5, 60), ended}, 5, 60},
		"another provider put back":    {[]change.Entry{drain, ended, elsewhere}, 2, 60},
		"inventories set in between":   {[]change.Entry{drain, ended, step(change.OpInventories, change.Intended, 60, 70), ended}, 2, 60},
	} {
		got, drained := change.LastDrain(c.entries, "u")
		same := got.Before["VCPU"].Reserved == c.before && got.After["VCPU"].Reserved == c.after
		if drained != (c.before != 0) || drained && !same {
			t.Errorf("%s: %v, %+v", name, drained, got)
		}
	}
}
