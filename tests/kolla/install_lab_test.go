// SPDX-License-Identifier: Apache-2.0

//go:build lab

package kolla_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// The ansible-galaxy of Kolla-Ansible's virtual environment installs the tarball where ansible-playbook of it looks.
func TestLabInstalledForKolla(t *testing.T) {
	live.OneIsEnough(t, "current")
	root := live.Repository(t)
	balls, err := filepath.Glob(filepath.Join(root, "openstack_ops-placement-*.tar.gz"))
	if err != nil || len(balls) != 1 {
		t.Fatalf("want one tarball (run `make collection`), found %v: %v", balls, err)
	}
	venv, home := filepath.Join(root, ".venv/kolla/bin"), t.TempDir()
	run := func(argv ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), filepath.Join(venv, argv[0]), argv[1:]...)
		cmd.Dir = home
		cmd.Env = []string{
			"PATH=" + venv + ":/usr/bin:/bin", "HOME=" + home, "LANG=C.UTF-8", "ANSIBLE_NOCOLOR=1", "ANSIBLE_LOCALHOST_WARNING=False",
			"ANSIBLE_INVENTORY_UNPARSED_WARNING=False",
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v: %s", argv, err, out)
		}
		return string(out)
	}
	run("ansible-galaxy", "collection", "install", "--offline", balls[0])
	books := filepath.Join(home, ".ansible/collections/ansible_collections/openstack_ops/placement/playbooks")
	for _, book := range []string{"audit", "pre_upgrade", "post_upgrade"} {
		run("ansible-playbook", "--syntax-check", filepath.Join(books, book+".yml"))
	}
	out := run("ansible-playbook", filepath.Join(books, "audit.yml"), "-e", "placement_snapshot="+filepath.Join(root, "tests/recorded/snapshot.json"))
	if !strings.Contains(out, "NOT CLEAN") {
		t.Error(out)
	}
}
