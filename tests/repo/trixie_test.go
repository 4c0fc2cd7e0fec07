// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The copy of the checkout in the Debian 13 is one that git knows, with what was built and what is not committed.
func TestTrixieFill(t *testing.T) {
	dir, system := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"committed": "old", "removed": "", ".gitignore": "binaries\n*.tar.gz\n"} {
		writeFile(t, filepath.Join(dir, name), text, 0o600)
	}
	git := func(folder string, words ...string) string {
		t.Helper()
		words = append([]string{"-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org"}, words...)
		out, err := exec.CommandContext(t.Context(), "git", words...).CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", words, err, out)
		}
		return string(out)
	}
	git(dir, "init", "-q")
	git(dir, "add", ".")
	git(dir, "commit", "-q", "-m", "all")
	for name, text := range map[string]string{"committed": "new", "more": "", "binaries/sha256.json": "", "a.tar.gz": ""} {
		writeFile(t, filepath.Join(dir, name), text, 0o600)
	}
	if err := os.Remove(filepath.Join(dir, "removed")); err != nil {
		t.Fatal(err)
	}
	fill := regexp.MustCompile(`(?ms)^fill\(\) \{.*?^\}`).FindString(read(t, "scripts/trixie"))
	for range 2 {
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", fill+"\nfill")
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "system="+system)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	src := filepath.Join(system, "src")
	if got := git(src, "status", "--porcelain"); got != " M committed\n D removed\n?? more\n" {
		t.Errorf("%q", got)
	}
	for _, name := range []string{"binaries/sha256.json", "a.tar.gz"} {
		if _, err := os.Stat(filepath.Join(src, name)); err != nil {
			t.Error(err)
		}
	}
	git(dir, "clone", "-q", "--depth=1", "file://"+src, filepath.Join(system, "clone"))
	if !strings.Contains(read(t, "Makefile"), "\ntest-trixie: build collection ") {
		t.Error("make test-trixie does not build what it tests")
	}
}
