// SPDX-License-Identifier: Apache-2.0

package metrics_test

import (
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/metrics"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
)

func conflictMetrics(t *testing.T, r *report.Refusals) map[string]*dto.MetricFamily {
	t.Helper()
	text, err := metrics.Conflicts(r)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, text)
}

func TestConflictPrometheus(t *testing.T) {
	got := conflictMetrics(t, reporttest.Refusals())
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
}

func TestConflictPrometheusOfQuietLogs(t *testing.T) {
	if quiet := conflictMetrics(t, reporttest.Quiet()); quiet["placement_audit_conflicts_window_seconds"] != nil || quiet["placement_audit_conflicts_act"] == nil {
		t.Errorf("without conflicts and window: %v", quiet)
	}
}

// However much stands in the logs, no name and no id of it becomes a label.
func TestConflictCardinality(t *testing.T) {
	many := reporttest.Refusals()
	for range 1000 {
		many.Conflicts = append(many.Conflicts, many.Conflicts[0], many.Conflicts[2])
	}
	few, text := 0, ""
	for _, f := range conflictMetrics(t, reporttest.Refusals()) {
		few += len(f.GetMetric())
	}
	for _, f := range conflictMetrics(t, many) {
		few -= len(f.GetMetric())
		text += f.String()
	}
	for _, never := range []string{"compute-01", reporttest.RefusedProvider, "cn2", "script", "control01"} {
		if few != 0 || strings.Contains(text, never) {
			t.Errorf("%d samples more, or %s in them", -few, never)
		}
	}
}
