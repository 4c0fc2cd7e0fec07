// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The screens of the README and of the pages show what the audit says of the recorded cloud. Only the UUIDs may differ, which a new
// record has.
func TestPagesShowTheAudit(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	said, shown := linesOfTheAudit(t), 0
	for _, page := range append(pages, "../../README.md") {
		for _, line := range linesOfScreens(t, page) {
			if shown++; !slices.Contains(said, withoutUUIDs(line)) {
				t.Errorf("%s shows a line that the audit does not say: %q. Write what it says now: COLUMNS=100 go run ./cmd/placement audit --snapshot tests/recorded/snapshot.json",
					strings.TrimPrefix(page, "../../"), line)
			}
		}
	}
	if shown < 15 {
		t.Errorf("%d lines are shown", shown)
	}
}

// linesOfTheAudit returns what the audit says of the recorded cloud, without UUIDs.
func linesOfTheAudit(t *testing.T) []string {
	t.Helper()
	var said []string
	lines, _ := runModule(t, map[string]any{"snapshot": snapshotFile, "show": true})["text"].([]any)
	for _, line := range lines {
		text, _ := line.(string)
		said = append(said, withoutUUIDs(text))
	}
	return said
}

// linesOfScreens returns the lines of those blocks of a page that show an audit of a snapshot, without the command.
func linesOfScreens(t *testing.T, path string) []string {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i, block := range strings.Split(string(page), "```") {
		if i%2 == 0 || !strings.Contains(block, "\nPlacement audit  a saved snapshot") {
			continue
		}
		for _, line := range strings.Split(strings.TrimSpace(block), "\n")[1:] { // behind the kind of block
			if line != "..." && !strings.HasPrefix(line, "$ ") {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

func withoutUUIDs(line string) string {
	return regexp.MustCompile(`[0-9a-f]{8}((-[0-9a-f]{4}){3}-[0-9a-f]{12}|…)`).ReplaceAllString(line, "UUID")
}
