// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The first screen of the README shows what the audit says of the recorded cloud. Only the UUIDs may differ, which a new record has.
func TestReadmeShowsTheAudit(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	said, err := json.Marshal(runModule(t, map[string]any{"snapshot": snapshotFile}))
	if err != nil {
		t.Fatal(err)
	}
	uuid := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	want := uuid.ReplaceAllString(string(said), "UUID")
	screen := strings.Split(string(page), "```")[1]
	heading := regexp.MustCompile(`^[A-Z]+  (PLC\d+) [a-z-]+$`)
	shown := 0
	for _, line := range regexp.MustCompile(`(?m)^ +"(.+)",$`).FindAllStringSubmatch(screen, -1) {
		text := uuid.ReplaceAllString(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line[1]), "To do: "), "$ "), "UUID")
		if heading.MatchString(text) {
			text = heading.ReplaceAllString(text, `"id":"$1","message"`) // the keys are sorted; the name follows later
		}
		if shown++; !strings.Contains(want, text) {
			t.Errorf("the audit does not say %q", text)
		}
	}
	if shown < 6 {
		t.Errorf("%d lines are shown", shown)
	}
}
