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

// What pip installs has a hash.
func TestRequirementsHaveHashes(t *testing.T) {
	requirement := regexp.MustCompile(`(?m)^[^#\s].*`)
	hashed := regexp.MustCompile(`^[a-zA-Z0-9._-]+==[^ ;]+ (?:; .* )?\\$`)
	for _, path := range append(matches(t, "tests/ansible/requirements-*.txt"), matches(t, "tests/lab/*.lock")...) {
		text := read(t, path)
		all := requirement.FindAllString(text, -1)
		for _, line := range all {
			if !hashed.MatchString(line) || !strings.Contains(text, line+"\n    --hash=sha256:") {
				t.Errorf("%s: %s has no version and hash: run scripts/lock", path, line)
			}
		}
		if len(all) < 5 {
			t.Errorf("%s: only %d requirements", path, len(all))
		}
	}
	for _, line := range pipInstalls(t) {
		// What ansible-test asks for is pinned by the release of ansible-core, which has hashes.
		if !strings.Contains(line, "--require-hashes") && !strings.Contains(line, `install --no-deps -r "$pins"`) {
			t.Errorf("installs what has no hash: %s", line)
		}
	}
}

// pipInstalls are the lines of scripts and of the lab that install with pip.
func pipInstalls(t *testing.T) []string {
	t.Helper()
	install := regexp.MustCompile(`(?m)^.*pip(?:"|\[@\]).* "?install"?\b.*$`)
	var lines []string
	for _, path := range append(matches(t, "scripts/*"), matches(t, "tests/lab/placementlab/*.py")...) {
		lines = append(lines, install.FindAllString(read(t, path), -1)...)
	}
	if len(lines) < 3 {
		t.Errorf("found only %q", lines)
	}
	return lines
}

// The lock file for Placement alone is a part of that for the whole control plane: both end up in one virtual environment.
func TestLockOfPlacement(t *testing.T) {
	pinned := regexp.MustCompile(`(?m)^[^#\s].*\\\n(?:    --hash=.*\n)+`)
	whole := pinned.FindAllString(read(t, "tests/lab/current.lock"), -1)
	part := pinned.FindAllString(read(t, "tests/lab/current-placement.lock"), -1)
	for _, one := range part {
		if !slices.Contains(whole, one) {
			t.Errorf("current.lock has not the same: %s", one)
		}
	}
	if len(part) < 50 || len(whole) < 150 {
		t.Errorf("only %d and %d packages", len(part), len(whole))
	}
}

// Whatever keeps a commit from being released is named, and all of it at once.
func TestReleaseVersion(t *testing.T) {
	for name, c := range map[string]struct {
		tag, path, text string
		says            []string
	}{
		"fits":                     {tag: "v1.2.3"},
		"another tag":              {tag: "v1.2.4", says: []string{"the tag is v1.2.4, but galaxy.yml has version 1.2.3"}},
		"a tag without v":          {tag: "1.2.3", says: []string{"the tag is 1.2.3, but galaxy.yml has version 1.2.3"}},
		"another version":          {tag: "v1.2.3", path: "galaxy.yml", text: "version: 1.2.4\n", says: []string{"the tag is v1.2.3, but galaxy.yml has version 1.2.4", "changelogs/changelog.yaml has no release 1.2.4", "CHANGELOG.md has no section v1.2.4"}},
		"a fragment":               {tag: "v1.2.3", path: "changelogs/fragments/a.yml", says: []string{"1 fragments are not in the changelog: run scripts/release-prepare 1.2.3"}},
		"a fragment named .yaml":   {tag: "v1.2.3", path: "changelogs/fragments/a.yaml", says: []string{"1 fragments are not in the changelog"}},
		"not among the releases":   {tag: "v1.2.3", path: "changelogs/changelog.yaml", text: "releases:\n  1.2.30:\n", says: []string{"changelogs/changelog.yaml has no release 1.2.3"}},
		"a changelog without it":   {tag: "v1.2.3", path: "CHANGELOG.md", text: "## v1\\.2\\.30\n\nText\n", says: []string{"CHANGELOG.md has no section v1.2.3"}},
		"a section without a text": {tag: "v1.2.3", path: "CHANGELOG.md", text: "## v1\\.2\\.3\n\n## v1\\.2\\.2\n\nText\n", says: []string{"CHANGELOG.md has no section v1.2.3"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReleasing(t)
			if c.path != "" {
				r.write(c.path, c.text)
			}
			out, err := r.run("scripts/release-version", c.tag)
			if len(c.says) == 0 && (err != nil || out != "1.2.3\n") {
				t.Errorf("%v: %s", err, out)
			}
			wantRefused(t, out, err, c.says)
		})
	}
}

// wantRefused wants a script to fail with these sentences, one a line, and no others.
func wantRefused(t *testing.T, out string, err error, says []string) {
	t.Helper()
	if len(says) == 0 {
		return
	}
	if err == nil || strings.Count(out, "\n") != len(says) {
		t.Errorf("%v: want %d lines, got %q", err, len(says), out)
	}
	for _, want := range says {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q: %s", want, out)
		}
	}
}

func TestReleaseNotes(t *testing.T) {
	r := newReleasing(t)
	if out, err := r.run("scripts/release-notes", "1.2.3"); err != nil || strings.TrimSpace(out) != `Notes of this one\.` {
		t.Errorf("%v: %q", err, out)
	}
}

// The commit of a release is made ready as a whole, or the checkout stays as it was.
func TestReleasePrepare(t *testing.T) {
	const folds = `rm -f changelogs/fragments/*.yml; printf '  1.3.0:\n' >>changelogs/changelog.yaml; printf '## v1\\.3\\.0\n\nNew\n' >>CHANGELOG.md`
	for name, c := range map[string]struct {
		argument, unclean, antsibull, golang, says string
	}{
		"whole":                  {argument: "1.3.0", antsibull: folds, golang: "echo generated >generated.txt"},
		"no version":             {argument: "1.3", says: "VERSION must be three numbers, such as 1.2.3, got: 1.3"},
		"not clean":              {argument: "1.3.0", unclean: "new.txt", says: "?? new.txt"},
		"antsibull fails":        {argument: "1.3.0", antsibull: "rm CHANGELOG.md; exit 1"},
		"generating fails":       {argument: "1.3.0", antsibull: folds, golang: "exit 1"},
		"a fragment is left":     {argument: "1.3.0", antsibull: "true", says: "1 fragments are not in the changelog"},
		"the changelog lacks it": {argument: "1.3.0", antsibull: "rm changelogs/fragments/*.yml", says: "changelogs/changelog.yaml has no release 1.3.0"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReleasing(t)
			r.write("changelogs/fragments/a.yml", "---\n")
			r.commit()
			r.stub(".venv/lint/bin/antsibull-changelog", c.antsibull)
			r.stub(".cache/bin/go", c.golang)
			if c.unclean != "" {
				r.write(c.unclean, "")
			}
			before := r.git("status", "--porcelain")
			out, err := r.run("scripts/release-prepare", c.argument, "2030-01-31")
			if name == "whole" {
				wantPrepared(r, out, err)
				return
			}
			if err == nil || !strings.Contains(out, c.says) || r.git("status", "--porcelain") != before {
				t.Errorf("%v: %s; changed: %s", err, out, r.git("status", "--porcelain"))
			}
		})
	}
}

// wantPrepared wants all that names the version to name the new one, after the set-up.
func wantPrepared(r *releasing, out string, err error) {
	r.t.Helper()
	said := r.said()
	if err != nil || !strings.HasPrefix(said, "setup changelog\nantsibull-changelog release --version 1.3.0 --date 2030-01-31 --update-existing\n") {
		r.t.Errorf("%v: %s; called: %s", err, out, said)
	}
	for path, want := range map[string]string{
		"galaxy.yml": "version: 1.3.0\n", "version.go": `const Version = "1.3.0"`, "README.md": "placement-1.3.0.tar.gz", "docs/page.md": "placement-1.3.0.tar.gz",
		"modules/internal/docs/generate/options.txt": "1.3.0 some_option", "CHANGELOG.md": "1\\.3\\.0", "generated.txt": "generated",
	} {
		text, err := os.ReadFile(filepath.Join(r.dir, path))
		if err != nil || !strings.Contains(string(text), want) {
			r.t.Errorf("%s: %v: want %q, got %q", path, err, want, text)
		}
	}
	if _, err := os.Stat(filepath.Join(r.dir, "changelogs/fragments/a.yml")); !os.IsNotExist(err) {
		r.t.Errorf("the fragment is left: %v", err)
	}
}
