// SPDX-License-Identifier: Apache-2.0

package usageinfo

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
)

// Each provider is a table, all of them one more, and a project says what Placement and Nova count.
func TestShowOfUsages(t *testing.T) {
	consumers := 2
	of := func(used int) map[string]Usage {
		return map[string]Usage{"VCPU": {Used: used, Capacity: 8, Free: 8 - used}}
	}
	r := &Result{
		Msg:       "usages of 2 resource providers and 1 project",
		Providers: []Provider{{UUID: "u1", Name: "cn1\n$ rm", Resources: of(3)}, {UUID: "u2", Name: "cn2", Resources: of(9)}},
		Totals:    map[string]Usage{"VCPU": {Used: 12, Capacity: 16, Free: 4}},
		Projects: []Project{{
			ID: "p1", Resources: map[string]int{"VCPU": 12}, Consumers: &consumers, ByType: []Typed{{Type: "INSTANCE", Consumers: 2, Resources: map[string]int{"VCPU": 12}}},
			Nova: &nova.Quotas{Instances: nova.Quota{InUse: 1}, Cores: nova.Quota{InUse: 3}, RAM: nova.Quota{InUse: 512}}, Differs: []Difference{{What: "VCPU", Placement: 12, Nova: 3}},
		}},
	}
	want := []string{
		"usages of 2 resource providers and 1 project",
		"", "cn1 $ rm  u1", "  CLASS  USED  CAPACITY  FREE", "  VCPU      3         8     5",
		"", "cn2  u2", "  CLASS  USED  CAPACITY  FREE", "  VCPU      9         8    -1",
		"", "All of them", "  CLASS  USED  CAPACITY  FREE", "  VCPU     12        16     4",
		"", "project p1", "  Placement  2 consumers with VCPU 12", "             INSTANCE: 2 consumers with VCPU 12",
		"  Nova       1 server with 3 cores, 512 MiB of RAM", "  DIFFERS    VCPU: 12 in Placement, 3 in Nova",
	}
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}
