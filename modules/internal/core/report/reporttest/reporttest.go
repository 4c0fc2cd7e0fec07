// SPDX-License-Identifier: Apache-2.0

// Package reporttest has results for the tests of the formats, and the files that they are compared with.
package reporttest

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot/codec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
)

// Hostile is a name that its owner chose to do harm with.
const Hostile = "a|b `c` <script>alert(1)</script> *d* [e](http://x.org) \n## f\n| \\ _g_ \u202e www.x.org \"h\""

// Taken is when the results were read.
func Taken() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 500_000_000, time.UTC) }

// Finding is one of the check.
func Finding(c *check.Check, subject check.Subject, message string, because ...string) check.Finding {
	subject.Type = c.Subject
	return check.Finding{
		ID: c.ID, Name: c.Name, Severity: c.Severity, Fingerprint: check.Fingerprint(c.ID, c.Subject, subject.UUID),
		Subject: subject, Message: message, Evidence: map[string]any{"generation": 3}, Because: append([]string{}, because...),
		Remedy: check.Remedy{Text: "Delete " + subject.UUID, Args: map[string]any{}},
	}
}

// Made are checks. They are not those of the registry: a new one changes no golden file.
func Made() (duplicate, stale, misplaced, quiet, cell *check.Check) {
	return &check.Check{ID: "PLC991", Name: "made-duplicate", Severity: check.High, Subject: check.OfProvider},
		&check.Check{ID: "PLC992", Name: "made-stale", Severity: check.Medium, Subject: check.OfProvider},
		&check.Check{ID: "PLC993", Name: "made-misplaced", Severity: check.Critical, Subject: check.OfServer},
		&check.Check{ID: "PLC994", Name: "made-quiet", Severity: check.Low, Subject: check.OfServer},
		&check.Check{ID: "PLC995", Name: "made-cell", Severity: check.Critical, Subject: check.OfCell}
}

// Full has something of everything.
func Full() *report.Report {
	duplicate, stale, misplaced, quiet, cell := Made()
	cause := Finding(duplicate, check.Subject{UUID: "u1", Name: "cn1"}, "resource providers cn1 (u1) and cn1.example.org (u2) are one host")
	cause.Remedy.Module, cause.Remedy.Args = "placement_provider", map[string]any{"name": "a`b", "state": "absent"}
	findings := []check.Finding{
		Finding(misplaced, check.Subject{UUID: "s1", Name: Hostile}, "server "+Hostile+" (s1) is elsewhere", "PLC992:provider:u2"),
		Finding(misplaced, check.Subject{UUID: "s2"}, "server s2 holds MEMORY_MB 512 nowhere", "PLC000:provider:ignored"),
		cause,
		Finding(duplicate, check.Subject{UUID: "u3", Name: "cn3"}, "cn3 (u3) is there twice"),
		Finding(stale, check.Subject{UUID: "u2", Name: "cn1.example.org"}, "cn1.example.org (u2) has no compute node", "PLC991:provider:u1"),
	}
	for i := range 6 {
		uuid := "n" + string(rune('0'+i))
		findings = append(findings, Finding(stale, check.Subject{UUID: uuid}, uuid+" has no compute node", "PLC991:provider:u3"))
	}
	for i := range findings {
		findings[i].State = check.Known
	}
	findings[0].State = check.New
	gone := Finding(quiet, check.Subject{UUID: "g1", Name: "was"}, "was (g1) was there")
	gone.State = check.Gone
	a := report.Audit{
		Msg: "INCOMPLETE: 2 critical", Findings: findings, Gone: []check.Finding{gone},
		Ignored: []triage.Ignored{{
			Fingerprint: "PLC994:server:i1", ID: "PLC994", Name: "made-quiet", Severity: check.Low,
			Subject: check.Subject{Type: check.OfServer, UUID: "i1", Name: "<i>"}, Message: "<i> (i1) is accepted", Reason: "a | b",
		}},
		NotRun:        []check.NotRun{{Check: "PLC995", Name: "made-cell", Reason: "services could not be read: <html>\n503"}},
		Microversions: map[string]string{"placement": "1.39", "compute": "2.69"},
		Cloud:         openstack.Cloud{Endpoints: []string{"http://192.0.2.10:8780"}, Region: "RegionOne"},
		Requests:      map[string]int{"GET": 41, "POST": 1},
	}
	then := Taken().Add(-24 * time.Hour)
	a.Summary = report.Summary{
		Findings: len(findings), BySeverity: report.CountSeverities(findings), ByState: report.CountStates(findings, a.Gone),
		ByCheck: map[string]int{"PLC991": 2, "PLC992": 7, "PLC993": 2}, Baseline: &then, Ignored: 1,
		UnusedIgnores: []string{"PLC994 x|`*"}, Scope: &triage.Names{Providers: []string{}, Hosts: []string{"cn1", "cn_2_"}, Aggregates: []string{}},
		NotCompared: []triage.NotCompared{{Check: "PLC995", Reason: "it did not run now", Count: 2}},
		ChecksRun:   []string{"PLC991", "PLC992", "PLC993", "PLC994"}, Suspects: map[string]int{"PLC991": 3},
		NotJudged: []check.NotJudged{
			{Check: "PLC994", Reason: "a | move is in progress", Count: 2, Examples: []string{"x", "y"}},
			{Check: "PLC994", Reason: "another", Count: 1, Examples: []string{"z"}},
		},
		Read: map[snapshot.Part]int{snapshot.Providers: 12, snapshot.Servers: 0}, TakenAt: Taken(), Duration: 1.25,
	}
	return &report.Report{Audit: a, Limit: check.High, Checks: []*check.Check{duplicate, stale, misplaced, quiet, cell}}
}

// Clean is an audit of a file in which nothing was found, without a baseline.
func Clean() *report.Report {
	_, _, _, quiet, _ := Made()
	return &report.Report{Checks: []*check.Check{quiet}, Audit: report.Audit{
		Msg: "clean: no findings", Clean: true, Complete: true, Cloud: openstack.Cloud{Endpoints: []string{}}, Findings: []check.Finding{}, Gone: []check.Finding{},
		Ignored: []triage.Ignored{}, NotRun: []check.NotRun{}, Microversions: map[string]string{}, Requests: map[string]int{},
		Summary: report.Summary{
			ByCheck: map[string]int{}, ChecksRun: []string{"PLC994"}, Suspects: map[string]int{}, NotJudged: []check.NotJudged{},
			UnusedIgnores: []string{}, Read: map[snapshot.Part]int{}, TakenAt: Taken(),
		},
	}}
}

// Recorded is the snapshot of a lab with every fault.
func Recorded(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	data, err := os.ReadFile("../../../../tests/recorded/snapshot.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := codec.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Golden compares bytes with a file. With UPDATE_REPORTS=1 the file takes over what they are now.
func Golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE_REPORTS") != "" {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got), or write it anew with UPDATE_REPORTS=1:\n%s", path, diff)
	}
	if !strings.HasSuffix(string(got), "\n") || strings.HasSuffix(string(got), "\n\n") {
		t.Error("it does not end with one line break")
	}
}
