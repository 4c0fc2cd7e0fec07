// SPDX-License-Identifier: Apache-2.0

//go:build lab

// Package kolla_test runs the playbooks against the lab in each of the ways operators run them: through the real
// kolla-ansible, as older releases of it did, as hooks of the real Kayobe, from OpenStack-Ansible, and by name.
package kolla_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// row is one playbook, and what comes of it.
type row struct {
	playbook string
	command  bool     // not for hooks
	every    bool     // run in every way, also where another one differs little
	vars     []string // of the command line; no blanks in them, which older releases of kolla-ansible can't take
	want     string   // in the output
	fails    bool
	changes  bool   // it may say that it changed something
	writes   string // methods and paths of the requests that it may send when not in check mode, as a regular expression
}

// rows are the playbooks, with what a lab is different in.
func rows(t *testing.T, s *site) []row {
	return []row{
		{playbook: "audit", every: true, vars: []string{"placement_grace=1", s.reports(t)}, want: "nothing found"},
		{playbook: "conflicts", vars: []string{
			"placement_become=false", "placement_lookup=true", "placement_since=all", "placement_timezone=UTC",
			`{"placement_files":["` + s.path("logs/nova-compute.log") + `"]}`,
		}, want: "the name is that of resource provider"},
		{
			playbook: "decommission", command: true, vars: []string{"decommission_check_host=cn1", "decommission_check_grace=1"},
			want: "cn1 can't be removed yet", fails: true,
		},
		{
			playbook: "heal", command: true, vars: []string{"heal_grace=1", "heal_journal=" + s.path("reports/journal.jsonl")}, want: "nothing to heal",
		},
		{
			playbook: "provider", command: true, vars: []string{"placement_provider=cn1", "placement_state=absent", "placement_journal=" + s.path("reports/journal.jsonl")},
			want: "must not be the resource provider of a compute node", fails: true,
		},
		{playbook: "restore", command: true, vars: []string{"placement_journal=" + s.path("reports/none.jsonl")}, want: "none.jsonl", fails: true},
		{
			playbook: "pre_upgrade", vars: []string{"pre_upgrade_grace=1", "pre_upgrade_become=false", "pre_upgrade_fail=false", "pre_upgrade_directory=" + s.path("reports/kept")},
			want: "Computes: ", changes: true,
		},
		{playbook: "post_upgrade", every: true, vars: []string{s.afterUpgrade(t)}, want: "computes have reported", changes: true},
	}
}

// afterUpgrade are the variables for a lab, which has no containers, and logs nothing where Kolla does.
func (s *site) afterUpgrade(t *testing.T) string {
	t.Helper()
	status := func(program string) []string {
		return []string{filepath.Join(s.lab, "bin", program), "upgrade", "check"}
	}
	text, err := json.Marshal(map[string]any{
		"post_upgrade_grace": 1, "post_upgrade_wait_interval": 3, "post_upgrade_become": false, "post_upgrade_directory": s.path("reports/kept"),
		"post_upgrade_since": "-5s", "post_upgrade_log_files": []string{filepath.Join(s.lab, "log/placement.log")}, "post_upgrade_container_engine": "none",
		"post_upgrade_placement_status": status("placement-status"), "post_upgrade_nova_status": status("nova-status"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// site is a deploy host.
type site struct {
	root     string // of the repository
	dir      string // what the operator has there: configurations, logs, reports
	home     string
	lab      string // where it is
	password string
	watch    *live.Watch
}

func (s *site) path(name string) string { return filepath.Join(s.dir, name) }

// reports returns the variable that asks the audit for a report.
func (s *site) reports(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"placement_reports": []map[string]string{{"path": s.path("reports/audit.json"), "format": "json"}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func newSite(t *testing.T, l *live.Lab) *site {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{root: root, dir: t.TempDir(), home: t.TempDir(), lab: filepath.Dir(l.CloudsFile), watch: l.Watch(t)}
	s.password = strings.TrimSpace(read(t, filepath.Join(s.lab, "password")))
	write(t, s.path("reports/.keep"), "")
	write(t, s.path("logs/nova-compute.log"), refusal)
	return s
}

// refusal is what nova-compute logs when its provider's name is taken.
const refusal = "2026-11-22 10:00:01.000 7 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] " +
	"[req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8] Failed to create resource provider record in placement API for UUID " +
	`4f1e2c3d-0a1b-4c2d-8e3f-222222222222. Got 409: {"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict ` +
	`when trying to complete your request.\n\n Conflicting resource provider name: cn1 already exists.  "}]}.` + "\n"

// run runs a playbook in one of the ways, and returns what it printed and whether it succeeded.
func (s *site) run(t *testing.T, w way, playbook string, options ...string) (out string, ok bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	argv := w.command(playbook, options)
	cmd := exec.CommandContext(ctx, filepath.Join(w.bin, argv[0]), argv[1:]...)
	cmd.Dir = s.dir
	cmd.Env = append([]string{
		"PATH=" + w.bin + ":/usr/bin:/bin", "HOME=" + s.home, "LANG=C.UTF-8", "ANSIBLE_NOCOLOR=1", "PYTHONDONTWRITEBYTECODE=1",
	}, w.env...)
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatalf("run `make setup`: %v: %v", argv, err)
	}
	if bytes.Contains(text, []byte(s.password)) {
		t.Errorf("%v: the password is in the output", argv)
	}
	return string(text), err == nil
}

// shared is what no run in check mode may change a file of: the operator's, and the collection's.
func (s *site) shared() []string {
	folders := []string{s.dir}
	for _, name := range []string{"binaries", "meta", "playbooks", "plugins", "roles"} {
		folders = append(folders, filepath.Join(s.root, name))
	}
	return folders
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// write writes a file, and makes its folder.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
