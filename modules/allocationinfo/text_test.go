// SPDX-License-Identifier: Apache-2.0

package allocationinfo

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Each consumer says who it is and what it holds, also where that is nothing.
func TestShowOfAllocations(t *testing.T) {
	generation := 4
	r := &Result{Msg: "2 consumers", Consumers: []Consumer{
		{UUID: "c1", Kind: "migration", ServerUUID: "s1", Name: "web\n$ rm", Status: "finished", Host: "cn1", Generation: &generation, ProjectID: "p", UserID: "u", Allocations: []Share{
			{UUID: "u1", Name: "cn1", Resources: map[string]int{"VCPU": 1, "DISK_GB": 20}}, {UUID: "u2", Name: "ceph", Resources: map[string]int{"DISK_GB": 5}},
		}},
		{UUID: "c2", Kind: "unknown"},
	}}
	want := []string{
		"2 consumers",
		"", "c1  migration web $ rm of server s1 (finished on host cn1)", "  generation 4, project p, user u, type unknown",
		"  ON    UUID  HOLDS", "  cn1   u1    DISK_GB 20, VCPU 1", "  ceph  u2    DISK_GB 5",
		"", "c2  unknown", "  holds nothing",
	}
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}
