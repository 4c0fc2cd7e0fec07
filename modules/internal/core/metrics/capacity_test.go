// SPDX-License-Identifier: Apache-2.0

package metrics_test

import (
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/metrics"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
)

func capacities(t *testing.T, c *report.Capacity) string {
	t.Helper()
	text, err := metrics.Capacity(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Prometheus' own parser reads the metrics; of two flavors of one name there is one sample, that of which fewer fit.
func TestCapacityPrometheus(t *testing.T) {
	text := capacities(t, reporttest.Counted())
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
	other := capacities(t, reporttest.Counted().Labelled(report.Labels{Cloud: "berlin", Region: "north"}))
	if !strings.Contains(other, `placement_capacity_complete{cloud="berlin",region="north"} 1`) || strings.Contains(other, "RegionOne") {
		t.Error(other)
	}
}
