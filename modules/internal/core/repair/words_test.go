// SPDX-License-Identifier: Apache-2.0

package repair_test

import (
	"slices"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// A state is told whole: who holds nothing, what does not exist, and what a provider no longer has.
func TestWords(t *testing.T) {
	generation := 3
	s := repair.State{
		Consumers: []repair.Consumer{
			{UUID: "c1", Generation: &generation, Held: repair.Held{"p2": {"VCPU": 2, "MEMORY_MB": 512}, "p1": {"DISK_GB": 20}, "p3": {}}},
			{UUID: "c2", Held: repair.Held{"p1": {}}},
		},
		Providers: []repair.Provider{
			{UUID: "p1", Name: "cn1", Generation: 4, Inventories: map[string]openstack.Inventory{"VCPU": {Total: 8, Reserved: 1, AllocationRatio: 1.5}}, Traits: []string{}},
			{UUID: "p2", Name: "cn2", Generation: 5, Parent: "p1", Traits: []string{"A", "B"}, Aggregates: []string{"g"}},
			{UUID: "p3", Absent: true},
		},
		Names: []repair.Name{{Name: "CUSTOM_A"}, {Name: "CUSTOM_B", Absent: true}},
	}
	want := []string{
		"consumer c1 holds 20 of DISK_GB on resource provider p1; 512 of MEMORY_MB, 2 of VCPU on resource provider p2 (consumer generation 3)",
		"consumer c2 holds nothing",
		"resource provider cn1 p1: generation 4; inventories VCPU 8 (reserved 1, allocation_ratio 1.5); no traits",
		"resource provider cn2 p2: generation 5; traits A, B; aggregates g; parent p1",
		"resource provider p3 does not exist",
		"CUSTOM_A exists", "CUSTOM_B does not exist",
	}
	if got := s.Words(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestGuardsInWords(t *testing.T) {
	updated := time.Date(2026, 11, 22, 18, 3, 0, 5, time.UTC)
	for want, g := range map[string]repair.Guard{
		"server s is ACTIVE on host cn1, has no task under way, and was last updated at 2026-11-22T18:03:00Z": {Server: "s", Host: "cn1", Status: "ACTIVE", Updated: updated},
		"server s is SHELVED on no host, has no task under way, and was last updated at 2026-11-22T18:03:00Z": {Server: "s", Status: "SHELVED", Updated: updated},
		"nova-compute on cn1 is up and enabled":        {Service: true, Host: "cn1", Status: "enabled"},
		"there is no server and no migration c":        {NoServer: "c"},
		"there is no compute node n":                   {NoNode: "n"},
		"resource provider p is there and offers A, B": {Provider: "p", Classes: []string{"A", "B"}},
	} {
		if got := g.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
