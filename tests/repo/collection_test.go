// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// setupStub is a set-up that brings an ansible-galaxy; what that builds names who built it.
const setupStub = `#!/usr/bin/env bash
set -euo pipefail
echo "set up: $*"
bin=.venv/ansible-$(scripts/cores | sed -n '$s/ .*//p')/bin
mkdir -p "$bin"
printf '#!/bin/sh\necho "built: $*"\n: >openstack_ops-placement-1.2.3.tar.gz\n' >"$bin/ansible-galaxy"
chmod +x "$bin/ansible-galaxy"
`

// goStub is a Go that replaces the tarball as cmd/release does, after which its folder is newer than the tarball.
const goStub = `#!/bin/sh
echo "go $*"
cp "$4" "$4.new" && sleep 0.1 && mv "$4.new" "$4"
`

// checkout makes one with what `make collection` reads, whose programs are built, and returns its folder.
func checkout(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{
		"Makefile", "scripts/collection", "scripts/ansible-bin", "scripts/cores", "scripts/python", "scripts/squeeze", "scripts/digests",
		"tests/ansible/cores.txt", "README.md",
	} {
		writeFile(t, filepath.Join(dir, name), read(t, name), 0o755)
	}
	writeFile(t, filepath.Join(dir, "scripts/setup"), setupStub, 0o755)
	for name, text := range map[string]string{"galaxy.yml": "version: 1.2.3\n", "go.mod": "", "go.sum": "", "plugins/a.py": "", ".gitignore": "*.tar.gz\n.venv\nbinaries\n"} {
		writeFile(t, filepath.Join(dir, name), text, 0o600)
	}
	home := filepath.Join(dir, "playbooks/collections/ansible_collections/openstack_ops")
	for _, folder := range []string{home, filepath.Join(dir, "cmd/placement"), filepath.Join(dir, "modules")} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../../../..", filepath.Join(home, "placement")); err != nil {
		t.Fatal(err)
	}
	for _, platform := range []string{"linux_amd64", "linux_arm64", "darwin_arm64"} {
		writeFile(t, filepath.Join(dir, "binaries", platform, "placement"), platform, 0o755)
	}
	if out, err := exec.CommandContext(t.Context(), "git", "-C", dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

func writeFile(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(text), mode)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// `make collection` sets up what it lacks and goes on, and builds nothing again that nobody changed.
func TestCollectionFromNothing(t *testing.T) {
	dir, commands := checkout(t), t.TempDir()
	for _, name := range []string{
		"awk", "bash", "cat", "chmod", "cp", "cut", "dirname", "env", "find", "git", "grep", "ls", "make", "mkdir", "mv", "python3", "rm", "sed", "sh",
		"sha256sum", "sleep", "wc",
	} {
		linkCommand(t, name, commands)
	}
	writeFile(t, filepath.Join(commands, "go"), goStub, 0o755)
	build := func() string {
		cmd := exec.CommandContext(t.Context(), "make", "collection")
		cmd.Dir, cmd.Env = dir, []string{"PATH=" + commands, "HOME=" + dir}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	out := build()
	for _, want := range []string{"set up: collection\n", "built: collection build --force\n", "go run ./cmd/release repack openstack_ops-placement-1.2.3.tar.gz"} {
		if !strings.Contains(out, want) {
			t.Errorf("does not say %q: %s", want, out)
		}
	}
	if out := build(); strings.Contains(out, "built: ") {
		t.Errorf("built again, with nothing changed: %s", out)
	}
	if err := os.Remove(filepath.Join(dir, "binaries/linux_arm64/placement.xz")); err != nil {
		t.Fatal(err)
	}
	if out := build(); !strings.Contains(out, "built: ") {
		t.Errorf("not built again: %s", out)
	}
}

// What docs/installing.md has people build in a checkout brings a program for each platform, whole or packed, as far as galaxy.yml lets
// it into the tarball.
func TestProgramsFromCheckout(t *testing.T) {
	page := read(t, "docs/installing.md")
	if !strings.Contains(page, "\n    make collection\n    ansible-galaxy collection install --force ./openstack_ops-placement-*.tar.gz\n") {
		t.Error("docs/installing.md installs something else from a checkout")
	}
	ask := exec.CommandContext(t.Context(), "make", "--no-print-directory", "--eval=asked:;@echo $(PLATFORMS):$(PROGRAMS) $(SQUEEZED)", "asked")
	ask.Dir = root
	out, err := ask.Output()
	if err != nil {
		t.Fatal(err)
	}
	platforms, made, _ := strings.Cut(strings.TrimSpace(string(out)), ":")
	var galaxy struct {
		Ignore []string `yaml:"build_ignore"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "galaxy.yml")), &galaxy); err != nil {
		t.Fatal(err)
	}
	packed := slices.DeleteFunc(strings.Fields(made), func(file string) bool {
		return slices.ContainsFunc(galaxy.Ignore, func(pattern string) bool { ok, _ := filepath.Match(pattern, file); return ok })
	})
	for _, platform := range strings.Fields(platforms) {
		of := slices.DeleteFunc(slices.Clone(packed), func(file string) bool { return !strings.HasPrefix(file, "binaries/"+platform+"/") })
		if len(of) != 1 {
			t.Errorf("%s: the tarball has %q, not one program", platform, of)
		}
	}
	if len(strings.Fields(platforms)) < 3 {
		t.Errorf("found only the platforms %q", platforms)
	}
}
