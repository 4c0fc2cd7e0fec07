// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The stages with a lab run what is named TestLab…, and nothing that needs none a second time.
func TestNamesOfLabTests(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "git", "-C", "../..", "ls-files", "-co", "--exclude-standard", "*_test.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	tagged, test := regexp.MustCompile(`(?m)^//go:build lab$`), regexp.MustCompile(`(?m)^func (Test\w*)\(t \*testing\.T`)
	found := 0
	for file := range strings.Lines(string(out)) {
		file = strings.TrimSpace(file)
		text, err := os.ReadFile("../../" + file)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range test.FindAllStringSubmatch(string(text), -1) {
			lab := strings.HasPrefix(name[1], "TestLab")
			if lab {
				found++
			}
			if lab != tagged.Match(text) && name[1] != "TestMain" {
				t.Errorf("%s: %s: a test that needs a lab has the build tag lab and a name TestLab…, any other test neither", file, name[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d tests with a lab were found", found)
	}
}

// A page, a comment or a list that names a test names one that there is: docs/remedies.md and provokedElsewhere say by it where
// something was tried. A name with an ellipsis is that of several.
func TestNamedTestsExist(t *testing.T) {
	define := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	name := regexp.MustCompile(`(?m)(?:^|[^.\w])(Test[A-Z]\w*)(…?)`)
	there, named := map[string]bool{"TestName": true, "TestLab": true, "TestMain": true}, map[string][]string{}
	for _, path := range files(t, "") {
		if !slices.Contains([]string{".md", ".go"}, filepath.Ext(path)) {
			continue
		}
		text := read(t, path)
		for _, found := range define.FindAllStringSubmatch(text, -1) {
			there[found[1]] = true
		}
		for _, found := range name.FindAllStringSubmatch(text, -1) {
			if found[2] == "" {
				named[found[1]] = append(named[found[1]], path)
			}
		}
	}
	for test, paths := range named {
		if !there[test] {
			t.Errorf("%s: there is no test %s: write it, or name the one that there is", paths[0], test)
		}
	}
	if len(there) < 500 {
		t.Errorf("only %d tests were found", len(there))
	}
}

// Each test that takes minutes is run by scripts/soak: nothing else runs it.
func TestSoakRunsAll(t *testing.T) {
	script, own, found := read(t, "scripts/soak"), regexp.MustCompile(`(?ms)^func Test(\w+)\(t \*testing\.T\) \{\n(.*?)^\}`), 0
	for _, name := range files(t, "_lab_test.go") {
		for _, test := range own.FindAllStringSubmatch(read(t, name), -1) {
			if !strings.Contains(test[2], "takesMinutes(t)") {
				continue
			}
			found++
			if !regexp.MustCompile(`[(|]` + test[1] + `[|)]`).MatchString(script) {
				t.Errorf("%s: Test%s is in no list of scripts/soak: add it to -run", name, test[1])
			}
		}
	}
	if found < 4 {
		t.Errorf("only %d tests take minutes", found)
	}
}
