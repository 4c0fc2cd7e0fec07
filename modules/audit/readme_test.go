// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The first screen of the README shows what the audit says of the recorded cloud. Only the UUIDs may differ, which a new record has.
func TestReadmeShowsTheAudit(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	uuid := regexp.MustCompile(`[0-9a-f]{8}((-[0-9a-f]{4}){3}-[0-9a-f]{12}|…)`)
	var want []string
	lines, _ := runModule(t, map[string]any{"snapshot": snapshotFile, "show": true})["text"].([]any)
	for _, line := range lines {
		text, _ := line.(string)
		want = append(want, uuid.ReplaceAllString(text, "UUID"))
	}
	screen := strings.Split(strings.TrimSpace(strings.Split(string(page), "```")[1]), "\n")
	shown := 0
	for _, line := range screen[1:] { // the first is the command
		if line == "..." {
			continue
		}
		if shown++; !slices.Contains(want, uuid.ReplaceAllString(line, "UUID")) {
			t.Errorf("the audit does not say %q", line)
		}
	}
	if shown < 12 {
		t.Errorf("%d lines are shown", shown)
	}
}
