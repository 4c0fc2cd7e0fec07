// SPDX-License-Identifier: Apache-2.0

//go:build browser

package html_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/html"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot/codec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

const root = "../../../../"

// The pages are opened in Chromium: tests/browser looks at each of them, and keeps pictures in .cache/browser/pages.
func TestBrowser(t *testing.T) {
	folder, err := filepath.Abs(root + ".cache/browser/pages")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	recorded, seen := recordedAudit(t)
	bad := audit()
	bad.Clean, bad.Msg = false, hostile
	for i := range 300 {
		bad.Findings = append(bad.Findings, finding(i, "PLC101", hostile))
	}
	bad.Providers = []report.Provider{{UUID: hostile, Name: hostile, Classes: []report.Class{{Name: hostile, Used: 3, Capacity: 2}}}}
	bad.NotRun = []check.NotRun{{Check: "PLC102", Name: hostile, Reason: hostile, Cause: hostile}}
	bad.Complete = false
	after := &verdict.After{Audit: recorded.Audit}
	reasons := after.Reasons()
	judged := &html.Judged{
		Title: "After the upgrade", Verdict: verdict.Fail, Msg: after.Sentence(verdict.Fail, reasons), Reasons: reasons, Audit: recorded.Audit,
		Checks: checks.All(), Conflicts: refusals("cn7"), StatusChecks: []verdict.StatusCheck{{Of: "nova", Host: "control01", Name: "Cell Mappings", Result: "success"}},
	}
	for name, made := range map[string]func() ([]byte, error){
		"audit":     func() ([]byte, error) { return html.Audit(recorded) },
		"verdict":   func() ([]byte, error) { return html.Verdict(judged) },
		"plan":      func() ([]byte, error) { return html.PlanPage(recordedPlan(recorded, seen)) },
		"conflicts": func() ([]byte, error) { return html.Conflicts(refusals("compute-01")) },
		"hostile":   func() ([]byte, error) { return html.Audit(bad) },
		"large":     func() ([]byte, error) { return html.Audit(Large(10000, 5000)) },
	} {
		data, err := made()
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name+".html"), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	node := exec.CommandContext(t.Context(), "node", "--test", "--test-reporter=spec", root+"tests/browser/pages.mjs")
	node.Env = append(os.Environ(), "PLACEMENT_PAGES="+folder)
	out, err := node.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}

// recordedAudit audits the recorded snapshot.
func recordedAudit(t *testing.T) (*report.Report, *snapshot.Snapshot) {
	t.Helper()
	data, err := os.ReadFile(root + "tests/recorded/snapshot.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := codec.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	v := check.Run(s, checks.All(), check.Defaults())
	a := report.Audit{Msg: "not clean", Findings: v.Findings, NotRun: v.NotRun, Complete: v.Complete()}
	a.Summary = report.Summary{
		TakenAt: s.TakenAt, Read: s.Counts(), BySeverity: report.CountSeverities(v.Findings), NotJudged: v.NotJudged, Suspects: v.Suspects,
	}
	return &report.Report{Audit: a, Checks: checks.All(), Providers: report.ProvidersOf(s)}, s
}

// recordedPlan is what placement_heal would plan for the recorded snapshot.
func recordedPlan(r *report.Report, s *snapshot.Snapshot) *report.Plan {
	f := &heal.Facts{Snapshot: s.View(), Findings: r.Findings, Providers: map[string]repair.Provider{}, Consumers: map[string]repair.Consumer{}}
	providers, consumers := heal.Wanted(f.Snapshot, f.Findings)
	for _, uuid := range providers {
		p, known := s.Provider(uuid)
		f.Providers[uuid] = repair.Provider{
			UUID: uuid, Name: p.Name, Parent: p.ParentUUID, Generation: p.Generation, Absent: !known,
			Inventories: s.InventoryMap[uuid], Traits: []string{}, Aggregates: s.MembershipMap[uuid],
		}
	}
	for _, uuid := range consumers {
		held := s.Held(uuid)
		c := repair.Consumer{UUID: uuid, ProjectID: "p", UserID: "u", Held: repair.Of(held)}
		if len(held) > 0 {
			c.Generation = &held[0].ConsumerGeneration
		}
		f.Consumers[uuid] = c
	}
	cloud := openstack.CloudOf([]string{"http://placement.example.org"}, "RegionOne")
	return &report.Plan{
		ID: "7f3a6a52-0d55-4a8e-9a55-0d1f7a5b5c11", Digest: "0123456789ab", Cloud: cloud.String(), MadeAt: "2026-11-22T18:05:00Z", Msg: "a plan", Dry: true,
		Steps: heal.Steps(f), Checks: checks.All(),
	}
}
