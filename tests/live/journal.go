// SPDX-License-Identifier: Apache-2.0

package live

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// entry is what the tests ask of a line of a journal.
type entry struct{ Run, Undoes, State string }

func entries(t testing.TB, path string) []entry {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []entry
	for line := range bytes.Lines(content) {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// Runs lists the runs of a journal that have written and are no undoing, in their order.
func Runs(t testing.TB, journal string) []string {
	t.Helper()
	var all []string
	for _, e := range entries(t, journal) {
		if e.State == "intended" && e.Undoes == "" && (len(all) == 0 || all[len(all)-1] != e.Run) {
			all = append(all, e.Run)
		}
	}
	return all
}

// Marks counts the lines of a journal by what they say.
func Marks(t testing.TB, journal string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, e := range entries(t, journal) {
		out[e.State]++
	}
	return out
}
