// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"os/exec"
	"regexp"
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
