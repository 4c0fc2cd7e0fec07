// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

const refusedProvider = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"

// refusals have something of everything.
func refusals() *report.Refusals {
	since, last := taken().Add(-15*time.Minute), taken().Add(-time.Minute)
	r := &report.Refusals{
		Msg: "incomplete: 1 log could not be read", Host: "control01", NotRead: []report.NotRead{{Source: "/var/log/<x>", Reason: "permission denied"}},
		Sources: []report.Source{{Kind: "file", Name: "/var/log/placement-api.log", Service: "placement-api", Bytes: 9, Counts: conflicts.Counts{Lines: 4}}},
		Absent:  []string{}, Open: []string{}, Requests: map[string]int{},
		Conflicts: []explained.Conflict{
			{
				Conflict: "duplicate-name", Verdict: explained.Lasting, Act: true, Target: explained.Target{Type: catalogue.OfName, Name: hostile}, Count: 3,
				Last: &last, Message: "provider name " + hostile + " was refused 3 times", Meaning: "It exists.", Remedy: "Find it.", Retried: "Nobody.",
				Clients: []explained.Pace{{Client: explained.Client{Host: "compute-01", Service: "nova-compute"}, Count: 3}}, Findings: []string{"PLC203:provider:u1"},
			},
			{Conflict: "duplicate-name", Verdict: explained.Lasting, Act: true, Target: explained.Target{Type: catalogue.OfName, Name: "cn2"}, Count: 2},
			{Conflict: "inventory-generation", Verdict: explained.Passed, Target: explained.Target{Type: catalogue.OfProvider, UUID: refusedProvider}, Count: 1},
			{Conflict: explained.Unexplained, Verdict: explained.Undecided, Count: 7},
		},
		Unplaced: []unplaced.Group{
			{Stage: unplaced.Candidates, Count: 2, Last: &last, Servers: []string{"s1"}, Message: "2 requests with flavor " + hostile + " got no allocation candidates", Command: "placement why --server s1"},
			{Stage: unplaced.Unknown, Count: 1, Message: "1 request found no host"},
		},
	}
	r.Summary = report.ConflictSummary{
		Conflicts: 13, Act: 2, ByVerdict: map[string]int{"persistent": 2, "transient": 1, "undecided": 1},
		ByConflict: map[string]int{"duplicate-name": 5, "inventory-generation": 1, "unexplained": 7},
		Noise:      1, Lines: 4, Unread: 1, Bytes: 9, Since: &since, TakenAt: taken(), Duration: 0.5,
	}
	return r
}

// quietLogs are those of a host on which nothing was refused.
func quietLogs() *report.Refusals {
	return &report.Refusals{
		Msg: "no conflicts", Clean: true, Complete: true, Conflicts: []explained.Conflict{}, Sources: []report.Source{}, NotRead: []report.NotRead{},
		Absent: []string{}, Open: []string{}, Requests: map[string]int{},
		Summary: report.ConflictSummary{ByVerdict: map[string]int{}, ByConflict: map[string]int{}, TakenAt: taken()},
	}
}

// The catalogue grows: of what has each of its entries no golden file is kept.
func TestConflictsGolden(t *testing.T) {
	for name, r := range map[string]*report.Refusals{"refusals": refusals(), "quiet": quietLogs()} {
		for _, format := range report.ConflictFormats() {
			if format.Name == "prometheus" || format.Name == "junit" {
				continue
			}
			got, err := format.Write(r)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", name+"."+format.Name), got)
		}
	}
}

// A report about conflicts is not taken for one of an audit.
func TestConflictsAreNoAudit(t *testing.T) {
	data, err := report.ConflictJSON(refusals())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := report.Decode(data); err == nil || report.FormatOf(data) != report.ConflictFile {
		t.Errorf("%v, format %s", err, report.FormatOf(data))
	}
}

func conflictMetrics(t *testing.T, r *report.Refusals) map[string]*dto.MetricFamily {
	t.Helper()
	text, err := report.ConflictPrometheus(r)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, text)
}

func TestConflictPrometheus(t *testing.T) {
	got := conflictMetrics(t, refusals())
	for _, c := range []struct {
		metric string
		want   float64
		labels []string
	}{
		{"", 5, []string{"conflict", "duplicate-name", "verdict", "persistent"}},
		{"", 0, []string{"conflict", "duplicate-name", "verdict", "transient"}},
		{"", 1, []string{"conflict", "inventory-generation", "verdict", "transient"}},
		{"", 7, []string{"conflict", "unexplained", "verdict", "undecided"}},
		{"_verdicts", 2, []string{"verdict", "persistent"}},
		{"_verdicts", 0, []string{"verdict", "storm"}},
		{"_act", 2, []string{"conflict", "duplicate-name"}},
		{"_act", 0, []string{"conflict", "inventory-generation"}},
		{"_act", 0, []string{"conflict", "deadlock"}},
		{"_complete", 0, nil},
		{"_logs_read", 1, nil},
		{"_logs_not_read", 1, nil},
		{"_lines_not_understood", 1, nil},
		{"_noise_lines", 1, nil},
		{"_timestamp_seconds", 1795348800.5, nil},
		{"_duration_seconds", 0.5, nil},
		{"_window_seconds", 900, nil},
	} {
		if v := value(t, got["placement_audit_conflicts"+c.metric], c.labels...); v != c.want {
			t.Errorf("%s %v: %v, want %v", c.metric, c.labels, v, c.want)
		}
	}
	if quiet := conflictMetrics(t, quietLogs()); quiet["placement_audit_conflicts_window_seconds"] != nil || quiet["placement_audit_conflicts_act"] == nil {
		t.Errorf("without conflicts and window: %v", quiet)
	}
}

// However much stands in the logs, no name and no id of it becomes a label.
func TestConflictCardinality(t *testing.T) {
	many := refusals()
	for range 1000 {
		many.Conflicts = append(many.Conflicts, many.Conflicts[0], many.Conflicts[2])
	}
	few, text := 0, ""
	for _, f := range conflictMetrics(t, refusals()) {
		few += len(f.GetMetric())
	}
	for _, f := range conflictMetrics(t, many) {
		few -= len(f.GetMetric())
		text += f.String()
	}
	for _, never := range []string{"compute-01", refusedProvider, "cn2", "script", "control01"} {
		if few != 0 || strings.Contains(text, never) {
			t.Errorf("%d samples more, or %s in them", -few, never)
		}
	}
}
