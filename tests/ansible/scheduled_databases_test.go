// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fromDatabases are variables of a play in which the audits and the count read databases.
const fromDatabases = `scheduled_audit_source: database
    scheduled_audit_nova_conf: /here/nova.conf
    scheduled_audit_placement_conf: /here/placement.conf
    scheduled_audit_database: {host: 192.0.2.2, user: reader, password: "` + databasePassword + `"}`

// Timers that read databases need no credentials of the APIs, and get none: those that were there go. What a repair needs stays.
func TestScheduledDatabases(t *testing.T) {
	bothEnds(t, func(t *testing.T, s *site) {
		x := newScheduled(t, s)
		writeBelow(t, filepath.Join(x.root, "etc/clouds.yaml"), "x")
		nobody := regexp.MustCompile(`(?s)    cloud_auth:.*?\n(    scheduled_audit_activate)`)
		plays := []string{
			nobody.ReplaceAllString(x.play("databases", fromDatabases), "$1"),
			x.play("repair", fromDatabases+"\n    scheduled_audit_repair: plan"),
		}
		r := x.plays(t, plays, "--diff", "-vvv").ok(t)
		wantHidden(t, r.out)
		reading := []string{"etc/capacity.json", "etc/full.json", "etc/quick.json"}
		for _, after := range []string{"after-databases", "after-repair"} {
			x.wantOnlyIn(t, after, reading...)
			for _, name := range reading {
				x.wantReads(t, filepath.Join(x.dir, after, name))
			}
		}
		if _, err := os.Stat(x.dir + "/after-databases/etc/clouds.yaml"); err == nil {
			t.Error("there are credentials that nothing uses")
		}
		if text := read(t, x.dir+"/after-repair/etc/repair.json"); !strings.Contains(text, `"clouds_file"`) || strings.Contains(text, `"source"`) {
			t.Errorf("the repair does not log in: %s", text)
		}
		if _, err := os.Stat(x.dir + "/after-repair/etc/clouds.yaml"); err != nil {
			t.Error(err)
		}
	})
}

// wantReads holds the arguments of a part to the databases, and has the program say what it thinks of them.
func (x *scheduled) wantReads(t *testing.T, path string) {
	t.Helper()
	text := read(t, path)
	for _, want := range []string{`"source": "database"`, `"nova_conf": "/here/nova.conf"`, `"placement_conf": "/here/placement.conf"`, `"host": "192.0.2.2"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s: no %s in %s", path, want, text)
		}
	}
	if strings.Contains(text, `"clouds_file"`) {
		t.Errorf("%s logs in: %s", path, text)
	}
	module := map[string]string{"capacity.json": "capacity_info"}[filepath.Base(path)]
	if module == "" {
		module = "audit"
	}
	program := filepath.Join(x.root, "libexec/placement")
	args := filepath.Join(t.TempDir(), "args.json")
	write(t, args, strings.ReplaceAll(text, x.root, "/nowhere")) // its folders are not there: that is the only fault
	out, _ := exec.CommandContext(t.Context(), program, module, args, "--brief").CombinedOutput()
	if got := string(out); !strings.Contains(got, "reports[0] -> path") || strings.Contains(got, "Unsupported") || strings.Contains(got, "with source") {
		t.Errorf("%s: %s", path, got)
	}
}
