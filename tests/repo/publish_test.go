// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// publishing is a repository whose release is built, with stand-ins of the release page and of Galaxy.
type publishing struct {
	*releasing
	pages  string // a file with what the release page answers; without it, the page cannot be read
	digest string // that of the tarball
}

func newPublishing(t *testing.T) *publishing {
	t.Helper()
	for _, command := range []string{"jq", "sha256sum"} {
		if _, err := exec.LookPath(command); err != nil {
			t.Skipf("releases are made on Debian, which has it (.ci/prepare): %v", err)
		}
	}
	p := &publishing{releasing: newReleasing(t), pages: filepath.Join(t.TempDir(), "pages")}
	if out, err := p.run("scripts/release-dist"); err != nil {
		t.Fatal(out)
	}
	sums, err := os.ReadFile(filepath.Join(p.dir, "dist/SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	p.digest, _, _ = strings.Cut(string(sums), " ")
	series, err := p.run("scripts/cores", "--release")
	if err != nil {
		t.Fatal(series)
	}
	t.Setenv("PAGES", p.pages)
	p.stub(".cache/bin/gh", `case $* in
	*--paginate*) cat "$PAGES" ;;
	*"release create"*) echo "draft 8" >>"$PAGES" ;;
	esac`)
	p.stub(".cache/bin/curl", `while [ "$1" != -o ]; do shift; done
	printf '%s' "$GALAXY_BODY" >"$2"
	printf '%s' "$GALAXY_STATUS"`)
	p.stub(".venv/ansible-"+strings.TrimSpace(series)+"/bin/ansible-galaxy", `grep -qx 'token: galaxy-token' "$ANSIBLE_GALAXY_TOKEN_PATH" && [ -z "$GALAXY_FAILS" ]`)
	return p
}

// answers sets what the release page and Galaxy answer.
func (p *publishing) answers(page, status, body string) {
	p.t.Helper()
	if page != "unreadable" {
		if err := os.WriteFile(p.pages, []byte(page), 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
	p.t.Setenv("GALAXY_STATUS", status)
	p.t.Setenv("GALAXY_BODY", strings.ReplaceAll(body, "DIGEST", p.digest))
	p.t.Setenv("GH_TOKEN", "page-token")
	p.t.Setenv("GALAXY_TOKEN", "galaxy-token")
}

// writes are the calls that write, by their first words.
func (p *publishing) writes() string {
	var all []string
	for line := range strings.Lines(p.said()) {
		for _, write := range []string{"DELETE", "release create", "collection publish", "PATCH"} {
			if strings.Contains(line, write) {
				all = append(all, write)
			}
		}
	}
	return strings.Join(all, ", ")
}

// A release is a draft until Galaxy has it, and what is done already is not done again.
func TestReleasePublish(t *testing.T) {
	const has, hasOther = `{"artifact": {"sha256": "DIGEST"}}`, `{"artifact": {"sha256": "1234"}}`
	for name, c := range map[string]struct {
		page, status, body, galaxyFails string
		writes, says                    string // says of a run that fails
	}{
		"first":                   {status: "404", writes: "release create, collection publish, PATCH"},
		"Galaxy failed":           {status: "404", galaxyFails: "1", writes: "release create, collection publish", says: " "},
		"after Galaxy failed":     {page: "draft 7\n", status: "404", writes: "DELETE, release create, collection publish, PATCH"},
		"after the last failed":   {page: "draft 7\n", status: "200", body: has, writes: "DELETE, release create, PATCH"},
		"done":                    {page: "release 7\n", status: "200", body: has},
		"page done by hand":       {page: "release 7\n", status: "404", writes: "collection publish"},
		"another one on Galaxy":   {page: "draft 7\n", status: "200", body: hasOther, says: "Galaxy has another tarball of 1.2.3, with SHA-256 1234"},
		"page unreadable":         {page: "unreadable", status: "404", says: "it is unknown whether v1.2.3 is on the release page"},
		"Galaxy down":             {status: "503", says: "it is unknown whether Galaxy has 1.2.3: it answers 503"},
		"Galaxy without a digest": {status: "200", body: "{}", says: "Galaxy names no SHA-256 of its 1.2.3"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublishing(t)
			p.answers(c.page, c.status, c.body)
			t.Setenv("GALAXY_FAILS", c.galaxyFails)
			p.said()
			out, err := p.run("scripts/release-publish", "dist")
			if got := p.writes(); got != c.writes || (err == nil) != (c.says == "") || !strings.Contains(out, strings.TrimSpace(c.says)) {
				t.Errorf("%v: it wrote %q, not %q: %s", err, got, c.writes, out)
			}
		})
	}
}

// Nothing is published that is not what was built, or that the version does not fit.
func TestReleasePublishRefuses(t *testing.T) {
	for name, c := range map[string]struct{ path, text, unset, says string }{
		"a fragment":    {path: "changelogs/fragments/a.yml", says: "fragments are not in the changelog"},
		"a changed sum": {path: "dist/openstack_ops-placement-1.2.3.tar.gz", text: "other", says: "FAILED"},
		"no GH_TOKEN":   {unset: "GH_TOKEN", says: "GH_TOKEN: must hold the token for the release page"},
		"no Galaxy":     {unset: "GALAXY_TOKEN", says: "GALAXY_TOKEN: must hold the token for Galaxy"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublishing(t)
			p.answers("", "404", "")
			if c.path != "" {
				p.write(c.path, c.text)
			}
			for _, option := range []string{"", "--dry-run"} {
				t.Setenv("GH_TOKEN", "page-token")
				if c.unset != "" {
					t.Setenv(c.unset, "")
				}
				out, err := p.run("scripts/release-publish", strings.Fields(option+" dist")...)
				refused := err != nil && strings.Contains(out, c.says)
				if wants := c.unset == "" || option == ""; refused != wants || p.writes() != "" {
					t.Errorf("%q: %v: %s", option, err, out)
				}
			}
		})
	}
}

// A dry run prints what would be run, without a token and without asking anybody.
func TestReleasePublishDryRun(t *testing.T) {
	p := newPublishing(t)
	p.said()
	out, err := p.run("scripts/release-publish", "--dry-run", "dist")
	if err != nil || p.said() != "" || strings.Count(out, "would run: ") != 3 || strings.Count(out, "\n") != 3 {
		t.Errorf("%v: %s", err, out)
	}
}

// The check of a release says in its last lines what keeps the commit from being released.
func TestReleaseCheck(t *testing.T) {
	for name, c := range map[string]struct {
		fragment string
		status   int
		says     string
	}{
		"can be released": {"", 0, "All of it is in dist/, and this commit can be released as 1.2.3\n"},
		"a fragment left": {"changelogs/fragments/a.yml", 3, "1 fragments are not in the changelog: run scripts/release-prepare 1.2.3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublishing(t)
			t.Setenv("RELEASE_CHECK_QUICK", "1")
			series, _ := p.run("scripts/cores", "--release")
			for _, command := range []string{"ansible-galaxy", "ansible-playbook"} {
				p.stub(".venv/ansible-"+strings.TrimSpace(series)+"/bin/"+command, "")
			}
			if c.fragment != "" {
				p.write(c.fragment, "---\n")
			}
			p.commit()
			out, err := p.run("scripts/release-check")
			if exitCode(err) != c.status || !strings.HasSuffix(out, c.says) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// exitCode returns the exit code of a command that was run.
func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}
