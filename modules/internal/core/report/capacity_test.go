// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// counted is what was counted of two flavors, of which a third has the name of one.
func counted() *report.Capacity {
	fit := func(name string, slots int) report.Fit {
		return report.Fit{Name: name, Now: capacity.Slots{Total: slots, Count: min(slots, 2), Hosts: []capacity.Host{}}}
	}
	return &report.Capacity{
		Msg: "flavors: 3", Complete: true, Flavors: []report.Fit{fit("a\"b\\|c", 3), fit("m1", 7), fit("m1", 0)}, TakenAt: time.Unix(1, 0),
		Free: []capacity.Free{{Class: "VCPU", Free: 8, Largest: 4, Fragmentation: 0.5}}, Cloud: &openstack.Cloud{Endpoints: []string{"http://p"}, Region: "RegionOne"},
	}
}

func write(t *testing.T, format string, c *report.Capacity) string {
	t.Helper()
	all := report.CapacityFormats()
	i := slices.IndexFunc(all, func(f report.Format[*report.Capacity]) bool { return f.Name == format })
	text, err := all[i].Write(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Prometheus' own parser reads the metrics; of two flavors of one name there is one sample, that of which fewer fit.
func TestCapacityPrometheus(t *testing.T) {
	text := write(t, "prometheus", counted())
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	slots := families["placement_capacity_slots"]
	if n := len(slots.GetMetric()); n != 2 {
		t.Errorf("%d samples: %s", n, text)
	}
	for name, want := range map[string]float64{"a\"b\\|c": 3, "m1": 0} {
		if got := value(t, slots, "flavor", name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if got := value(t, families["placement_capacity_fragmentation"], "resource_class", "VCPU"); got != 0.5 {
		t.Error(got)
	}
	if !strings.Contains(text, `placement_capacity_complete{cloud="http://p",region="RegionOne"} 1`) {
		t.Error(text)
	}
	other := write(t, "prometheus", counted().Labelled(report.Labels{Cloud: "berlin", Region: "north"}))
	if !strings.Contains(other, `placement_capacity_complete{cloud="berlin",region="north"} 1`) || strings.Contains(other, "RegionOne") {
		t.Error(other)
	}
}

// What others named stays text in the page, and what could not be read is said.
func TestCapacityMarkdown(t *testing.T) {
	c := counted()
	c.Complete, c.NotRead, c.LeftOut = false, []string{"the services: 503"}, []report.LeftOutHost{{Name: "cn1", Reason: "its nova-compute is down, enabled"}}
	text := write(t, "markdown", c)
	for _, want := range []string{"## Could not be read\n\n- the services: 503\n", `| a"b\\\|c | 3 | – | 2 | – |  |`, "| VCPU | 8 | 0 | 4 | 50 % |  |", "- cn1: its nova-compute is down, enabled"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if text := write(t, "markdown", &report.Capacity{}); !strings.Contains(text, "No flavor was counted.") {
		t.Error(text)
	}
}
