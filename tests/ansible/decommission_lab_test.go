// SPDX-License-Identifier: Apache-2.0

//go:build lab

package ansible_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// checkCompute runs the playbook about a host, with nothing but what kolla-ansible post-deploy has written to log in with.
func checkCompute(t *testing.T, l *live.Lab, args ...string) (out string, ok bool) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/ansible-playbook", append([]string{
		"playbooks/decommission.yml", "-e", "CONFIG_DIR=" + l.Root, "-e", "decommission_check_grace=2",
	}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "ANSIBLE_CONFIG="+filepath.Join(root, "ansible.cfg"), "HOME="+t.TempDir(), "XDG_CACHE_HOME=")
	text, err := cmd.CombinedOutput()
	return string(text), err == nil
}

// A compute with servers can't be removed, one without can; what Nova's deletion leaves of it is found, and nothing if
// nothing is.
func TestLabDecommission(t *testing.T) {
	l := live.Find(t)
	l.Command(t, "host", "add", "cn12")
	t.Cleanup(func() {
		_ = exec.Command("../lab/lab", "host", "--profile", "nova", "--release", live.Release(), "retire", "cn12").Run()
	})
	check := func(host, phase, want string, wantOK bool) {
		t.Helper()
		for _, mode := range [][]string{nil, {"--check", "--tags", "decommission_check"}} {
			out, ok := checkCompute(t, l, append(mode, "-e", "decommission_check_host="+host, "-e", "decommission_check_phase="+phase)...)
			if ok != wantOK || !strings.Contains(out, want) || !strings.Contains(out, "changed=0") {
				t.Errorf("%s %s %v: succeeded %v, no %q in\n%s", phase, host, mode, ok, want, out)
			}
		}
	}
	check("cn1", "before", "cn1 can't be removed yet: resource provider cn1 ", false)
	check("cn12", "before", "cn12 can be removed: nothing holds resource provider cn12 ", true)
	check("cn99", "before", "no resource provider is named cn99", false)
	check("cn1", "after", "is left of cn1; clear what it holds", false)
	l.Command(t, "host", "retire", "cn12")
	check("cn12", "after", "nothing is left of cn12", true)
}
