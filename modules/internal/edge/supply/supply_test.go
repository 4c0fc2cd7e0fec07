// SPDX-License-Identifier: Apache-2.0

package supply

import (
	"slices"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// region has a provider that is a tree, one with a child, one that shares, one of unknown capacity and one that is not offered.
func region() (s *snapshot.Snapshot, offered map[string]bool) {
	s, offered = snapshot.Empty(time.Unix(0, 0)), map[string]bool{}
	s.CapacityMap = map[string]map[string]int{}
	for _, p := range []openstack.Provider{
		{UUID: "alone", RootUUID: "alone"},
		{UUID: "parent", RootUUID: "parent"},
		{UUID: "child", RootUUID: "parent", ParentUUID: "parent"},
		{UUID: "shares", RootUUID: "shares"},
		{UUID: "unknown", RootUUID: "unknown"},
		{UUID: "full", RootUUID: "full"},
	} {
		s.ProviderList = append(s.ProviderList, p)
		s.CapacityMap[p.UUID], offered[p.UUID] = map[string]int{"VCPU": 16}, true
	}
	delete(s.CapacityMap, "unknown")
	delete(offered, "full")
	s.Reindex()
	return s, offered
}

// In a large cloud the inventories of a provider that Placement offers are not read if nothing else depends on them.
func TestParted(t *testing.T) {
	s, offered := region()
	asked, told := parted(s, 5, offered, []string{"shares"})
	if !slices.Equal(told, []string{"alone"}) || !slices.Equal(asked, []string{"parent", "child", "shares", "unknown", "full"}) {
		t.Errorf("asked %v, told %v", asked, told)
	}
	if asked, told = parted(s, 6, offered, []string{"shares"}); len(asked) != 6 || len(told) > 0 {
		t.Errorf("in a small cloud: asked %v, told %v", asked, told)
	}
}

// What a provider is taken to have gives all that is asked of it, up to its capacity.
func TestWhole(t *testing.T) {
	got := whole(map[string]int{"VCPU": 16, "DISK_GB": 0})
	want := openstack.Inventory{Total: 16, MinUnit: 1, MaxUnit: 16, StepSize: 1, AllocationRatio: 1}
	if got["VCPU"] != want || len(got) != 2 || got["DISK_GB"].MaxUnit != 0 {
		t.Errorf("%+v", got)
	}
}
