// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// Each provider is a table of its classes; what an error refused stands below.
func TestShowOfInventories(t *testing.T) {
	const uuid = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"
	r := &Result{Msg: "1 of 1 resource providers changed", Journal: "/j", Providers: []Provider{{
		UUID: uuid, Name: "cn1", Changed: true, Usages: map[string]int{"VCPU": 3},
		Inventories: change.Inventories{"VCPU": openstack.Inventory{Total: 8, Reserved: 1, AllocationRatio: 4}},
	}}}
	want := []string{
		"1 of 1 resource providers changed", "", "cn1  changed  " + uuid, "  CLASS  USED  CAPACITY  TOTAL  RESERVED  RATIO",
		"  VCPU      3        28      8         1      4", "", "What was there before is in /j",
	}
	if got := r.Show(screen.InPlay()); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	before := openstack.Inventory{Total: 6, Reserved: 1, AllocationRatio: 4}
	r.Providers[0].was, r.dry, r.Changed, r.Journal = change.Inventories{"VCPU": before, "PCPU": before}, true, true, ""
	want = []string{
		"1 of 1 resource providers changed", "", "cn1  would change  " + uuid, "  CLASS  USED  CAPACITY  TOTAL  RESERVED  RATIO",
		"  VCPU      3        28      8         1      4  total was 6", "  PCPU      0         -      -         -      -  removed; total was 6",
		"", "Nothing was written. Run the same without --check to do it.",
	}
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	low := 5
	refused := (&Result{}).with(&refusal{refused: []Refused{{Provider: "cn1", UUID: uuid, Refusal: change.Refusal{Class: "VCPU", Field: "total", Asked: 1, Used: 12, CapacityAfter: 4, CapacityBefore: 28, LowestSafe: low}}}})
	got := refused.Show(screen.View{})
	if len(got) != 3 || got[2] != "REFUSED  VCPU.total=1 of cn1 gives a capacity of 4 (now 28), but 12 are used; the lowest safe value is 5" {
		t.Errorf("%q", got)
	}
}
