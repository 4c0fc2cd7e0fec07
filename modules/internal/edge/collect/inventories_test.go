// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// fleet is a cloud of equal compute nodes whose capacities came from summaries. UUIDs sort as names do.
func fleet(n int) *reader {
	s := snapshot.Empty(checktest.Taken())
	s.CapacityMap, s.InventoryMap = map[string]map[string]int{}, map[string]map[string]openstack.Inventory{}
	for i := range n {
		uuid := fmt.Sprintf("c%02d", i)
		s.ProviderList = append(s.ProviderList, openstack.Provider{UUID: uuid, Name: uuid, RootUUID: uuid})
		s.CapacityMap[uuid] = map[string]int{"VCPU": 40}
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: uuid, State: "up", VCPUs: 10})
	}
	return &reader{s: s}
}

func offering(ratio float64) map[string]openstack.Inventory {
	return map[string]openstack.Inventory{"VCPU": {Total: 10, MaxUnit: 10, MinUnit: 1, StepSize: 1, AllocationRatio: ratio}}
}

func TestGroups(t *testing.T) {
	alone := []string{"c03"}
	for name, tc := range map[string]struct {
		change func(*reader)
		single []string
	}{
		"all alike":          {func(*reader) {}, nil},
		"another capacity":   {func(r *reader) { r.s.CapacityMap["c03"] = map[string]int{"VCPU": 39} }, nil},
		"another class":      {func(r *reader) { r.s.CapacityMap["c03"] = map[string]int{"PCPU": 40} }, nil},
		"another size":       {func(r *reader) { r.s.HypervisorList[3].VCPUs = 11 }, nil},
		"down":               {func(r *reader) { r.s.HypervisorList[3].State = "down" }, alone},
		"no compute node":    {func(r *reader) { r.s.HypervisorList[3].UUID = "other" }, alone},
		"nested":             {func(r *reader) { r.s.ProviderList[3].ParentUUID, r.s.ProviderList[3].RootUUID = "c00", "c00" }, alone},
		"read by itself":     {func(r *reader) { delete(r.s.CapacityMap, "c03") }, alone},
		"hypervisors unread": {func(r *reader) { r.s.MarkFailed(snapshot.Hypervisors, "403") }, fleet(6).uuids()},
		"a small cloud":      {func(r *reader) { r.Exact = 6 }, fleet(6).uuids()},
	} {
		t.Run(name, func(t *testing.T) {
			r := fleet(6)
			tc.change(r)
			single, groups := r.groups()
			if !slices.Equal(single, tc.single) {
				t.Errorf("read one by one: %v, want %v", single, tc.single)
			}
			odd := len(tc.single) == 0 && name != "all alike"
			if found := slices.ContainsFunc(groups, func(g []string) bool { return slices.Equal(g, alone) }); found != odd {
				t.Errorf("groups %v", groups)
			}
		})
	}
}

// Of a group that is not read whole, what was read counts for the others, and it is noted which.
func TestPresume(t *testing.T) {
	r := fleet(6)
	_, groups := r.groups()
	read := samples(groups[0])
	if !slices.Equal(read, []string{"c00", "c03", "c05"}) {
		t.Fatalf("samples %v", read)
	}
	for _, uuid := range read {
		r.s.InventoryMap[uuid] = offering(4)
	}
	if !r.alike(read) {
		t.Error("equals are not alike")
	}
	r.presume(groups)
	if got := slices.Sorted(maps.Keys(r.s.Presumed)); !slices.Equal(got, []string{"c01", "c02", "c04"}) {
		t.Errorf("presumed %v", got)
	}
	if !maps.Equal(r.s.Inventory("c02"), offering(4)) {
		t.Errorf("presumed %v", r.s.Inventory("c02"))
	}
	r.s.InventoryMap["c05"] = offering(8)
	if r.alike(read) {
		t.Error("two ratios are alike")
	}
	delete(r.s.InventoryMap, "c00")
	if r.alike(read) {
		t.Error("a provider that is gone is like the others")
	}
}
