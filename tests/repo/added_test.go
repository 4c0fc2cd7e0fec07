// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A module says in which release it came: that which changelog.yaml lists it under, or the next. antsibull-changelog finds the new
// modules of a release by it.
func TestVersionAdded(t *testing.T) {
	came, next := released(t)
	added := regexp.MustCompile(`(?m)^version_added: *"?([0-9.]*)`)
	for module, folder := range moduleFolders(t) {
		right := next
		if version, ok := came[module]; ok {
			right = []string{version}
		}
		page := "modules/" + folder + "/doc.yml"
		says := added.FindStringSubmatch(read(t, page))
		if says == nil || !slices.Contains(right, says[1]) {
			t.Errorf("%s: version_added has to be the release that the module comes with: %s", page, strings.Join(right, " or "))
		}
	}
}

// released returns the release that each module came with, and what the next release that adds something may be.
func released(t *testing.T) (came map[string]string, next []string) {
	t.Helper()
	var log struct {
		Releases map[string]struct {
			Modules []struct {
				Name string `yaml:"name"`
			} `yaml:"modules"`
		} `yaml:"releases"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "changelogs/changelog.yaml")), &log); err != nil {
		t.Fatal(err)
	}
	came = map[string]string{}
	newest := [3]int{}
	for version, release := range log.Releases {
		var numbers [3]int
		if n, err := fmt.Sscanf(version, "%d.%d.%d", &numbers[0], &numbers[1], &numbers[2]); n != 3 {
			t.Fatalf("changelog.yaml: release %s: %v", version, err)
		}
		if slices.Compare(numbers[:], newest[:]) > 0 {
			newest = numbers
		}
		for _, m := range release.Modules {
			came[m.Name] = version
		}
	}
	return came, []string{fmt.Sprintf("%d.%d.0", newest[0], newest[1]+1), fmt.Sprintf("%d.0.0", newest[0]+1)}
}
