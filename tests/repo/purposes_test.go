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

// Each stage of scripts/test sets up what it takes, and no stage all of it.
func TestPurposesOfStages(t *testing.T) {
	text := read(t, "scripts/test")
	function := regexp.MustCompile(`(?ms)^purposes_of\(\) \{.*?^\}`).FindString(text)
	known := strings.Fields(regexp.MustCompile(`(?m)^purposes=\((.*)\)$`).FindStringSubmatch(read(t, "scripts/setup"))[1])
	stages := regexp.MustCompile(`(?m)^\s*(?:beside )?stage ([a-z-]+) `).FindAllStringSubmatch(text, -1)
	if len(stages) < 10 {
		t.Fatalf("found only the stages %q", stages)
	}
	for _, stage := range stages {
		out, err := exec.CommandContext(t.Context(), "bash", "-c", function+"\npurposes_of "+stage[1]).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", stage[1], err, out)
		}
		for _, purpose := range strings.Fields(string(out)) {
			if !slices.Contains(known, purpose) {
				t.Errorf("%s: scripts/setup has no purpose %s", stage[1], purpose)
			}
		}
	}
	if out, err := exec.CommandContext(t.Context(), "bash", "-c", function+"\npurposes_of nonsense").CombinedOutput(); err == nil || !strings.Contains(string(out), "no stage nonsense") {
		t.Errorf("%v: %s", err, out)
	}
}

// user makes a folder of commands with an apt, for somebody who is not root, and returns it.
func user(t *testing.T, more map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"awk", "bash", "chmod", "cmp", "cp", "cut", "dirname", "env", "grep", "head", "mkdir", "rm", "sed", "sh", "sort", "touch"} {
		linkCommand(t, name, dir)
	}
	stubs := map[string]string{
		"apt-get": "echo apt-get was called; exit 1", "dpkg-query": "exit 1", "id": "echo 1000",
		"go": "echo go1.99.0", "python3": "exit 0",
	}
	for _, all := range []map[string]string{stubs, more} {
		for name, text := range all {
			writeFile(t, filepath.Join(dir, name), "#!/bin/sh\n"+text+"\n", 0o755)
		}
	}
	return dir
}

// Who can't be root is told what to install, and by whom.
func TestSetupWithoutRoot(t *testing.T) {
	for name, c := range map[string]struct {
		sudo   string
		noRoot string
		calls  bool
	}{
		"no sudo":                {},
		"sudo asks":              {sudo: "exit 1"},
		"sudo is not to be used": {sudo: "exec \"$@\"", noRoot: "1"},
		"sudo":                   {sudo: "[ \"$1\" = -n ] && shift; [ \"$1\" = true ] || exec \"$@\"", calls: true},
	} {
		t.Run(name, func(t *testing.T) {
			more := map[string]string{}
			if c.sudo != "" {
				more["sudo"] = c.sudo
			}
			t.Setenv("PATH", user(t, more))
			t.Setenv("NO_ROOT", c.noRoot)
			out, err := script(t, "scripts/setup", "lint")
			told := strings.Contains(out, "setup: these commands are missing: git shellcheck\nsetup: run this as root, or ask who may, and run it again: apt-get install git shellcheck\n")
			if called := strings.Contains(out, "apt-get was called"); err == nil || called != c.calls || told == c.calls {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// Where there is no Python at all, Debian's is installed before one is looked for.
func TestSetupWithoutPython(t *testing.T) {
	dir := user(t, map[string]string{"id": "echo 0"})
	if err := os.Remove(filepath.Join(dir, "python3")); err != nil {
		t.Fatal(err)
	}
	linkCommand(t, "git", dir)
	t.Setenv("PATH", dir)
	for _, purpose := range []string{"publish", "dist"} {
		if out, err := script(t, "scripts/setup", purpose); err == nil || !strings.Contains(out, "setup: installing with apt: python3\n") {
			t.Errorf("%s: %v: %s", purpose, err, out)
		}
	}
}

// Without root ansible-core comes from PyPI, although there is an apt.
func TestAnsibleWithoutRoot(t *testing.T) {
	dir := checkout(t)
	for _, name := range []string{"scripts/setup", "scripts/pip-check", "tests/ansible/requirements-2.21.txt"} {
		writeFile(t, filepath.Join(dir, name), read(t, name), 0o755)
	}
	python := filepath.Join(t.TempDir(), "python3")
	writeFile(t, python, `#!/bin/sh
[ "$1 $2" = "-m venv" ] || exit 0
mkdir -p "$3/bin"
printf '#!/bin/sh\necho "pip $*"\n' >"$3/bin/pip"
printf '#!/bin/sh\n' >"$3/bin/ansible-galaxy"
chmod +x "$3/bin/pip" "$3/bin/ansible-galaxy"
`, 0o755)
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "scripts/setup"), "collection")
	cmd.Env = []string{"PATH=" + user(t, nil), "PYTHON=" + python}
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(string(out), "apt-get was called") || !strings.Contains(string(out), "pip --quiet --disable-pip-version-check install --no-deps --require-hashes") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(dir, ".venv/ansible-2.21/requirements.txt")); err != nil {
		t.Error(err)
	}
}

// askLab says what tests/lab does on a machine with apt, for somebody who is not root, and whose apt would have this to install.
const askLab = `
import os, shutil, sys
sys.path.insert(0, "tests/lab")
from placementlab import packages
from placementlab.layout import Instance
from placementlab.steps import LabError
there, missing = sys.argv[1].split(","), sys.argv[2:]
os.geteuid, os.isatty = lambda: 1000, lambda _: False
packages.shutil.which = lambda name, **_: name if name in there else None
packages.missing_apt = lambda *_: missing
packages.apt_install = lambda _, names: print("apt", *names)
packages.fill_venv = lambda instance: print("pypi")
for profile, release in (("placement", "zed"), ("placement", "current")):
    try:
        packages.install(Instance(profile, release), say=lambda *_, **__: None)
        print("done")
    except LabError as error:
        print(error)
print("from apt" if packages.from_apt(Instance("placement", "zed")) else "not from apt")
`

// The lab takes Placement from PyPI where it can't install Debian's packages, and those that are there.
func TestRootlessLab(t *testing.T) {
	refused := "placement of the release zed takes Debian's packages, and there is no apt here, or no root and no sudo"
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"no apt":             {[]string{"sudo", "x"}, []string{refused, "pypi\ndone", "not from apt"}},
		"no sudo":            {[]string{"apt-get,dpkg-query", "x"}, []string{refused, "pypi\ndone", "not from apt"}},
		"nothing is missing": {[]string{"apt-get,dpkg-query"}, []string{"done\npypi\ndone\nfrom apt"}},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "python3", append([]string{"-B", "-c", askLab}, c.args...)...)
			cmd.Dir, cmd.Env = root, append(os.Environ(), "LAB_DIR="+t.TempDir())
			out, err := cmd.CombinedOutput()
			for _, want := range c.want {
				if err != nil || !strings.Contains(string(out), want) {
					t.Errorf("%v: not %q in: %s", err, want, out)
				}
			}
		})
	}
}

// What is missing is set up by scripts/setup alone, and the lab is called with a Python that was looked for.
func TestSetupIsAsked(t *testing.T) {
	direct := regexp.MustCompile(`(?m)^\s*(?:lab=\$\()?tests/lab/lab .*$`)
	for _, path := range append(matches(t, "scripts/*"), "Makefile") {
		text := read(t, path)
		if path != "scripts/setup" && regexp.MustCompile(`apt-get install|dpkg-query`).MatchString(text) {
			t.Errorf("%s installs by itself: ask scripts/setup", path)
		}
		if path == "Makefile" || path == "scripts/peer-inventory" {
			for _, line := range direct.FindAllString(text, -1) {
				t.Errorf("%s calls the lab with any Python: %s", path, line)
			}
		}
	}
}

// The set-up of the suite of tests/ansible brings each virtual environment that its tests take.
func TestSetupOfAnsible(t *testing.T) {
	brings := regexp.MustCompile(`(?ms)^for_ansible\(\) \{.*?^\}`).FindString(read(t, "scripts/setup"))
	taken := regexp.MustCompile(`\.venv/[a-z]+\b`)
	found := 0
	for _, path := range matches(t, "tests/ansible/*_test.go") {
		for _, venv := range taken.FindAllString(read(t, path), -1) {
			found++
			if venv != ".venv/ansible" && !strings.Contains(brings, "need_venv "+venv+" ") {
				t.Errorf("%s takes %s, which `scripts/setup ansible` does not bring", path, venv)
			}
		}
	}
	if found == 0 {
		t.Error("no virtual environment was found")
	}
}
