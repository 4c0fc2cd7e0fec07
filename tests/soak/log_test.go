// SPDX-License-Identifier: Apache-2.0

//go:build lab

package soak_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// entry is one line of a run's log. What does not apply is left out.
type entry struct {
	Time        time.Time       `json:"time"`
	Kind        string          `json:"kind"` // action, audit, database-audit, finding, verdict, note
	Actor       string          `json:"actor,omitempty"`
	Action      string          `json:"action,omitempty"`
	Server      string          `json:"server,omitempty"`
	Moves       []string        `json:"moves,omitempty"` // of the server: UUIDs of migrations, which are consumers too
	From        string          `json:"from,omitempty"`  // hosts
	To          string          `json:"to,omitempty"`
	Outcome     string          `json:"outcome,omitempty"`
	Error       string          `json:"error,omitempty"`
	Millis      int64           `json:"ms,omitempty"`
	Fingerprint string          `json:"fingerprint,omitempty"`
	Message     string          `json:"message,omitempty"`
	Evidence    json.RawMessage `json:"evidence,omitempty"`
	Snapshot    string          `json:"snapshot,omitempty"`
}

// journal is the log of a run, and what is counted of it.
type journal struct {
	mutex   sync.Mutex
	file    *os.File
	counts  map[string]map[string]int // by action or kind, then by outcome
	history map[string][]entry        // by server
}

func newJournal(t *testing.T, path string) *journal {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return &journal{file: file, counts: map[string]map[string]int{}, history: map[string][]entry{}}
}

// add writes an entry and counts it.
func (j *journal) add(e entry) {
	e.Time = time.Now().UTC()
	j.mutex.Lock()
	defer j.mutex.Unlock()
	line, _ := json.Marshal(e)
	_, _ = j.file.Write(append(line, '\n'))
	name := e.Kind
	if e.Action != "" {
		name = e.Action
	}
	if j.counts[name] == nil {
		j.counts[name] = map[string]int{}
	}
	j.counts[name][e.Outcome]++
	if e.Server != "" {
		j.history[e.Server] = append(j.history[e.Server], e)
	}
}

// count tells how often that was, with that outcome or, if it is empty, with any.
func (j *journal) count(name, outcome string) int {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if outcome != "" {
		return j.counts[name][outcome]
	}
	sum := 0
	for _, n := range j.counts[name] {
		sum += n
	}
	return sum
}

// done tells what was done to the servers that a text names, themselves or by a move of theirs, one line each.
func (j *journal) done(text string) string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	var out strings.Builder
	for server, entries := range j.history {
		names := func(e entry) bool {
			return slices.ContainsFunc(append(e.Moves, server), func(uuid string) bool { return strings.Contains(text, uuid) })
		}
		if !slices.ContainsFunc(entries, names) {
			continue
		}
		for _, e := range entries {
			fmt.Fprintf(&out, "  %s %s %s %s -> %s: %s %s (%d ms)\n",
				e.Time.Format("15:04:05.000"), server, e.Action, e.From, e.To, e.Outcome, e.Error, e.Millis)
		}
	}
	return out.String()
}

// actions says how often each action was done, and how it went.
func (j *journal) actions() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	var words []string
	for _, name := range slices.Sorted(maps.Keys(j.counts)) {
		if slices.Contains([]string{ofAPIs, ofDatabases, "finding", "verdict", "note"}, name) {
			continue
		}
		var parts []string
		for _, outcome := range slices.Sorted(maps.Keys(j.counts[name])) {
			parts = append(parts, fmt.Sprintf("%d %s", j.counts[name][outcome], outcome))
		}
		words = append(words, name+" "+strings.Join(parts, "/"))
	}
	return strings.Join(words, ", ")
}
