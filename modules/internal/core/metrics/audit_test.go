// SPDX-License-Identifier: Apache-2.0

package metrics_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/metrics"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// parsed is what Prometheus' own parser makes of the report.
func parsed(t *testing.T, r *report.Report) map[string]*dto.MetricFamily {
	t.Helper()
	text, err := metrics.Audit(r)
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
		if !strings.HasPrefix(name, "placement_audit_") && !strings.HasPrefix(name, "placement_provider_") || f.GetHelp() == "" || f.GetType() != dto.MetricType_GAUGE || len(f.GetMetric()) == 0 {
			t.Errorf("%s: %v", name, f)
		}
	}
	return families
}

// value is that of the sample with these labels, name and value in turns, and no others but those of the look and the cloud.
func value(t *testing.T, f *dto.MetricFamily, labels ...string) float64 {
	t.Helper()
	for _, m := range f.GetMetric() {
		var got []string
		for _, l := range m.GetLabel() {
			if !slices.Contains([]string{"look", "cloud", "region"}, l.GetName()) {
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
	got := parsed(t, reporttest.Full())
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
	for _, m := range parsed(t, reporttest.Full())["placement_audit_findings"].GetMetric() {
		if strings.Contains(m.String(), "PLC995") {
			t.Errorf("a sample of a check that did not run: %v", m)
		}
	}
}

// Whatever stands in a label, the parser reads the same.
func TestPrometheusEscapes(t *testing.T) {
	odd := "a\\b\"c\nd{e}=,# \u00e9"
	r := reporttest.Clean()
	r.Checks = []*check.Check{{ID: "PLC994", Name: odd, Severity: check.Low}}
	r.Requests = map[string]int{"bad\xff": 1}
	got := parsed(t, r)
	value(t, got["placement_audit_findings"], "check", "PLC994", "name", odd, "severity", "low")
	value(t, got["placement_audit_requests"], "method", "bad\uFFFD")
}

// The files of a quick audit, of full ones of three clouds and of conflicts of four lie in one folder: no metric has two texts or
// two types there, and no sample is there twice.
func TestSideBySide(t *testing.T) {
	quick := reporttest.Clean()
	quick.Summary.Quick = &snapshot.Quick{}
	help, seen := map[string]string{}, map[string]bool{}
	elsewhere, otherRegion := reporttest.Full(), reporttest.Full()
	elsewhere.Cloud.Endpoints, otherRegion.Cloud.Region = []string{"https://other.example.org"}, "RegionTwo"
	files := []map[string]*dto.MetricFamily{parsed(t, quick), parsed(t, reporttest.Full()), parsed(t, elsewhere), parsed(t, otherRegion)}
	for _, cloud := range []openstack.Cloud{{}, {Name: "oslo", Region: "north"}, {Name: "oslo", Region: "south"}, elsewhere.Cloud} {
		conflicts := reporttest.Refusals()
		conflicts.Cloud = cloud
		files = append(files, conflictMetrics(t, conflicts))
	}
	for _, file := range files {
		for name, f := range file {
			if text := f.GetType().String() + f.GetHelp(); help[name] != "" && help[name] != text {
				t.Errorf("%s: %s, and %s", name, help[name], text)
			}
			help[name] = f.GetType().String() + f.GetHelp()
			wantNew(t, seen, name, f)
		}
	}
}

// wantNew wants the series of a metric to be in no file before.
func wantNew(t *testing.T, seen map[string]bool, name string, f *dto.MetricFamily) {
	t.Helper()
	for _, m := range f.GetMetric() {
		key := fmt.Sprint(name, m.GetLabel())
		if seen[key] {
			t.Errorf("twice: %s", key)
		}
		seen[key] = true
	}
}

// What each provider has is there only if it was asked for, and of what was not read there is no sample.
func TestPrometheusOfProviders(t *testing.T) {
	r := reporttest.Clean()
	if got := parsed(t, r); got["placement_provider_generation"] != nil {
		t.Errorf("nobody asked for it: %v", got["placement_provider_generation"])
	}
	r.ProviderMetrics, r.Providers = true, report.ProvidersOf(reporttest.Recorded(t))
	got := parsed(t, r)
	const uuid = "06619ae1-74bd-410e-aaf8-f4c54b9a1c9f"
	i := slices.IndexFunc(r.Providers, func(p report.Provider) bool { return p.UUID == uuid })
	of := []string{"uuid", uuid, "provider", r.Providers[i].Name}
	memory := append(slices.Clone(of), "resource_class", "MEMORY_MB")
	for name, want := range map[string]float64{"capacity": 11520, "used": 2048, "reserved": 512, "allocation_ratio": 1.5} {
		if v := value(t, got["placement_provider_"+name], memory...); v != want {
			t.Errorf("%s: %v, want %v", name, v, want)
		}
	}
	if v := value(t, got["placement_provider_generation"], of...); v != float64(r.Providers[i].Generation) {
		t.Errorf("generation: %v", v)
	}
	r.Providers = []report.Provider{{UUID: "u1", Unread: "503", Generation: 7}, {UUID: "u2", Classes: []report.Class{{Name: "VCPU", Capacity: 4}}}}
	got = parsed(t, r)
	if len(got["placement_provider_capacity"].GetMetric()) != 1 || got["placement_provider_reserved"] != nil {
		t.Errorf("samples of what was not read: %v", got)
	}
}

// Two clouds, or two regions of one, have no sample in common.
func TestPrometheusNamesItsCloud(t *testing.T) {
	r := reporttest.Full()
	r.Version, r.ProviderMetrics, r.Providers = "1.2.3", true, report.ProvidersOf(reporttest.Recorded(t))
	for name, f := range parsed(t, r) {
		for _, m := range f.GetMetric() {
			text := m.String()
			if !strings.Contains(text, `"http://192.0.2.10:8780"`) || !strings.Contains(text, `"RegionOne"`) {
				t.Errorf("%s: a sample of no cloud: %s", name, text)
			}
		}
	}
	value(t, parsed(t, r)["placement_audit_info"], "version", "1.2.3")
}

// Conflicts and audits of one cloud have the same labels, whichever names it: its endpoint, or the report that asks for others.
func TestCloudOfMetrics(t *testing.T) {
	audit, conflicts := reporttest.Full(), reporttest.Refusals()
	conflicts.Cloud = audit.Cloud
	chosen := report.Labels{Cloud: "berlin", Region: "north"}
	for want, files := range map[report.Labels][]map[string]*dto.MetricFamily{
		{Cloud: "http://192.0.2.10:8780", Region: "RegionOne"}: {parsed(t, audit), conflictMetrics(t, conflicts)},
		chosen: {parsed(t, audit.Labelled(chosen)), conflictMetrics(t, conflicts.Labelled(chosen))},
		{Cloud: "berlin", Region: "RegionOne"}: {
			parsed(t, audit.Labelled(report.Labels{Cloud: "berlin"})), conflictMetrics(t, conflicts.Labelled(report.Labels{Cloud: "berlin"})),
		},
	} {
		for _, file := range files {
			for name, f := range file {
				wantLabels(t, name, f, want)
			}
		}
	}
	if audit.Labels != (report.Labels{}) || conflicts.Labels != (report.Labels{}) {
		t.Error("the labels of one report are in the next one")
	}
}

func wantLabels(t *testing.T, name string, f *dto.MetricFamily, want report.Labels) {
	t.Helper()
	for _, m := range f.GetMetric() {
		got := map[string]string{}
		for _, l := range m.GetLabel() {
			got[l.GetName()] = l.GetValue()
		}
		if got["cloud"] != want.Cloud || got["region"] != want.Region {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
