// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func to(format, path string) dict { return dict{"format": format, "path": path} }

// logged is a folder with a log of two conflicts, one of which passed, and the options that read it.
func logged(t *testing.T, reports ...any) (dir string, args dict) {
	t.Helper()
	log := write(t, t.TempDir()+"/nova-compute.log", nameTaken(1), nameTaken(61))
	api := write(t, filepath.Dir(log)+"/placement-api.log", served(2, putInventories, 409), served(3, putInventories, 200))
	return t.TempDir(), dict{"files": []any{log, api}, "since": "all", "timezone": "UTC", "reports": reports}
}

func contents(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(dir + "/*")
	hidden, _ := filepath.Glob(dir + "/.*")
	if err != nil {
		t.Fatal(err)
	}
	return append(paths, hidden...)
}

func TestReports(t *testing.T) {
	dir, args := logged(t)
	args["max_conflicts"] = 0
	args["reports"] = []any{to("json", dir+"/r.json"), to("junit", dir+"/r.xml"), to("markdown", dir+"/r.md"), to("prometheus", dir+"/r.prom")}
	answer := works(t, args)
	if left := part(answer["summary"])["left_out"]; left != 2.0 || len(contents(t, dir)) != 4 {
		t.Errorf("left out %v, files %v", left, contents(t, dir))
	}
	for name, want := range map[string]struct {
		mode os.FileMode
		text string
	}{
		"r.json": {0o600, `"conflict": "duplicate-name"`}, "r.md": {0o600, "| persistent | 2 | duplicate-name |"},
		"r.xml":  {0o600, `<testcase classname="placement_conflicts" name="duplicate-name">`},
		"r.prom": {0o644, `placement_audit_conflicts{cloud="",region="",conflict="duplicate-name",verdict="persistent"} 2`},
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info, _ := os.Stat(filepath.Join(dir, name)); info.Mode().Perm() != want.mode || !strings.Contains(string(text), want.text) {
			t.Errorf("%s: mode %v, %s", name, info.Mode(), text)
		}
	}
}

// The report in JSON has what the module returns, but for what Ansible adds.
func TestReportHasResult(t *testing.T) {
	dir, args := logged(t)
	args["reports"] = []any{to("json", dir+"/r.json")}
	answer := works(t, args)
	text, err := os.ReadFile(dir + "/r.json")
	if err != nil {
		t.Fatal(err)
	}
	var got dict
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"changed", "failed", "invocation", "warnings"} {
		delete(answer, key)
	}
	delete(got, "format")
	delete(got, "version")
	if !reflect.DeepEqual(got, answer) {
		t.Errorf("report %v\nresult %v", got, answer)
	}
}

func TestReportsInCheckMode(t *testing.T) {
	dir, args := logged(t)
	args["reports"] = []any{to("json", dir+"/r.json"), to("markdown", dir+"/made/before.md")}
	args["_ansible_check_mode"] = true
	answer := works(t, args)
	if len(contents(t, dir)) != 0 || len(list(answer["warnings"])) != 1 {
		t.Errorf("files %v, warnings %v", contents(t, dir), answer["warnings"])
	}
}

func TestBadReports(t *testing.T) {
	dir, args := logged(t)
	for name, c := range map[string]struct {
		report any
		more   dict
		want   string
	}{
		"no folder":      {to("json", "/nowhere/r.json"), nil, "reports[0] -> path"},
		"the state":      {to("json", dir+"/s"), dict{"state_file": dir + "/s"}, "must not be the same file as that of state_file"},
		"the audit's":    {to("json", dir+"/a"), dict{"audit_report": dir + "/a"}, "must not be the same file as that of audit_report"},
		"unknown format": {to("pdf", dir+"/x"), nil, "format"},
	} {
		more := dict{"reports": []any{c.report}}
		for key, value := range args {
			if key != "reports" {
				more[key] = value
			}
		}
		for key, value := range c.more {
			more[key] = value
		}
		answer := runModule(t, more)
		if answer["failed"] != true || !strings.Contains(text(answer["msg"]), c.want) || len(contents(t, dir)) != 0 {
			t.Errorf("%s: %v, files %v", name, answer["msg"], contents(t, dir))
		}
	}
}

// A report that can't be written takes neither the result nor the others with it. What a log quotes of a secret is masked.
func TestReportLostAndMasked(t *testing.T) {
	const secret = "s3cret-of-the-test"
	dir, args := logged(t)
	args["reports"] = []any{to("json", filepath.Join(dir, strings.Repeat("x", 250))), to("markdown", dir+"/r.md"), to("json", dir+"/r.json")}
	args["auth"] = dict{"token": secret}
	log := write(t, t.TempDir()+"/nova-compute.log", strings.ReplaceAll(nameTaken(1), "compute-01", secret))
	args["files"] = []any{log}
	answer := runModule(t, args)
	if answer["failed"] != true || !strings.Contains(text(answer["msg"]), "too long") || len(conflictsOf(answer)) != 1 {
		t.Errorf("%v", answer)
	}
	for _, name := range []string{"/r.md", "/r.json"} {
		if data, err := os.ReadFile(dir + name); err != nil || strings.Contains(string(data), secret) {
			t.Errorf("%v: %s", err, data)
		}
	}
}
