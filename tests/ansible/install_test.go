// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// audited audits the recorded cloud, which takes the program, with the collection that is installed there.
func (s *site) audited(t *testing.T, collections string) result {
	t.Helper()
	book := filepath.Join(t.TempDir(), "audit.yml")
	snapshot := filepath.Join(s.builds.root, "tests/recorded/snapshot.json")
	write(t, book, fmt.Sprintf(`
- hosts: target
  gather_facts: false
  tasks:
    - openstack_ops.placement.placement_audit: {snapshot: %q}
      register: audit
    - ansible.builtin.assert: {that: audit.complete}
`, snapshot))
	return s.run(t, s.dir, []string{"ANSIBLE_COLLECTIONS_PATH=" + collections}, "ansible-playbook", book)
}

// What is installed from git has no program. The message says what to do, and that works.
func TestInstallFromGit(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		path := filepath.Join(s.dir, "git")
		install := []string{"ansible-galaxy", "collection", "install", "--force", "-p", path}
		git := exec.CommandContext(t.Context(), "git", "clone", "-q", "--depth=1", "file://"+s.builds.root, filepath.Join(s.dir, "clone"))
		if out, err := git.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		s.run(t, s.dir, nil, append(install, "git+file://"+filepath.Join(s.dir, "clone"))...).installed(t)
		r := s.audited(t, path)
		r.fails(t, "holds no built programs, as when it is installed from git", "ansible-galaxy collection install --force openstack_ops.placement")
		if strings.Contains(r.flat(), "is a checkout") {
			t.Error(r.out)
		}
		s.run(t, s.dir, nil, append(install, "--offline", tarball(t, s.builds.root))...).installed(t)
		s.audited(t, path).ok(t)
	})
}

// In a checkout that was not built, the programs can be built.
func TestCheckoutNotBuilt(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		home := filepath.Join(s.dir, "checkout/ansible_collections/openstack_ops")
		if err := os.MkdirAll(home, 0o755); err != nil {
			t.Fatal(err)
		}
		clone := exec.CommandContext(t.Context(), "git", "clone", "-q", "--depth=1", "file://"+s.builds.root, filepath.Join(home, "placement"))
		if out, err := clone.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		s.audited(t, filepath.Join(s.dir, "checkout")).fails(t, "is a checkout and holds no built programs: run", "make build")
	})
}

// A release is installed from its URL, and from a mirror that a requirements file names.
func TestInstallFromURL(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		ball := tarball(t, s.builds.root)
		server := httptest.NewServer(http.FileServer(http.Dir(filepath.Dir(ball))))
		defer server.Close()
		url := server.URL + "/" + filepath.Base(ball)
		direct, listed := filepath.Join(s.dir, "direct"), filepath.Join(s.dir, "listed")
		s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", url, "-p", direct).installed(t)
		s.audited(t, direct).ok(t)
		file := filepath.Join(s.dir, "requirements.yml")
		write(t, file, "collections:\n  - name: "+url+"\n    type: url\n")
		s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", "-r", file, "-p", listed).installed(t)
		s.audited(t, listed).ok(t)
	})
}

// An execution environment needs nothing for the collection, and ansible-builder takes the definition of docs/installing.md.
func TestExecutionEnvironment(t *testing.T) {
	b := built(t)
	all, err := cores(b.root)
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, b, all[0])
	path := filepath.Join(s.dir, "collections")
	s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", "--offline", tarball(t, b.root), "-p", path).installed(t)
	builder := filepath.Join(b.root, ".venv/lint/bin/ansible-builder")
	needs := exec.CommandContext(t.Context(), builder, "introspect", path)
	out, err := needs.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "python: []\nsystem: []\n") {
		t.Errorf("%v: %s", err, out)
	}
	page, err := os.ReadFile(filepath.Join(b.root, "docs/installing.md"))
	if err != nil {
		t.Fatal(err)
	}
	definition := regexp.MustCompile("(?s)```yaml\n(version: 3\n.*?)```").FindSubmatch(page)
	if definition == nil {
		t.Fatal("docs/installing.md has no definition of an execution environment")
	}
	write(t, filepath.Join(s.dir, "execution-environment.yml"), string(definition[1]))
	create := exec.CommandContext(t.Context(), builder, "create", "--output-filename", "Containerfile")
	create.Dir = s.dir
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	listed, err := os.ReadFile(filepath.Join(s.dir, "context/_build/requirements.yml"))
	if err != nil || !strings.Contains(string(listed), "openstack_ops.placement") {
		t.Errorf("%v: %s", err, listed)
	}
}

// The command of docs/installing.md copies the program of a platform: one as it is, and one that is packed.
func TestProgramAsACommand(t *testing.T) {
	line := regexp.MustCompile(`(?m)^    ansible localhost --become -m (\S+) -a "(src=.* dest=)/usr/local/bin/placement( mode=0755)"$`)
	bothEnds(t, func(t *testing.T, s *site) {
		shown := line.FindStringSubmatch(read(t, filepath.Join(s.builds.root, "docs/installing.md")))
		if shown == nil {
			t.Fatal("docs/installing.md has no command that copies the program")
		}
		path := filepath.Join(s.dir, "command")
		s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", "--offline", s.ball, "-p", path).installed(t)
		for platform, sum := range map[string]string{"linux_" + runtime.GOARCH: s.digest, "darwin_arm64": s.apple} {
			dest := filepath.Join(s.dir, "placement-"+platform)
			args := strings.Replace(shown[2], "linux_amd64", platform, 1) + dest + shown[3]
			r := s.run(t, s.dir, []string{"ANSIBLE_COLLECTIONS_PATH=" + path}, "ansible", "localhost", "-m", shown[1], "-a", args)
			info, err := os.Stat(dest)
			if r.code != 0 || err != nil || info.Mode() != 0o755 || fmt.Sprintf("%x", sha256.Sum256([]byte(read(t, dest)))) != sum {
				t.Errorf("%s: status %d, %v:\n%s", platform, r.code, err, r.out)
			}
		}
	})
}

// quiet keeps ansible from warning that there is no inventory but localhost.
func quiet() []string {
	return []string{"ANSIBLE_LOCALHOST_WARNING=False", "ANSIBLE_INVENTORY_UNPARSED_WARNING=False"}
}

// A play runs with nothing but ansible-core, what that takes, and the commands of a POSIX system: an execution environment has no more.
func TestAnsibleCoreAlone(t *testing.T) {
	b := built(t)
	fromPip := slices.DeleteFunc(needCores(t, b), func(c core) bool { return c.bin == "/usr/bin" })
	onCores(t, b, fromPip, func(t *testing.T, s *site) {
		requirements := read(t, filepath.Join(s.builds.root, "tests/ansible/requirements-"+s.version+".txt"))
		for line := range strings.Lines(s.run(t, s.dir, nil, "pip", "--disable-pip-version-check", "freeze").ok(t).out) {
			if !strings.Contains(strings.ToLower(requirements), "\n"+strings.ToLower(strings.TrimSpace(line))+" \\\n") {
				t.Errorf("ansible-core does not ask for %s", line)
			}
		}
		tools, path := t.TempDir(), filepath.Join(s.dir, "alone")
		if err := command("/", "busybox", "--install", "-s", tools); err != nil {
			t.Fatal(err)
		}
		s.env = append(quiet(), "PATH="+s.bin+":"+tools, "HOME="+s.home, "ANSIBLE_COLLECTIONS_PATH="+path)
		s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", "--offline", tarball(t, s.builds.root), "-p", path).installed(t)
		snapshot := filepath.Join(s.builds.root, "tests/recorded/snapshot.json")
		r := s.run(t, s.dir, nil, "ansible-playbook", "openstack_ops.placement.audit", "-e", "placement_snapshot="+snapshot).ok(t)
		if !strings.Contains(r.out, "NOT CLEAN") || len(programs(t, s.cache)) != 1 {
			t.Errorf("%q: %s", programs(t, s.cache), r.out)
		}
	})
}

// imported prints what a page that galaxy-importer made of Markdown links to.
const imported = `
import re, sys
from galaxy_importer.utils import markup
for page in markup.get_doc_files(sys.argv[1]) + [markup.get_readme_doc_file(sys.argv[2])]:
    for link in re.findall(r'(?:href|src)="([^"]*)"', markup.get_html(page)):
        print(page.name, link)
`

// What Galaxy makes of the pages has no link that it can't follow.
func TestLinksOnGalaxy(t *testing.T) {
	b := built(t)
	dir := t.TempDir()
	if err := command(dir, "tar", "-xzf", tarball(t, b.root)); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(b.root, ".venv/lint/bin/python"), "-c", imported, filepath.Join(dir, "docs"), dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for link := range strings.Lines(string(out)) {
		page, target, _ := strings.Cut(strings.TrimSpace(link), " ")
		seen++
		if !strings.HasPrefix(target, "https://") && !strings.HasPrefix(target, "#") {
			t.Errorf("%s links to %s", page, target)
		}
	}
	if seen < 50 {
		t.Errorf("only %d links", seen)
	}
}
