// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// core is a line of cores.txt.
type core struct {
	series, first      string
	oldest, newest     int // the minor versions of Python 3
	packaged, releases bool
}

var coreLine = regexp.MustCompile(`^(2\.\d+) +(2\.\d+\.\d+) +3\.(\d+) +3\.(\d+) +(apt|pip)(  release)?$`)

// coresOf reads cores.txt.
func coresOf(t *testing.T) []core {
	t.Helper()
	var all []core
	for line := range strings.Lines(read(t, "tests/ansible/cores.txt")) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "#") {
			continue
		}
		words := coreLine.FindStringSubmatch(line)
		if words == nil || !strings.HasPrefix(words[2], words[1]+".") {
			t.Fatalf("cores.txt: want series, first release, two Pythons, a source and perhaps release, got %q", line)
		}
		oldest, _ := strconv.Atoi(words[3])
		newest, _ := strconv.Atoi(words[4])
		all = append(all, core{words[1], words[2], oldest, newest, words[5] == "apt", words[6] != ""})
	}
	if len(all) < 2 {
		t.Fatalf("cores.txt lists %v", all)
	}
	return all
}

// What is said of the supported releases of ansible-core is what cores.txt says, and each has its requirements.
func TestCores(t *testing.T) {
	var series []string
	all, runtime := coresOf(t), read(t, "meta/runtime.yml")
	for _, c := range all {
		series = append(series, c.series)
		if want := c.series + ".0"; len(series) > 1 && c.first != want && !strings.Contains(runtime, "!="+want) {
			t.Errorf("meta/runtime.yml does not refuse %s", want)
		}
		if pin := fmt.Sprintf("\nansible-core==%s.", c.series); !c.packaged && !strings.Contains(read(t, "tests/ansible/requirements-"+c.series+".txt"), pin) {
			t.Errorf("requirements-%s.txt does not pin %s", c.series, strings.TrimSpace(pin))
		}
	}
	if requires := "requires_ansible: '>=" + all[0].first; !strings.Contains(runtime, requires) {
		t.Errorf("meta/runtime.yml does not say %q", requires)
	}
	last := len(series) - 1
	if want := "Tested with " + strings.Join(series[:last], ", ") + " and " + series[last] + "."; !strings.Contains(read(t, "README.md"), want) {
		t.Errorf("README.md does not say %q", want)
	}
}

// Each release is run by a workflow: on the Python of Debian 12, or on that of Debian 13.
func TestCoresInWorkflows(t *testing.T) {
	const bookworm, trixie = 11, 13
	jobs := flowOf(t, ".github/workflows/test.yml").Jobs
	suite := slices.Contains(jobs["test"].Strategy.Matrix.Stages, "ansible")
	second := slices.ContainsFunc(jobs["trixie"].Steps, func(s step) bool { return s.Run == ".ci/trixie" })
	beyond, err := script(t, "scripts/cores", "--beyond", "3."+strconv.Itoa(bookworm))
	if err != nil {
		t.Fatal(beyond)
	}
	for _, c := range coresOf(t) {
		newer := slices.Contains(strings.Fields(beyond), c.series)
		first := suite && c.oldest <= bookworm && bookworm <= c.newest
		if !first && (!second || !newer || trixie < c.oldest || c.newest < trixie) {
			t.Errorf("no workflow runs ansible-core %s", c.series)
		}
	}
}

// One release makes the tarball, and nothing else says which.
func TestReleaseCore(t *testing.T) {
	var want []string
	for _, c := range coresOf(t) {
		if c.releases {
			want = append(want, c.series)
		}
	}
	got, err := script(t, "scripts/cores", "--release")
	if err != nil || len(want) != 1 || strings.TrimSpace(got) != want[0] {
		t.Errorf("%v: %q, cores.txt marks %v", err, got, want)
	}
	named := regexp.MustCompile(`\b2\.[12]\d\b`)
	for _, name := range files(t, "") {
		folder, _, _ := strings.Cut(filepath.ToSlash(name), "/")
		if !slices.Contains([]string{"Makefile", ".ci", ".github", "scripts"}, folder) && !strings.HasPrefix(name, "tests/live/") {
			continue
		}
		if found := named.FindString(read(t, name)); found != "" {
			t.Errorf("%s names ansible-core %s: ask scripts/cores", name, found)
		}
	}
}

// A Python is taken if it runs and its version fits; that of PYTHON goes before the others.
func TestPython(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		first  string
		taken  bool
	}{
		"fits":           {"exit 0", "3.10", true},
		"does not fit":   {"exit 1", "3.98", false},
		"is not one":     {"exit 127", "3.98", false},
		"none is so new": {"exec python3 \"$@\"", "3.98", false},
	} {
		t.Run(name, func(t *testing.T) {
			python := filepath.Join(t.TempDir(), "python3")
			if err := os.WriteFile(python, []byte("#!/bin/sh\n"+c.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PYTHON", python)
			out, err := script(t, "scripts/python", c.first)
			if (err == nil) != c.taken || c.taken && strings.TrimSpace(out) != python {
				t.Errorf("%q, %v", out, err)
			}
		})
	}
}

// Without apt the set-up names all commands that are missing at once, and the way to them.
func TestSetupWithoutApt(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"bash", "cut", "dirname", "env", "go", "grep", "head", "sed", "sort"} {
		linkCommand(t, name, dir)
	}
	t.Setenv("PATH", dir)
	out, err := script(t, "scripts/setup", "lint")
	if err == nil || !strings.Contains(out, "setup: these commands are missing: git shellcheck\n") || !strings.Contains(out, "there is no apt-get here") {
		t.Errorf("%v: %s", err, out)
	}
	out, err = script(t, "scripts/setup", "nonsense")
	if err == nil || !strings.Contains(out, "with a PURPOSE of: demo collection") || !strings.Contains(out, "got: nonsense") {
		t.Errorf("%v: %s", err, out)
	}
}

// The set-up of the suite says that no Python of the machine runs what is asked for.
func TestSetupOfNoCore(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"bash", "cut", "dirname", "env", "go", "grep", "head", "sed", "sort"} {
		linkCommand(t, name, dir)
	}
	for _, name := range []string{"busybox", "gcc", "git", "qemu-aarch64-static", "sshd", "sudo", "systemctl"} {
		standIn(t, filepath.Join(dir, name), "exit 0")
	}
	t.Setenv("PATH", dir)
	t.Setenv("PYTHON", filepath.Join(dir, "python"))
	standIn(t, filepath.Join(dir, "python"), "exit 0") // fits whatever is asked
	t.Setenv("PLACEMENT_ANSIBLE", "2.3")
	if out, err := script(t, "scripts/setup", "ansible"); err == nil || !strings.Contains(out, "setup: no Python of this machine runs ansible-core 2.3;") {
		t.Errorf("%v: %s", err, out)
	}
}

func linkCommand(t *testing.T, name, dir string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		err = os.Symlink(path, filepath.Join(dir, name))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// script runs one of this repository and returns all that it says.
func script(t *testing.T, name string, arguments ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, name), arguments...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
