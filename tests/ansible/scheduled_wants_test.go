// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func (x *scheduled) wantNoPassword(t *testing.T, out string) {
	t.Helper()
	if strings.Contains(out, rolePassword) {
		t.Errorf("the password is in the output:\n%s", around(out, rolePassword))
	}
}

// wantPrivate holds what is secret to root's eyes, and the password to one file.
func (x *scheduled) wantPrivate(t *testing.T, dir string) {
	t.Helper()
	program, config := os.FileMode(0o755), os.FileMode(0o700)
	if x.foreign != nil {
		program, config = 0o751, 0o750 // which were there
	}
	for name, want := range map[string]os.FileMode{
		"libexec": program, "etc": config, "state": 0o700, "etc/clouds.yaml": 0o600, "etc/ca.pem": 0o600, "etc/quick.json": 0o600, "libexec/placement": 0o755,
		"textfile": 0o755, "units/placement-audit-quick.service": 0o644, "rules/placement.rules": 0o644,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s: %v, want %v", name, info.Mode(), want)
		}
	}
	for _, name := range files(t, dir) {
		if has := strings.Contains(read(t, filepath.Join(dir, name)), rolePassword); has != (name == "etc/clouds.yaml") {
			t.Errorf("the password is in %s: %v", name, has)
		}
	}
	if text := read(t, filepath.Join(dir, "etc/clouds.yaml")); !strings.Contains(text, x.root+"/etc/ca.pem") {
		t.Errorf("the certificate is not where the credentials say: %s", text)
	}
}

// wantArguments has the program itself say what it thinks of the arguments: all of them are known, and the cloud is found.
func (x *scheduled) wantArguments(t *testing.T, dir string) {
	t.Helper()
	var full map[string]any
	if err := json.Unmarshal([]byte(read(t, dir+"/full.json")), &full); err != nil {
		t.Fatal(err)
	}
	if full["baseline"] != x.root+"/state/full.json" || full["quick"] != false || full["ignore"] == nil {
		t.Errorf("the full audit's arguments: %v", full)
	}
	x.wantCapacity(t, dir)
	program := filepath.Join(x.dir, "after-first/libexec/placement")
	for part, want := range map[string]string{"quick": "state/quick.json", "full": "state/full.json", "conflicts": "state/conflicts.json", "capacity": "state/capacity.json"} {
		name := map[string]string{"conflicts": "conflicts", "capacity": "capacity_info"}[part]
		if name == "" {
			name = "audit"
		}
		out, _ := exec.CommandContext(t.Context(), program, name, dir+"/"+part+".json", "--brief").CombinedOutput()
		if got := string(out); !strings.Contains(got, "reports[0] -> path") || !strings.Contains(got, want) || strings.Contains(got, "Unsupported") {
			t.Errorf("%s: %s", part, got) // all folders are gone again: that is the only fault
		}
	}
}

// wantCapacity holds the count to the flavors that were named, and to its own time.
func (x *scheduled) wantCapacity(t *testing.T, dir string) {
	t.Helper()
	timer := read(t, filepath.Join(dir, "../units/placement-capacity.timer"))
	if text := read(t, dir+"/capacity.json"); !strings.Contains(text, `"in_use": false`) || !strings.Contains(text, `"m1.small"`) || !strings.Contains(timer, "OnCalendar=*:7/15") {
		t.Errorf("the count: %s\n%s", text, timer)
	}
}

// wantCalls tells in which order systemd heard of the timers.
func (x *scheduled) wantCalls(t *testing.T) {
	t.Helper()
	calls := read(t, x.dir+"/bin/systemd/calls")
	at := 0
	for _, want := range []string{
		"daemon-reload", "enable placement-audit-quick.timer", "start placement-conflicts.timer", "stop placement-audit-quick.timer", "daemon-reload",
	} {
		next := strings.Index(calls[at:], want)
		if next < 0 {
			t.Fatalf("no %s in this place of\n%s", want, calls)
		}
		at += next + len(want)
	}
	if left := files(t, x.dir+"/bin/systemd"); !slices.Equal(left, []string{"calls"}) {
		t.Errorf("after absent: %v", left)
	}
}

// wantRules compares what was written with what Prometheus is to get, or Kayobe before it.
func (x *scheduled) wantRules(t *testing.T, path string) {
	t.Helper()
	want := read(t, filepath.Join(x.site.root, "roles/scheduled_audit/files/placement.rules"))
	if x.raw {
		want = "{% raw %}\n" + want + "{% endraw %}\n"
	}
	if got := read(t, path); got != want {
		t.Errorf("the rules are not those of the role (raw %v): %s", x.raw, got)
	}
}
