// SPDX-License-Identifier: Apache-2.0

package providerinfo

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// A provider shows what was asked for; what was not asked for leaves no line, and an empty list says so.
func TestShowOfProviders(t *testing.T) {
	r := &Result{Msg: "2 resource providers", Providers: []Provider{
		{
			Provider:    openstack.Provider{UUID: "u1", Name: "cn1\n$ rm", Generation: 3},
			Inventories: &map[string]openstack.Inventory{"VCPU": {Total: 8, Reserved: 1, MinUnit: 1, MaxUnit: 8, StepSize: 1, AllocationRatio: 4}},
			Usages:      &map[string]int{"VCPU": 2, "CUSTOM_OLD": 1}, Traits: &[]string{"CUSTOM_A", "CUSTOM_B"}, Aggregates: &[]string{},
			Allocations: &[]openstack.Allocation{{ConsumerUUID: "c1", ConsumerGeneration: 1, Resources: map[string]int{"VCPU": 2}}},
		},
		{Provider: openstack.Provider{UUID: "u2", Name: "cn1-numa", ParentUUID: "u1", RootUUID: "u1"}, Allocations: &[]openstack.Allocation{}},
	}}
	want := []string{
		"2 resource providers",
		"", "cn1 $ rm  u1  generation 3",
		"  CLASS       USED  CAPACITY  TOTAL  RESERVED  RATIO  MIN  MAX  STEP",
		"  CUSTOM_OLD     1         -      -         -      -    -    -     -",
		"  VCPU           2        28      8         1      4    1    8     1",
		"  aggregates  none", "  traits      CUSTOM_A, CUSTOM_B",
		"  HELD BY CONSUMER  GENERATION  HOLDS", "  c1                         1  VCPU 2",
		"", "cn1-numa  u2  generation 0", "  child of u1 in the tree of u1", "  held by     nobody",
	}
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}
