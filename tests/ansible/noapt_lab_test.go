// SPDX-License-Identifier: Apache-2.0

//go:build lab

package ansible_test

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// The demo runs where there is no apt and no ansible-core in the PATH: Placement is from PyPI.
func TestLabDemoWithoutApt(t *testing.T) {
	live.OneIsEnough(t, "current")
	repository := live.Repository(t)
	path := filepath.Dir(mustFind(t, "go")) + ":" + commandsWithout(t, regexp.MustCompile(`^(apt|dpkg|ansible|uwsgi)`))
	cmd := exec.CommandContext(t.Context(), "make", "demo")
	cmd.Dir = repository
	cmd.Env = append(os.Environ(), "PATH="+path, fmt.Sprintf("LAB_PORT_BASE=%d", live.Number(t, "LAB_PORT_BASE", 21000)+600),
		"LAB_CACHE="+cmp.Or(os.Getenv("LAB_CACHE"), filepath.Join(cmp.Or(os.Getenv("LAB_DIR"), filepath.Join(repository, ".lab")), "cache")))
	out, err := cmd.CombinedOutput()
	_, alive, _ := strings.Cut(string(out), "== A real control plane on loopback (profile placement)")
	if err != nil || !strings.Contains(alive, "resource provider seed-below-usage") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(repository, ".lab/demo/placement-current/etc/uwsgi")); !os.IsNotExist(err) {
		t.Errorf("uwsgi of this machine serves it: %v", err)
	}
}

// commandsWithout returns a folder that holds the commands of this machine but for some.
func commandsWithout(t *testing.T, some *regexp.Regexp) string {
	t.Helper()
	folder := t.TempDir()
	for _, dir := range []string{"/usr/bin", "/usr/sbin"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if some.MatchString(entry.Name()) {
				continue
			}
			err := os.Symlink(filepath.Join(dir, entry.Name()), filepath.Join(folder, entry.Name()))
			if err != nil && !os.IsExist(err) {
				t.Fatal(err)
			}
		}
	}
	return folder
}

func mustFind(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
