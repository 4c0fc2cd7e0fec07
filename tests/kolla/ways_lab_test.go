// SPDX-License-Identifier: Apache-2.0

//go:build lab

package kolla_test

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Each playbook finds the cloud by itself in each way, and in check mode sends no write and changes no file.
func TestLabWays(t *testing.T) {
	live.OneIsEnough(t, "current")
	l := live.Find(t)
	s := newSite(t, l)
	all := ways(t, s, l)
	known := live.Files(t, s.shared()...)
	s.watch.Writes(t)

	t.Run("check", func(t *testing.T) { each(t, s, all, "--check") })
	if writes := s.watch.Writes(t); len(writes) > 0 {
		t.Errorf("writes in check mode: %q", writes)
	}
	if changed := live.Changed(known, live.Files(t, s.shared()...)); len(changed) > 0 {
		t.Errorf("changed in check mode: %q", changed)
	}

	t.Run("in earnest", func(t *testing.T) { each(t, s, all[1:2]) })
	may := regexp.MustCompile("^(" + strings.Join(mayWrite(rows(t, s)), "|") + ")$")
	if writes := slices.DeleteFunc(s.watch.Writes(t), may.MatchString); len(writes) > 0 {
		t.Errorf("writes: %q", writes)
	}
	for _, path := range live.Changed(known, live.Files(t, s.shared()...)) {
		if !strings.HasPrefix(path, s.path("reports")) {
			t.Errorf("changed: %s", path)
		}
	}
	read(t, s.path("reports/audit.json"))
}

// mayWrite returns the requests that the playbooks may send.
func mayWrite(all []row) []string {
	list := []string{"nothing"}
	for _, r := range all {
		if r.writes != "" {
			list = append(list, r.writes)
		}
	}
	return list
}

// each runs every playbook in every way.
func each(t *testing.T, s *site, all []way, options ...string) {
	for _, w := range all {
		for _, r := range rows(t, s) {
			if w.hook && r.command || w.few && !r.every {
				continue
			}
			t.Run(w.name+"/"+r.playbook, func(t *testing.T) {
				t.Parallel()
				given := slices.Clone(options)
				for _, v := range r.vars {
					given = append(given, "-e", v)
				}
				out, ok := s.run(t, w, r.playbook, given...)
				if ok == r.fails || !strings.Contains(strings.Join(strings.Fields(out), " "), r.want) {
					t.Errorf("succeeded %v, want %v and %q:\n%s", ok, !r.fails, r.want, out)
				}
				if !r.changes && regexp.MustCompile(`changed=[1-9]`).MatchString(out) {
					t.Errorf("something changed:\n%s", out)
				}
				if r.playbook == "conflicts" && !strings.Contains(out, "ok: ["+w.host+"]") {
					t.Errorf("the logs of %s were not read:\n%s", w.host, out)
				}
			})
		}
	}
}

// command runs a program that has to succeed.
func command(t *testing.T, argv ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), argv[0], argv[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", argv, err, out)
	}
}
