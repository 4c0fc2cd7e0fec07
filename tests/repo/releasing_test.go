// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// releasing is a small repository with the scripts of a release, which can be released as 1.2.3. What would need a network or
// take long has a stand-in.
type releasing struct {
	t   *testing.T
	dir string
	log string // what stand-ins were called with
}

func newReleasing(t *testing.T) *releasing {
	t.Helper()
	r := &releasing{t: t, dir: t.TempDir()}
	r.log = filepath.Join(t.TempDir(), "log")
	for _, name := range append(matches(t, "scripts/[a-z]*"), "tests/ansible/cores.txt", ".gitignore") {
		r.write(name, read(t, name))
	}
	r.write("galaxy.yml", "namespace: openstack_ops\nname: placement\nversion: 1.2.3\n")
	r.write("changelogs/changelog.yaml", "releases:\n  1.2.2:\n    changes: {}\n  1.2.3:\n    changes: {}\n")
	r.write("changelogs/fragments/.keep", "")
	r.write("CHANGELOG.md", "## v1\\.2\\.3\n\nNotes of this one\\.\n\n## v1\\.2\\.2\n\nNotes of the last one\\.\n")
	r.write("README.md", "openstack_ops-placement-1.2.3.tar.gz\n")
	r.write("docs/page.md", "openstack_ops-placement-1.2.3.tar.gz\n")
	r.write("modules/internal/docs/generate/options.txt", "next some_option\n")
	r.write("version.go", "package version\n\nconst Version = \"1.2.3\"\n")
	r.write("scripts/setup", "#!/bin/sh\necho \"setup $*\" >>\"$LOG\"\n")
	r.write("scripts/release-dist", "#!/bin/sh\nmkdir -p dist && echo content >dist/openstack_ops-placement-1.2.3.tar.gz && cd dist && sha256sum -- * >SHA256SUMS\n")
	t.Setenv("LOG", r.log)
	t.Setenv("PATH", filepath.Join(r.dir, ".cache/bin")+":"+os.Getenv("PATH"))
	return r
}

func (r *releasing) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		r.t.Fatal(err)
	}
}

// stub writes a stand-in of a command, which notes its arguments.
func (r *releasing) stub(path, body string) {
	r.write(path, "#!/bin/sh\necho \"${0##*/} $*\" >>\"$LOG\"\n"+body+"\n")
}

func (r *releasing) git(arguments ...string) string {
	r.t.Helper()
	out, err := exec.CommandContext(r.t.Context(), "git", append([]string{"-C", r.dir, "-c", "user.name=a", "-c", "user.email=a@example.org"}, arguments...)...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v: %s", arguments, err, out)
	}
	return string(out)
}

// commit makes a commit of all that is there.
func (r *releasing) commit() {
	r.t.Helper()
	r.git("init", "-q")
	r.git("add", "--all")
	r.git("commit", "-q", "-m", "one")
}

// run runs one of the scripts there.
func (r *releasing) run(name string, arguments ...string) (string, error) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), filepath.Join(r.dir, name), arguments...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// said returns what stand-ins were called with, and forgets it.
func (r *releasing) said() string {
	r.t.Helper()
	text, err := os.ReadFile(r.log)
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	os.Remove(r.log)
	return string(text)
}
