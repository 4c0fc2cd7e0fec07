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
	return strings.Join(strings.Fields(string(text)), " "), err == nil
}

// decommission is a host that is to go, with what the playbook about it has to say.
type decommission struct {
	host, phase string
	want        []string
	ok          bool
}

// says runs the playbook about a host, in check mode too.
func (d decommission) says(t *testing.T, l *live.Lab) {
	t.Helper()
	for _, mode := range [][]string{nil, {"--check", "--tags", "decommission_check"}} {
		out, ok := checkCompute(t, l, append(mode, "-e", "decommission_check_host="+d.host, "-e", "decommission_check_phase="+d.phase)...)
		if ok != d.ok || !strings.Contains(out, "changed=0") {
			t.Errorf("%s %s %v: succeeded %v:\n%s", d.phase, d.host, mode, ok, out)
		}
		for _, want := range d.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s %s %v: no %q in\n%s", d.phase, d.host, mode, want, out)
			}
		}
	}
}

// A compute with servers can't be removed, one without can; what Nova's deletion leaves of it is found, and nothing if
// nothing is.
func TestLabDecommission(t *testing.T) {
	l := live.Find(t)
	l.Command(t, "host", "add", "cn12")
	t.Cleanup(func() {
		_ = exec.Command("../lab/lab", "host", "--profile", "nova", "--release", live.Release(), "retire", "cn12").Run()
	})
	for _, d := range []decommission{
		{"cn1", "before", []string{"cn1 can't be removed yet: resource provider cn1 ", "server s1 (", "), ACTIVE on cn1, holds "}, false},
		{"cn12", "before", []string{"cn12 can be removed: nothing holds resource provider cn12 ", "new servers may land on it at any time"}, true},
		{"cn99", "before", []string{"no resource provider is named cn99", "Nova has no compute service on cn99"}, false},
		{"cn1", "after", []string{"nova-compute on cn1 still reports; stop it", "is left of cn1", "1 server is on it in Nova"}, false},
	} {
		d.says(t, l)
	}
	l.Command(t, "host", "retire", "cn12")
	decommission{"cn12", "after", []string{"nothing is left of cn12"}, true}.says(t, l)
}

// A server that runs on the host without an allocation keeps it.
func TestLabDecommissionWithoutAllocation(t *testing.T) {
	l := live.Find(t)
	l.Command(t, "seed", "missing-allocation")
	t.Cleanup(func() { l.Command(t, "unseed", "missing-allocation") })
	decommission{"cn2", "before", []string{"server seed-missing-allocation (", "), ACTIVE on cn2, holds nothing of its resource providers"}, false}.says(t, l)
}

// What a server left on a dead host when it was evacuated is said to be that, and deleting the compute service clears it.
func TestLabDecommissionLeftover(t *testing.T) {
	l := live.Find(t)
	l.Command(t, "seed", "evacuation-leftover")
	t.Cleanup(func() { l.Command(t, "unseed", "evacuation-leftover") })
	decommission{"cn9", "before", []string{
		"cn9 can be removed: resource provider cn9 ", "is held only by the leftover of evacuated server seed-evacuation-leftover (",
		"which is now on cn1; Nova clears it when the compute service is deleted",
	}, true}.says(t, l)
	decommission{"cn9", "after", []string{"the compute service of cn9 is left (down"}, false}.says(t, l)
}

// What is left of a host is deleted if the role is told to; in check mode and by default it stays.
func TestLabDecommissionClean(t *testing.T) {
	l := live.Find(t)
	l.Command(t, "seed", "stale-provider")
	t.Cleanup(func() { l.Command(t, "unseed", "stale-provider") })
	left := []string{"-e", "decommission_check_host=cn7", "-e", "decommission_check_phase=after"}
	clean := append([]string{"-e", "decommission_check_clean=true"}, left...)
	for _, args := range [][]string{left, append([]string{"--check"}, clean...)} {
		if out, ok := checkCompute(t, l, args...); ok || !strings.Contains(out, "is left of cn7") {
			t.Errorf("%v:\n%s", args, out)
		}
	}
	out, ok := checkCompute(t, l, clean...)
	for _, want := range []string{"1 done PLC201: Delete resource provider cn7 (", "nothing is left of cn7"} {
		if !ok || !strings.Contains(out, want) {
			t.Errorf("succeeded %v, no %q in\n%s", ok, want, out)
		}
	}
}
