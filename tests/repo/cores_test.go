// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What is said of the supported releases of ansible-core is what cores.txt says, and each has its requirements.
func TestCores(t *testing.T) {
	var series []string
	requires := ""
	for line := range strings.Lines(read(t, "tests/ansible/cores.txt")) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if len(words) != 5 || !strings.HasPrefix(words[1], words[0]+".") {
			t.Fatalf("cores.txt: want series, first release, two Pythons and a source, got %q", line)
		}
		series = append(series, words[0])
		if requires == "" {
			requires = "requires_ansible: '>=" + words[1]
		}
		if want := words[0] + ".0"; len(series) > 1 && words[1] != want && !strings.Contains(read(t, "meta/runtime.yml"), "!="+want) {
			t.Errorf("meta/runtime.yml does not refuse %s", want)
		}
		if pin := fmt.Sprintf("\nansible-core==%s.", words[0]); words[4] == "pip" && !strings.Contains(read(t, "tests/ansible/requirements-"+words[0]+".txt"), pin) {
			t.Errorf("requirements-%s.txt does not pin %s", words[0], strings.TrimSpace(pin))
		}
	}
	if len(series) < 2 {
		t.Fatalf("cores.txt lists %v", series)
	}
	if !strings.Contains(read(t, "meta/runtime.yml"), requires) {
		t.Errorf("meta/runtime.yml does not say %q", requires)
	}
	last := len(series) - 1
	if want := "Tested with " + strings.Join(series[:last], ", ") + " and " + series[last] + "."; !strings.Contains(read(t, "README.md"), want) {
		t.Errorf("README.md does not say %q", want)
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
