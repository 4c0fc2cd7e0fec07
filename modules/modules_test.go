// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/generate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	if err := generate.Check("..", outputs()); err != nil {
		t.Error(err)
	}
}

func TestNamesOfModules(t *testing.T) {
	good := regexp.MustCompile(`^placement_[a-z]+(_[a-z]+)*$`)
	var names []string
	for _, m := range All() {
		names = append(names, m.Name)
		if !good.MatchString(m.Name) {
			t.Errorf("%s is no name for a module", m.Name)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("the modules are not sorted by name, or one is listed twice: %v", names)
	}
}

// Each folder of a module has a doc.yml, a test and a line in All.
func TestModulesAreWhole(t *testing.T) {
	list, err := os.ReadFile("modules.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, folder := range packages(t) {
		if strings.Contains(folder, "/") {
			continue
		}
		seen++
		if !strings.Contains(string(list), "\t\t"+folder+".Module(), ") {
			t.Errorf("modules/%s has no line in All of modules.go: add %s.Module() there, then run: go run ./cmd/gendocs", folder, folder)
		}
		if _, err := os.Stat(folder + "/doc.yml"); err != nil {
			t.Errorf("modules/%s has no doc.yml: write its description, examples and return values", folder)
		}
		if tests, err := filepath.Glob(folder + "/*_test.go"); err != nil || len(tests) == 0 {
			t.Errorf("modules/%s has no test: write %s_test.go", folder, folder)
		}
		if !testedOnLab(t, folder) {
			t.Errorf("modules/%s asks services, and has no test that does: write a TestLab… in %s_lab_test.go; a fake is for errors only", folder, folder)
		}
	}
	if seen < len(All()) {
		t.Errorf("%d folders of %d modules", seen, len(All()))
	}
}

// testedOnLab reports whether a module has a test on the lab, or asks no service.
func testedOnLab(t *testing.T, folder string) bool {
	t.Helper()
	asks := false
	for _, path := range sources(t, folder) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc TestLab") {
			return true
		}
		asks = asks || strings.Contains(string(text), "/wire/connection\"") && !strings.HasSuffix(path, "_test.go")
	}
	return !asks
}

// sources are the Go files of a folder.
func sources(t *testing.T, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// Each package has a line in the map of doc.go.
func TestMap(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range packages(t) {
		if strings.HasPrefix(folder, "internal/core/checks/") || !strings.Contains(folder, "/") || strings.HasSuffix(folder, "test") {
			continue // a check, a module, or part of the tests
		}
		if !regexp.MustCompile(`(?m)^//\t` + regexp.QuoteMeta(folder) + `(/…)? `).Match(text) {
			t.Errorf("the map in doc.go does not name %s: add a line that says what it does", folder)
		}
	}
}

// Each check has a test of its own beside it, with a case in which it finds something.
func TestChecksHaveTests(t *testing.T) {
	seen := 0
	for _, folder := range packages(t) {
		if filepath.Dir(folder) != "internal/core/checks" || filepath.Base(folder) == "checktest" {
			continue
		}
		seen++
		tests, err := filepath.Glob(folder + "/*_test.go")
		if err != nil || len(tests) == 0 {
			t.Errorf("%s has no test: write %s_test.go with a table for checktest.Run", folder, filepath.Base(folder))
			continue
		}
		if !slices.ContainsFunc(tests, findsSomething) {
			t.Errorf("no test of %s wants a finding: add a case with Want to %s", folder, tests[0])
		}
	}
	if seen < len(checks.All()) {
		t.Errorf("%d folders of %d checks", seen, len(checks.All()))
	}
}

// findsSomething reports whether a test of a check expects findings.
func findsSomething(path string) bool {
	text, err := os.ReadFile(path)
	return err == nil && regexp.MustCompile(`\bWant: +[^n]|\.Findings\b`).Match(text)
}

// packages lists the folders below modules that have Go files.
func packages(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".go" && filepath.Dir(path) != "." {
			found[filepath.ToSlash(filepath.Dir(path))] = true
		}
		return err
	})
	if err != nil || len(found) < 40 {
		t.Fatalf("%d packages, %v", len(found), err)
	}
	return slices.Sorted(maps.Keys(found))
}

func each(t *testing.T, test func(*testing.T, *ansible.Module)) {
	t.Helper()
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) { test(t, m) })
	}
}
