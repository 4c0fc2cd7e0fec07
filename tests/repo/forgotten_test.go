// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// text is a text, or a part of it, as the words in it. An option counts where it is quoted: its name is a common word.
type text struct {
	path  string
	words map[string]bool
}

func wordsOf(path, content string) text {
	words := map[string]bool{}
	for _, word := range regexp.MustCompile("[\"`]?\\w+").FindAllString(content, -1) {
		words[word], words[strings.TrimLeft(word, "\"`")] = true, true
	}
	return text{path, words}
}

// tell reports whether one of the texts is about the thing.
func tell(texts []text, x thing) bool {
	return slices.ContainsFunc(texts, func(in text) bool {
		ours := x.owner == "" || in.words[x.owner] || strings.HasPrefix(in.path, "modules/"+x.folder+"/")
		return ours && slices.ContainsFunc(x.words, func(word string) bool { return in.words[word] })
	})
}

// matches lists the files below the root that a pattern finds, the way read takes them. There has to be one.
func matches(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(found), err)
	}
	for i, path := range found {
		found[i] = strings.TrimPrefix(filepath.ToSlash(path), root+"/")
	}
	return found
}

// older lists what was there before a rule was, one name a line.
func older(t *testing.T, file string) []string {
	t.Helper()
	return slices.DeleteFunc(strings.Split(read(t, "tests/repo/testdata/"+file), "\n"), func(line string) bool { return line == "" })
}

// held fails for each thing that lacks something, unless it is older than the rule, and for what is listed as older without need.
func held(t *testing.T, file string, has func(thing) bool, advice string) {
	t.Helper()
	excused := older(t, file)
	for _, thing := range things(t) {
		at := slices.Index(excused, thing.name)
		switch {
		case !has(thing) && at < 0:
			t.Errorf("%s "+advice, thing.name)
		case has(thing) && at >= 0:
			t.Errorf("tests/repo/testdata/%s lists %s, which needs no excuse: take it out", file, thing.name)
		}
		if at >= 0 {
			excused = slices.Delete(excused, at, at+1)
		}
	}
	for _, name := range excused {
		t.Errorf("tests/repo/testdata/%s lists %q, which there is not: take it out", file, name)
	}
}

// Whatever a user can name is announced: in a fragment, and in changelog.yaml once it is released. The entry of a module excuses none
// of its options: an option that comes later would never be announced. What was announced as a whole, with the first release or with
// its module, is in the list.
func TestEverythingIsAnnounced(t *testing.T) {
	var entries []text
	fragments, err := filepath.Glob(filepath.Join(root, "changelogs/fragments/*.yml")) // none right after a release
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(fragments, filepath.Join(root, "changelogs/changelog.yaml")) {
		path = strings.TrimPrefix(filepath.ToSlash(path), root+"/")
		for _, entry := range regexp.MustCompile(`(?m)^ *- `).Split(read(t, path), -1) {
			entries = append(entries, wordsOf(path, entry))
		}
	}
	held(t, "first-release", func(x thing) bool { return tell(entries, x) },
		"has no changelog fragment: add an entry that names it (as ``name`` with its module if it is an option) to a file below changelogs/fragments/")
}

// idle is what sets no option in a test: a comment, and the key of an answer.
var idle = regexp.MustCompile(`(?m)^\s*(//|#).*$|\["\w+"\]`)

// Whatever a user can name is in a test.
func TestEverythingIsTested(t *testing.T) {
	var tests []text
	for _, name := range files(t, "") {
		path := filepath.ToSlash(name)
		below := strings.HasPrefix(path, "tests/") && !strings.HasPrefix(path, "tests/repo/") && !strings.HasPrefix(path, "tests/recorded/")
		if below || strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(path, "tests/repo/") || strings.HasSuffix(path, ".txtar") {
			tests = append(tests, wordsOf(path, idle.ReplaceAllString(read(t, name), "")))
		}
	}
	held(t, "not-tested", func(x thing) bool { return tell(tests, x) },
		"is in no test: write one that sets or calls it, in the module's or the check's folder, or for a role and its variables in "+
			"tests/ansible, tests/kolla or tests/rehearsal")
}

// The README has a row for each module and role, and names each playbook. docs/kolla.md names those too.
func TestReadmeListsEverything(t *testing.T) {
	page := read(t, "README.md")
	for _, path := range matches(t, "docs/schemas/*.json") {
		if module := strings.TrimSuffix(filepath.Base(path), ".json"); !strings.Contains(page, "\n| `"+module+"` | ") {
			t.Errorf("README.md: the table of modules has no row for %s", module)
		}
	}
	for _, path := range matches(t, "roles/*") {
		if role := filepath.Base(path); !strings.Contains(page, "\n| [`"+role+"`](roles/"+role+"/README.md) | ") {
			t.Errorf("README.md: the table of roles has no row for %s", role)
		}
	}
	for _, path := range matches(t, "playbooks/*.yml") {
		name := strings.TrimSuffix(filepath.Base(path), ".yml")
		if name != "limit" && !strings.Contains(page, "`"+name+"`") { // other playbooks import limit.yml
			t.Errorf("README.md: the list of playbooks lacks %s", name)
		}
	}
}

// docs/privileges.md says which rights each module needs that logs in to a service.
func TestPrivilegesNameEveryModule(t *testing.T) {
	page := read(t, "docs/privileges.md")
	for _, path := range matches(t, "docs/schemas/*.json") {
		module := strings.TrimSuffix(filepath.Base(path), ".json")
		if slices.Contains(options(t, path), "auth") && !strings.Contains(page, "`"+module+"`") {
			t.Errorf("docs/privileges.md does not name `%s`: say there which rights it needs", module)
		}
	}
}

// Each check is made loud on the lab, or it is said there why that can't be done. TestLabProvokedAll holds the rest, and needs no lab
// but is built for one.
func TestChecksAreProvoked(t *testing.T) {
	var all strings.Builder
	for _, path := range matches(t, "modules/audit/*_lab_test.go") {
		all.WriteString(read(t, path))
	}
	for _, check := range checkThings(t) {
		if !strings.Contains(all.String(), check.name) {
			t.Errorf("%s is provoked nowhere: make its state in modules/audit/*_lab_test.go, or name in provokedElsewhere of provoke_lab_test.go what does, "+
				"or why the lab can't", check.name)
		}
	}
}

// A role's folder has all that a role needs.
func TestRolesAreWhole(t *testing.T) {
	for _, path := range matches(t, "roles/*") {
		for file, advice := range map[string]string{
			"meta/argument_specs.yml": "add the role to modules/internal/docs/roles/roles.go and run: go run ./cmd/gendocs",
			"meta/main.yml":           "write it as the other roles have it",
			"tasks/main.yml":          "write the tasks",
		} {
			if !slices.Contains(files(t, file), path+"/"+file) {
				t.Errorf("%s has no %s: %s", path, file, advice)
			}
		}
	}
}

// What is below tests/ is for a checkout, but for what ansible-test sanity wants: the tarball leaves it out.
func TestTarballLeavesTestsOut(t *testing.T) {
	ignored := read(t, "galaxy.yml")
	for _, path := range matches(t, "tests/*") {
		if path != "tests/sanity" && !strings.Contains(ignored, "\n  - "+path+"\n") {
			t.Errorf("galaxy.yml takes %s along: add it to build_ignore", path)
		}
	}
}
