// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// parsed is what Prometheus' own parser makes of the report.
func parsed(t *testing.T, r *report.Report) map[string]*dto.MetricFamily {
	t.Helper()
	text, err := report.Prometheus(r)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, text)
}

func parse(t *testing.T, text []byte) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for name, f := range families {
		if !strings.HasPrefix(name, "placement_audit_") || f.GetHelp() == "" || f.GetType() != dto.MetricType_GAUGE || len(f.GetMetric()) == 0 {
			t.Errorf("%s: %v", name, f)
		}
	}
	return families
}

// value is that of the sample with these labels, name and value in turns, and no others but that of the look.
func value(t *testing.T, f *dto.MetricFamily, labels ...string) float64 {
	t.Helper()
	for _, m := range f.GetMetric() {
		var got []string
		for _, l := range m.GetLabel() {
			if l.GetName() != "look" {
				got = append(got, l.GetName(), l.GetValue())
			}
		}
		if strings.Join(got, "\x00") == strings.Join(labels, "\x00") {
			return m.GetGauge().GetValue()
		}
	}
	t.Errorf("%s has no sample with %q", f.GetName(), labels)
	return -1
}

func TestPrometheus(t *testing.T) {
	got := parsed(t, full())
	for _, c := range []struct {
		metric string
		want   float64
		labels []string
	}{
		{"findings", 1, []string{"check", "PLC993", "name", "made-misplaced", "severity", "critical", "state", "new"}},
		{"findings", 7, []string{"check", "PLC992", "name", "made-stale", "severity", "medium", "state", "known"}},
		{"findings", 0, []string{"check", "PLC994", "name", "made-quiet", "severity", "low", "state", "new"}},
		{"gone_findings", 1, []string{"check", "PLC994", "name", "made-quiet", "severity", "low"}},
		{"ignored_findings", 1, []string{"check", "PLC994", "name", "made-quiet", "severity", "low"}},
		{"clean", 0, nil},
		{"complete", 0, nil},
		{"not_run", 1, []string{"check", "PLC995", "name", "made-cell"}},
		{"not_run", 0, []string{"check", "PLC994", "name", "made-quiet"}},
		{"suspects", 3, []string{"check", "PLC991", "name", "made-duplicate"}},
		{"not_judged", 3, []string{"check", "PLC994", "name", "made-quiet"}},
		{"timestamp_seconds", 1795348800.5, nil},
		{"duration_seconds", 1.25, nil},
		{"requests", 41, []string{"method", "GET"}},
		{"read_entries", 0, []string{"part", "servers"}},
	} {
		if v := value(t, got["placement_audit_"+c.metric], c.labels...); v != c.want {
			t.Errorf("%s %v: %v, want %v", c.metric, c.labels, v, c.want)
		}
	}
}

// A check that did not run is no zero: how many there are is unknown.
func TestPrometheusOfWhatDidNotRun(t *testing.T) {
	for _, m := range parsed(t, full())["placement_audit_findings"].GetMetric() {
		if m.GetLabel()[1].GetValue() == "PLC995" {
			t.Errorf("a sample of a check that did not run: %v", m)
		}
	}
}

// Whatever stands in a label, the parser reads the same.
func TestPrometheusEscapes(t *testing.T) {
	odd := "a\\b\"c\nd{e}=,# \u00e9"
	r := clean()
	r.Checks = []*check.Check{{ID: "PLC994", Name: odd, Severity: check.Low}}
	r.Requests = map[string]int{"bad\xff": 1}
	got := parsed(t, r)
	value(t, got["placement_audit_findings"], "check", "PLC994", "name", odd, "severity", "low")
	value(t, got["placement_audit_requests"], "method", "bad\uFFFD")
}

// The files of a quick audit, of a full one with a baseline and of conflicts lie in one folder: no metric has two texts or
// two types there, and no sample is there twice.
func TestSideBySide(t *testing.T) {
	quick := clean()
	quick.Summary.Quick = &snapshot.Quick{}
	conflicts, err := report.ConflictPrometheus(refusals())
	if err != nil {
		t.Fatal(err)
	}
	help, seen := map[string]string{}, map[string]bool{}
	for _, file := range []map[string]*dto.MetricFamily{parsed(t, quick), parsed(t, full()), parse(t, conflicts)} {
		for name, f := range file {
			if text := f.GetType().String() + f.GetHelp(); help[name] != "" && help[name] != text {
				t.Errorf("%s: %s, and %s", name, help[name], text)
			}
			help[name] = f.GetType().String() + f.GetHelp()
			for _, m := range f.GetMetric() {
				key := fmt.Sprint(name, m.GetLabel())
				if seen[key] {
					t.Errorf("twice: %s", key)
				}
				seen[key] = true
			}
		}
	}
}
