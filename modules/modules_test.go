// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/generate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
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

func TestDocs(t *testing.T) {
	each(t, func(t *testing.T, m *ansible.Module) {
		doc, err := m.Doc()
		for _, fault := range several.Apart(err) {
			t.Error(fault)
		}
		if doc == nil {
			return
		}
		if strings.HasSuffix(doc.ShortDescription, ".") {
			t.Errorf("doc.yml of %s: short_description ends with a period", m.Name)
		}
		for _, text := range slices.Concat(doc.Description, doc.Notes) {
			sentence(t, text)
		}
		if !strings.HasSuffix(doc.CheckMode, ".") {
			t.Errorf("doc.yml of %s: check_mode has to say in a sentence what check mode does: %q", m.Name, doc.CheckMode)
		}
		related(t, m, &doc.SeeAlso)
		returned(t, &doc.Returns)
		if !slices.Contains(doc.ReturnKeys(), "msg") {
			t.Errorf("doc.yml of %s: returns has no msg: a module says in a sentence what it did or read, which the terminal and the journal of a timer begin with", m.Name)
		}
		if err := m.CheckResult(); len(doc.Returns.Content) > 0 && err != nil {
			t.Error(err)
		}
	})
}

// related checks what a module names as related: other modules of the collection, and pages of this repository.
func related(t *testing.T, m *ansible.Module, list *yaml.Node) {
	t.Helper()
	var all []struct{ Module, Name, Description, Link string }
	if err := list.Decode(&all); err != nil {
		t.Errorf("doc.yml of %s: seealso: %v", m.Name, err)
	}
	if len(all) == 0 {
		t.Errorf("doc.yml of %s: no seealso: name the modules or the pages that belong to it", m.Name)
	}
	for _, one := range all {
		sentence(t, one.Description)
		known := slices.ContainsFunc(All(), func(other *ansible.Module) bool { return other != m && other.FullName() == one.Module })
		page, ours := strings.CutPrefix(one.Link, "https://github.com/openstack-ops/ansible-collection-placement/blob/main/")
		if one.Link != "" && ours {
			_, err := os.Stat("../" + page)
			known = err == nil && one.Name != ""
		}
		if !known || one.Module == m.FullName() {
			t.Errorf("seealso names %s%s, which is no other module and no page of the repository", one.Module, one.Link)
		}
	}
}

func TestOptions(t *testing.T) {
	each(t, func(t *testing.T, m *ansible.Module) {
		table, err := m.Options()
		if err != nil {
			t.Fatal(err)
		}
		checkOptions(t, table)
	})
}

func checkOptions(t *testing.T, table []*argspec.Option) {
	t.Helper()
	for _, o := range table {
		for _, text := range o.Description {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("the description of the option %s does not end with a period: %q", o.Name, text)
			}
		}
		holdsText := o.Type == argspec.Str || o.Elements == argspec.Str
		if holdsText && mask.IsSecretKey(o.Name) && !o.NoLog {
			t.Errorf("the option %s sounds like a secret; mark it with x-ansible-no_log=true", o.Name)
		}
		if _, err := o.DefaultValue(); err != nil {
			t.Errorf("the default of %s: %v", o.Name, err)
		}
		checkOptions(t, o.Options)
		if o.Values != nil {
			checkOptions(t, o.Values.Options)
		}
	}
}

// A task of an example is taken as an operator would write it: its options have to be options.
func TestExamples(t *testing.T) {
	each(t, func(t *testing.T, m *ansible.Module) {
		doc, err := m.Doc()
		if doc == nil {
			t.Fatal(err)
		}
		var tasks []map[string]any
		if err := yaml.Unmarshal([]byte(doc.Examples), &tasks); err != nil {
			t.Fatalf("examples of doc.yml of %s: %v", m.Name, err)
		}
		found := false
		for _, task := range tasks {
			args, ours := task[m.FullName()].(map[string]any)
			found = found || ours
			for _, name := range unknown(t, m, args) {
				t.Errorf("an example has the option %s, which there is not", name)
			}
		}
		if !found {
			t.Errorf("no example calls %s by its full name", m.Name)
		}
	})
}

func unknown(t *testing.T, m *ansible.Module, args map[string]any) []string {
	t.Helper()
	table, err := m.Options()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for name := range args {
		if !slices.ContainsFunc(table, func(o *argspec.Option) bool { return o.Name == name || slices.Contains(o.Aliases, name) }) {
			all = append(all, name)
		}
	}
	return all
}

func each(t *testing.T, test func(*testing.T, *ansible.Module)) {
	t.Helper()
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) { test(t, m) })
	}
}

// returned checks the descriptions of what a module returns, at all levels.
func returned(t *testing.T, keys *yaml.Node) {
	t.Helper()
	var values map[string]struct {
		Description any       `yaml:"description"` // one paragraph, or a list of them
		Returned    string    `yaml:"returned"`
		Type        string    `yaml:"type"`
		Elements    string    `yaml:"elements"`
		Contains    yaml.Node `yaml:"contains"`
	}
	if err := keys.Decode(&values); err != nil {
		t.Errorf("doc.yml: returns: %v", err)
	}
	for key, value := range values {
		if text := strings.TrimRight(fmt.Sprint(value.Description), "]\n"); !strings.HasSuffix(text, ".") {
			t.Errorf("doc.yml: the description of the returned key %s does not end with a period: %s", key, text)
		}
		if value.Returned == "" || value.Type == "" {
			t.Errorf("doc.yml: the returned key %s has no returned or no type: say when it is there, and what it is", key)
		}
		if (value.Type == "list") != (value.Elements != "") {
			t.Errorf("doc.yml: the returned key %s of type %s has the elements %q: a list has elements, and nothing else has", key, value.Type, value.Elements)
		}
		returned(t, &value.Contains)
	}
}

func sentence(t *testing.T, text string) {
	t.Helper()
	if !strings.HasSuffix(text, ".") {
		t.Errorf("%q does not end with a period", text)
	}
}
