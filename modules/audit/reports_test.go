// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func to(format, path string) map[string]any { return map[string]any{"format": format, "path": path} }

// contents are the names of all files in a folder: no temporary file may be left.
func contents(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestReports(t *testing.T) {
	dir := t.TempDir()
	from := saved(t, holds(orphan, checktest.Compute), holds(orphan2, checktest.Compute))
	answer := runModule(t, map[string]any{"snapshot": from, "checks": "PLC101", "max_findings": 1, "reports": []any{
		to("json", dir+"/r.json"), to("junit", dir+"/r.xml"), to("markdown", dir+"/r.md"), to("prometheus", dir+"/r.prom"),
	}})
	if answer["failed"] != false || answer["changed"] != false || !slices.Equal(contents(t, dir), []string{"r.json", "r.md", "r.prom", "r.xml"}) {
		t.Fatalf("%v, files %v", answer["msg"], contents(t, dir))
	}
	for name, want := range map[string]struct {
		mode os.FileMode
		text string
	}{
		"r.json": {0o600, `"fingerprint": "PLC101:consumer:` + orphan2}, "r.md": {0o600, "# Placement audit: not clean: 2 high\n"},
		"r.xml":  {0o600, `<testcase classname="placement_audit" name="PLC101 orphaned-allocation">`},
		"r.prom": {0o644, `placement_audit_findings{look="full",cloud="",region="",check="PLC101",name="orphaned-allocation",severity="high"} 2`},
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

// The report in JSON has what the module returns, but for what Ansible adds, and all findings.
func TestReportHasResult(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	answer := runModule(t, map[string]any{"snapshot": saved(t, holds(orphan, checktest.Compute)), "reports": []any{to("json", path)}})
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "format")
	delete(got, "version")
	for _, key := range []string{"changed", "failed", "invocation", "warnings"} {
		delete(answer, key)
	}
	if !reflect.DeepEqual(got, answer) {
		t.Errorf("report %v\nresult %v", got, answer)
	}
}

func TestReportsInCheckMode(t *testing.T) {
	dir := t.TempDir()
	answer := runModule(t, map[string]any{"snapshot": saved(t), "_ansible_check_mode": true, "reports": []any{
		to("json", dir+"/r.json"), to("markdown", dir+"/made/by/a/task/before.md"),
	}})
	if answer["failed"] != false || len(contents(t, dir)) != 0 {
		t.Errorf("%v, files %v", answer["msg"], contents(t, dir))
	}
	if w := warnings(answer); len(w) != 1 || !strings.Contains(w[0], "before.md") {
		t.Errorf("warnings %v", w)
	}
}

// A report takes the place of the older one, with its mode, through a link too.
func TestReportReplaces(t *testing.T) {
	path := written(t, "old.prom", []byte("old"))
	link := filepath.Join(filepath.Dir(path), "link.prom")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("old.prom", link); err != nil {
		t.Fatal(err)
	}
	runModule(t, map[string]any{"snapshot": saved(t), "reports": []any{to("prometheus", link)}})
	text, _ := os.ReadFile(path)
	info, _ := os.Lstat(link)
	target, err := os.Stat(path)
	if err != nil || !strings.Contains(string(text), `placement_audit_clean{look="full",cloud="",region=""} 1`) || info.Mode().IsRegular() || target.Mode().Perm() != 0o640 {
		t.Errorf("%v: %s, link %v, target %v", err, text, info.Mode(), target.Mode())
	}
}

// A secret that a service repeats in an error is in no report.
func TestReportMasked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	from := saved(t, func(s *snapshot.Snapshot) { s.MarkFailed(snapshot.Servers, "bad token "+secret) })
	answer := runModule(t, map[string]any{
		"snapshot": from, "auth": map[string]any{"token": secret}, "reports": []any{to("json", path)},
	})
	text, err := os.ReadFile(path)
	if err != nil || answer["complete"] != false || !strings.Contains(string(text), "bad token") || strings.Contains(string(text), secret) {
		t.Errorf("%v, %v: %s", err, answer["msg"], text)
	}
}

func TestReportName(t *testing.T) {
	dir := t.TempDir()
	answer := runModule(t, map[string]any{"snapshot": saved(t), "reports": []any{to("prometheus", dir+"/r.txt")}})
	if w := warnings(answer); len(w) != 1 || !strings.Contains(w[0], ".prom") {
		t.Errorf("warnings %v", w)
	}
}

// The fault of one file takes neither the result nor the other files with it.
func TestReportLost(t *testing.T) {
	dir := t.TempDir()
	long := filepath.Join(dir, strings.Repeat("x", 250)) // its temporary file's name is too long
	answer := runModule(t, map[string]any{"snapshot": saved(t, holds(orphan, checktest.Compute)), "checks": "PLC101", "reports": []any{
		to("json", long), to("markdown", dir+"/r.md"),
	}})
	refused(t, answer, "reports[0] -> path", long, "too long")
	if len(prints(answer)) != 1 || !slices.Equal(contents(t, dir), []string{"r.md"}) {
		t.Errorf("found %v, files %v", prints(answer), contents(t, dir))
	}
}

// So does the fault of a snapshot.
func TestSnapshotLost(t *testing.T) {
	dir := t.TempDir()
	long := filepath.Join(dir, strings.Repeat("x", 250))
	answer := runModule(t, map[string]any{
		"auth_type": "admin_token", "auth": map[string]any{"token": secret}, "grace": 0, "save_snapshot": long,
		"placement_endpoint": replay(t, "placement", never, nil), "compute_endpoint": replay(t, "compute", never, nil),
		"reports": []any{to("markdown", dir+"/r.md"), to("json", long+"y")},
	})
	refused(t, answer, "save_snapshot", long, "too long", "reports[1] -> path")
	if msg, _ := answer["msg"].(string); strings.Contains(msg, "\n") {
		t.Errorf("more than one line: %q", msg)
	}
	if len(prints(answer)) == 0 || !slices.Equal(contents(t, dir), []string{"r.md"}) {
		t.Errorf("found %v, files %v", prints(answer), contents(t, dir))
	}
}

func TestBadReports(t *testing.T) {
	from, dir := saved(t), t.TempDir()
	file := written(t, "file", nil)
	for name, c := range map[string]struct {
		reports any
		more    map[string]any
		want    []string
	}{
		"no path":        {[]any{map[string]any{"format": "json"}}, nil, []string{"missing", "path", "reports[0]"}},
		"no format":      {[]any{map[string]any{"path": "x"}}, nil, []string{"missing", "format", "reports[0]"}},
		"unknown format": {[]any{to("pdf", dir+"/x")}, nil, []string{"format", "pdf", "prometheus", "reports[0]"}},
		"not a dict":     {[]any{"x.json"}, nil, []string{"reports", "dict"}},
		"empty path":     {[]any{to("json", "")}, nil, []string{"reports[0] -> path", "empty"}},
		"no folder":      {[]any{to("json", "/nowhere/at/all.json")}, nil, []string{"reports[0] -> path", "/nowhere/at/all.json", "no such file"}},
		"a folder":       {[]any{to("json", dir)}, nil, []string{"reports[0] -> path", dir, "is a directory"}},
		"below a file":   {[]any{to("json", file+"/x")}, nil, []string{"reports[0] -> path", file + "/x", "not a directory"}},
		"a device":       {[]any{to("json", "/dev/null")}, nil, []string{"reports[0] -> path", "/dev/null", "regular"}},
		"one path twice": {[]any{to("json", dir+"/../"+filepath.Base(dir)+"/x"), to("markdown", dir+"/x")}, nil, []string{"reports[1] -> path", "reports[0] -> path"}},
		"the snapshot":   {[]any{to("json", from)}, nil, []string{"reports[0] -> path", "snapshot"}},
		"two bad ones": {
			[]any{to("json", "/nowhere/a.json"), to("json", dir), to("json", dir+"/good")},
			nil,
			[]string{"2 faults", "reports[0] -> path", "/nowhere/a.json", "reports[1] -> path"},
		},
		"with other faults": {
			[]any{to("json", "/nowhere/a.json")}, map[string]any{"grace": -1, "checks": "PLC999"}, []string{"3 faults", "grace", "PLC999", "/nowhere/a.json"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := map[string]any{"snapshot": from, "reports": c.reports}
			for key, value := range c.more {
				args[key] = value
			}
			refused(t, runModule(t, args), c.want...)
			if len(contents(t, dir)) != 0 {
				t.Errorf("files %v", contents(t, dir))
			}
		})
	}
}

// Without a cloud nothing is read: the fault of a path is found before anybody logs in.
func TestBadPathsComeFirst(t *testing.T) {
	args := map[string]any{
		"cloud": "here", "clouds_file": cloudsFile(t), "save_snapshot": "/nowhere/s.json", "reports": []any{to("json", "/nowhere/s.json")},
	}
	answer := runModule(t, args)
	refused(t, answer, "save_snapshot", "/nowhere/s.json", "reports[0] -> path", "the same file")
	if msg, _ := answer["msg"].(string); strings.Contains(msg, "127.0.0.1") {
		t.Errorf("the cloud was asked: %s", msg)
	}
}

// Metrics of each provider are there only if they were asked for.
func TestProviderMetrics(t *testing.T) {
	path := t.TempDir() + "/r.prom"
	for asked, want := range map[bool]int{false: 0, true: 1} {
		runModule(t, map[string]any{"snapshot": saved(t), "provider_metrics": asked, "reports": []any{to("prometheus", path)}})
		text, err := os.ReadFile(path)
		if n := strings.Count(string(text), "# TYPE placement_provider_capacity gauge"); err != nil || n != want {
			t.Errorf("provider_metrics %v: %d, %v\n%s", asked, n, err, text)
		}
	}
}
