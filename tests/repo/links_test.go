// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	fenced  = regexp.MustCompile("(?ms)^```.*?^```$")
	dropped = regexp.MustCompile(`[^\p{L}\p{N}\-_ ]`)
)

// TestLinks follows the links of each Markdown file that lead to the repository itself.
func TestLinks(t *testing.T) {
	found := 0
	for _, name := range files(t, ".md") {
		for _, match := range link.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, name), ""), -1) {
			if strings.Contains(match[1], ":") {
				continue
			}
			found++
			path, anchor, _ := strings.Cut(match[1], "#")
			target := name
			if path != "" {
				target = filepath.Join(filepath.Dir(name), path)
			}
			if _, err := os.Stat(filepath.Join(root, target)); err != nil {
				t.Errorf("%s: there is no %s", name, match[1])
			} else if anchor != "" && !slices.Contains(anchors(t, target), anchor) {
				t.Errorf("%s: %s has no heading for #%s", name, target, anchor)
			}
		}
	}
	if found == 0 {
		t.Error("no links")
	}
}

// anchors are what the headings of a Markdown file can be linked by.
func anchors(t *testing.T, name string) []string {
	t.Helper()
	var all []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, name), ""), -1) {
		text := dropped.ReplaceAllString(strings.ToLower(match[1]), "")
		all = append(all, strings.ReplaceAll(text, " ", "-"))
	}
	return all
}
