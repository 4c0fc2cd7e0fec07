// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const secret = "s3cret-of-the-test"

// cloudsFile writes a clouds.yaml with one cloud, at a port where nobody listens.
func cloudsFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clouds.yaml")
	content := "clouds:\n  here:\n    auth:\n      auth_url: http://127.0.0.1:1/v3\n      username: admin\n" +
		"      password: " + secret + "\n      project_name: admin\n      user_domain_name: Default\n      project_domain_name: Default\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// refused checks that the answer is a failure in one sentence that contains all of want and no secret.
func refused(t *testing.T, answer map[string]any, want ...string) {
	t.Helper()
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || answer["changed"] != false {
		t.Errorf("failed %v, changed %v", answer["failed"], answer["changed"])
	}
	for _, w := range want {
		if !strings.Contains(msg, w) {
			t.Errorf("msg does not contain %q: %s", w, msg)
		}
	}
	if strings.Contains(msg, "\n") || answer["exception"] != nil {
		t.Errorf("not one sentence: %s, exception %v", msg, answer["exception"])
	}
	whole, _ := json.Marshal(answer)
	if strings.Contains(string(whole), secret) {
		t.Errorf("the secret is in the answer: %s", whole)
	}
}

type badInput struct {
	args map[string]any
	want []string
}

func TestBadClouds(t *testing.T) {
	clouds := cloudsFile(t)
	refusesInput(t, map[string]badInput{
		"unknown cloud":  {map[string]any{"cloud": "there", "clouds_file": clouds}, []string{"cloud", "there", "here", clouds}},
		"no clouds file": {map[string]any{"cloud": "here", "clouds_file": "/nowhere/clouds.yaml"}, []string{"clouds_file", "/nowhere/clouds.yaml"}},
		"unreachable":    {map[string]any{"cloud": "here", "clouds_file": clouds}, []string{"http://127.0.0.1:1/v3", "refused"}},
	})
}

func TestBadChecks(t *testing.T) {
	clouds := cloudsFile(t)
	refusesInput(t, map[string]badInput{
		"unknown check": {
			map[string]any{"cloud": "here", "clouds_file": clouds, "checks": []string{"PLC999", "orphaned-allocation"}},
			[]string{"checks", "PLC999", "PLC101 orphaned-allocation"},
		},
		"unknown check to skip": {
			map[string]any{"snapshot": snapshotFile, "skip_checks": "orphans"}, []string{"skip_checks", "orphans"},
		},
		"all checks skipped": {
			map[string]any{"snapshot": snapshotFile, "checks": "PLC101", "skip_checks": "orphaned-allocation"},
			[]string{"skip_checks", "no check"},
		},
		"many at once": {
			map[string]any{"checks": "PLC999", "grace": -1, "severity": "awful", "nonsense": 1, "placement_endpoint": "not a url"},
			[]string{"PLC999", "grace", "severity", "awful", "nonsense", "placement_endpoint"},
		},
	})
}

func TestBadSnapshots(t *testing.T) {
	notOne := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(notOne, []byte(`{"findings": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	refusesInput(t, map[string]badInput{
		"no file":  {map[string]any{"snapshot": "/nowhere/s.json"}, []string{"snapshot", "/nowhere/s.json", "no such file"}},
		"a folder": {map[string]any{"snapshot": "/"}, []string{"snapshot", "directory"}},
		"not one":  {map[string]any{"snapshot": notOne}, []string{"snapshot", notOne, "save_snapshot"}},
		"both":     {map[string]any{"snapshot": notOne, "save_snapshot": notOne}, []string{"mutually exclusive", "snapshot|save_snapshot"}},
	})
}

func TestBadWatches(t *testing.T) {
	clouds := cloudsFile(t)
	refusesInput(t, map[string]badInput{
		"nothing watched": {
			map[string]any{"cloud": "here", "clouds_file": clouds, "checks": "flapping-provider"},
			[]string{"value of watch must be 1 or more for PLC210 flapping-provider, which checks names, got: 0"},
		},
		"no time to watch": {
			map[string]any{"cloud": "here", "clouds_file": clouds, "watch": 60, "timeout": 60},
			[]string{"value of watch must be less than timeout (60 seconds), got: 60"},
		},
		"a watch of a file": {map[string]any{"snapshot": snapshotFile, "watch": 5}, []string{"mutually exclusive", "watch|snapshot"}},
		"a watch below 0":   {map[string]any{"cloud": "here", "clouds_file": clouds, "watch": -1}, []string{"watch", "-1"}},
		"a watch and more": {
			map[string]any{"cloud": "here", "clouds_file": clouds, "checks": "PLC210", "grace": -1, "providers": ""},
			[]string{"watch", "PLC210", "grace", "providers"},
		},
	})
}

func refusesInput(t *testing.T, cases map[string]badInput) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { refused(t, runModule(t, c.args), c.want...) })
	}
}

// Findings beyond max_findings are counted, not returned.
func TestMaxFindings(t *testing.T) {
	all := runModule(t, map[string]any{"snapshot": snapshotFile})
	few := runModule(t, map[string]any{"snapshot": snapshotFile, "max_findings": 1})
	n := len(found(all))
	summary, _ := few["summary"].(map[string]any)
	if len(found(few)) != 1 || found(few)[0] != found(all)[0] ||
		summary["findings"] != float64(n) || summary["left_out"] != float64(n-1) || few["msg"] != all["msg"] {
		t.Errorf("%d of %d returned; summary %v", len(found(few)), n, summary)
	}
}

// checks and skip_checks take ids and names.
func TestChooseChecks(t *testing.T) {
	for _, args := range []map[string]any{
		{"checks": []string{"plc105", "over-capacity"}},
		{"checks": "PLC105,PLC301,PLC201,PLC101", "skip_checks": "PLC101,stale-provider"},
		{"checks": "PLC105,PLC301,PLC201", "skip_checks": "PLC201"},
	} {
		args["snapshot"] = snapshotFile
		answer := runModule(t, args)
		summary, _ := answer["summary"].(map[string]any)
		run, _ := json.Marshal(summary["checks_run"])
		if string(run) != `["PLC105","PLC301"]` {
			t.Errorf("%v ran %s: %v", args, run, answer["msg"])
		}
	}
}

// Severity says from where on a cloud is unclean; without findings of it the same cloud is clean.
func TestSeverity(t *testing.T) {
	for severity, want := range map[string]bool{"critical": true, "high": false, "medium": false} {
		answer := runModule(t, map[string]any{"snapshot": snapshotFile, "checks": "over-capacity", "severity": severity})
		if answer["clean"] != want || answer["complete"] != true {
			t.Errorf("%s: clean %v, complete %v", severity, answer["clean"], answer["complete"])
		}
	}
}

// Check mode does the same but writes no file.
func TestSaveSnapshot(t *testing.T) {
	for mode, written := range map[bool]bool{true: false, false: true} {
		path := filepath.Join(t.TempDir(), "saved.json")
		answer := runModule(t, map[string]any{
			"auth_type": "admin_token", "auth": map[string]any{"token": secret}, "grace": 0, "save_snapshot": path,
			"placement_endpoint": replay(t, "placement", never, nil), "compute_endpoint": replay(t, "compute", never, nil),
			"_ansible_check_mode": mode,
		})
		info, err := os.Stat(path)
		if (err == nil) != written || answer["failed"] != false || answer["changed"] != false {
			t.Fatalf("check mode %v: file %v, msg %v", mode, err, answer["msg"])
		}
		if !written {
			continue
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v", info.Mode())
		}
		again := runModule(t, map[string]any{"snapshot": path})
		if strings.Join(found(again), " ") != strings.Join(found(answer), " ") {
			t.Errorf("live %v, saved %v", found(answer), found(again))
		}
	}
}

// A folder that can't be written to is a fault of the option, not a lost audit without a word.
func TestSaveSnapshotNowhere(t *testing.T) {
	refused(t, runModule(t, map[string]any{
		"auth_type": "admin_token", "auth": map[string]any{"token": secret}, "grace": 0, "save_snapshot": "/nowhere/at/all.json",
		"placement_endpoint": replay(t, "placement", never, nil), "compute_endpoint": replay(t, "compute", never, nil),
	}), "save_snapshot", "/nowhere/at/all.json")
}
