// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// reported writes a report in JSON about a snapshot, and returns its path.
func reported(t *testing.T, args map[string]any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.json")
	args["reports"] = []any{to("json", path)}
	if answer := runModule(t, args); answer["failed"] != false {
		t.Fatal(answer["msg"])
	}
	return path
}

// A report and the snapshot that it was made of are the same baseline.
func TestBaseline(t *testing.T) {
	before := saved(t, twoHosts, holds(orphan, checktest.Compute), holds(orphan2, checktest.Compute))
	now := saved(t, twoHosts, func(s *snapshot.Snapshot) { checktest.Hold(s, orphan2, second, "VCPU", 20) })
	for name, baseline := range map[string]string{"snapshot": before, "report": reported(t, map[string]any{"snapshot": before, "max_findings": 0})} {
		answer := runModule(t, map[string]any{"snapshot": now, "baseline": baseline, "checks": "PLC101,PLC301"})
		wanted(t, answer, "PLC101:consumer:"+orphan2, "PLC301:provider:"+second)
		if got := column(answer["findings"], "state"); !slices.Equal(got, []string{"known", "new"}) {
			t.Errorf("%s: states %v", name, got)
		}
		if got := column(answer["gone"], "fingerprint"); !slices.Equal(got, []string{"PLC101:consumer:" + orphan}) {
			t.Errorf("%s: gone %v", name, got)
		}
		for state, want := range map[string]float64{"new": 1, "known": 1, "gone": 1} {
			if got := dig(answer, "summary", "by_state", state); got != want {
				t.Errorf("%s: %s %v, want %v", name, state, got, want)
			}
		}
		if answer["msg"] != "not clean: 2 high (1 new, 1 known, 1 gone)" {
			t.Errorf("%s: %v", name, answer["msg"])
		}
	}
}

// Each audit of a row is compared with the one before; the first with none.
func TestBaselineOfRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	args := map[string]any{"snapshot": saved(t, holds(orphan, checktest.Compute)), "checks": "PLC101", "baseline": path, "reports": []any{to("json", path)}}
	for _, want := range []string{"not clean: 1 high", "not clean: 1 high (0 new, 1 known, 0 gone)"} {
		if answer := runModule(t, args); answer["msg"] != want {
			t.Errorf("%v, want %s", answer["msg"], want)
		}
	}
	args["baseline"] = path + ".none"
	for _, other := range []any{to("markdown", path+".none"), to("json", path+".other")} {
		args["reports"] = []any{other}
		refused(t, runModule(t, args), "baseline", path+".none", "no such file")
	}
}

// Without a baseline nothing says how findings compare.
func TestNoBaseline(t *testing.T) {
	answer := runModule(t, map[string]any{"snapshot": saved(t, holds(orphan, checktest.Compute))})
	findings, _ := answer["findings"].([]any)
	finding, _ := findings[0].(map[string]any)
	if _, there := finding["state"]; there || dig(answer, "summary", "by_state") != nil || answer["gone"] == nil {
		t.Errorf("%v, %v, gone %v", finding, answer["summary"], answer["gone"])
	}
}

// What did not run now is neither known nor gone.
func TestBaselineOfOtherChecks(t *testing.T) {
	before := saved(t, holds(orphan, checktest.Compute))
	unread := func(s *snapshot.Snapshot) { s.MarkFailed(snapshot.Servers, "403 Forbidden") }
	quick := func(s *snapshot.Snapshot) { s.Quick = &snapshot.Quick{Trees: 1, Granted: 1} }
	for name, args := range map[string]map[string]any{
		"not asked for": {"snapshot": saved(t), "skip_checks": "PLC101"}, "not read": {"snapshot": saved(t, unread)},
		"read in part": {"snapshot": saved(t, quick)},
	} {
		args["baseline"] = reported(t, map[string]any{"snapshot": before})
		answer := runModule(t, args)
		if gone := column(answer["gone"], "id"); len(gone) != 0 {
			t.Errorf("%s: gone %v", name, gone)
		}
		if got := column(dig(answer, "summary", "not_compared"), "check"); !slices.Equal(got, []string{"PLC101"}) {
			t.Errorf("%s: not compared %v", name, got)
		}
	}
}

// A baseline in which a finding was accepted knows it.
func TestBaselineWithIgnored(t *testing.T) {
	from := saved(t, holds(orphan, checktest.Compute))
	rules := []any{map[string]any{"check": "PLC101", "subject": "*", "reason": "x"}}
	baseline := reported(t, map[string]any{"snapshot": from, "ignore": rules})
	answer := runModule(t, map[string]any{"snapshot": from, "baseline": baseline, "checks": "PLC101"})
	if got := column(answer["findings"], "state"); !slices.Equal(got, []string{"known"}) {
		t.Errorf("states %v", got)
	}
	answer = runModule(t, map[string]any{"snapshot": from, "ignore": rules, "baseline": from})
	if n := len(column(answer["gone"], "id")); n != 0 || dig(answer, "summary", "by_state", "known") != 0.0 {
		t.Errorf("gone %v, summary %v", answer["gone"], answer["summary"])
	}
}

// One file can be baseline and report: each run compares with the one before.
func TestRollingBaseline(t *testing.T) {
	path := reported(t, map[string]any{"snapshot": saved(t)})
	from := saved(t, holds(orphan, checktest.Compute))
	for _, want := range []string{"new", "known"} {
		answer := runModule(t, map[string]any{"snapshot": from, "checks": "PLC101", "baseline": path, "reports": []any{to("json", path)}})
		if got := column(answer["findings"], "state"); !slices.Equal(got, []string{want}) {
			t.Errorf("states %v, want %s", got, want)
		}
	}
}

func TestBadBaseline(t *testing.T) {
	from := saved(t)
	good, err := os.ReadFile(reported(t, map[string]any{"snapshot": from}))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, want string }{
		"no file":         {"/nowhere/b.json", "no such file"},
		"a folder":        {t.TempDir(), "directory"},
		"empty":           {written(t, "b.json", nil), "neither"},
		"another's":       {written(t, "b.json", []byte(`{"findings": []}`)), "neither"},
		"half a report":   {written(t, "b.json", good[:len(good)/2]), "neither"},
		"a newer report":  {written(t, "b.json", []byte(`{"format": "openstack_ops.placement/report", "version": 2}`)), "version 2"},
		"not of a report": {written(t, "b.json", []byte(`{"format": "openstack_ops.placement/report", "version": 1}`)), "no findings"},
		"not whole":       {written(t, "b.json", []byte(`{"format": "openstack_ops.placement/snapshot", "version": 1}`)), "which parts"},
		"half a snapshot": {written(t, "b.json", whole[:len(whole)/2]), "neither"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, runModule(t, map[string]any{"snapshot": from, "baseline": c.path}), "baseline", c.path, c.want)
		})
	}
	answer := runModule(t, map[string]any{"cloud": "here", "clouds_file": cloudsFile(t), "baseline": "/nowhere/b.json"})
	refused(t, answer, "baseline", "/nowhere/b.json") // before the cloud is asked
}
