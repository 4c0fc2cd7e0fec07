// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The play of docs/several-clouds.md audits two clouds and one that is not there, and writes one report of all.
func TestSeveralClouds(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		page := read(t, filepath.Join(s.builds.root, "docs/several-clouds.md"))
		play := regexp.MustCompile("(?s)```yaml\n(- name: Audit several clouds.*?\n)```\n\n").FindStringSubmatch(page)
		if play == nil {
			t.Fatal("docs/several-clouds.md has no play")
		}
		book, clouds, report := filepath.Join(s.dir, "clouds.yml"), filepath.Join(s.dir, "clouds.yaml"), filepath.Join(s.dir, "report.md")
		write(t, book, play[1])
		gone := map[string]any{"auth_type": "none", "auth": map[string]any{"endpoint": "http://127.0.0.1:1/placement"}}
		text, err := json.Marshal(map[string]any{"clouds": map[string]any{
			"berlin": recordedCloud(t, s.builds.root, map[string]string{"cn2": "berlin-compute"}),
			"oslo":   recordedCloud(t, s.builds.root, map[string]string{"cn2": "oslo-compute"}), "gone": gone,
		}})
		if err != nil {
			t.Fatal(err)
		}
		write(t, clouds, string(text))
		vars, err := json.Marshal(map[string]any{"clouds_file": clouds, "report": report, "clouds": []map[string]string{
			{"cloud": "berlin"}, {"cloud": "gone"}, {"cloud": "oslo", "region": "north"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		s.run(t, s.builds.root, nil, "ansible-playbook", book, "-e", string(vars)).fails(t, "See "+report)
		got := read(t, report)
		for _, row := range []string{"| berlin | | not clean | ", "| gone | | not read | ? | ? |", "| oslo | north | not clean | "} {
			if !strings.Contains(strings.Join(strings.Fields(got), " "), row) {
				t.Errorf("no %q in\n%s", row, got)
			}
		}
		berlin, rest, _ := strings.Cut(got, "\n## gone")
		if !strings.Contains(berlin, "berlin-compute") || strings.Contains(berlin, "oslo-compute") || !strings.Contains(rest, "oslo-compute") {
			t.Errorf("the clouds are mixed up:\n%s", got)
		}
		if rows := regexp.MustCompile(`(?m)^\| (berlin|gone|oslo) .*\|$`).FindAllString(got, -1); len(rows) != 3 {
			t.Errorf("the table is not one row for each cloud:\n%s", got)
		}
	})
}
