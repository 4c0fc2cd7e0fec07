// SPDX-License-Identifier: Apache-2.0

package inventorydrift_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/inventorydrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// totals makes these the totals of cn1, whose hypervisor has 10 VCPUs, 8192 MiB and 1000 GiB.
func totals(of map[string]int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.InventoryMap[checktest.Compute] = inventories(of)
	}
}

func inventories(of map[string]int) map[string]openstack.Inventory {
	out := map[string]openstack.Inventory{"MEMORY_MB": {Total: 8192, MinUnit: 1, MaxUnit: 8192, StepSize: 1, AllocationRatio: 1}}
	for class, total := range of {
		out[class] = openstack.Inventory{Total: total, MinUnit: 1, MaxUnit: total, StepSize: 1, AllocationRatio: 1}
	}
	return out
}

// without takes a class from what cn1 has beside VCPU.
func without(class string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		totals(map[string]int{"VCPU": 10})(s)
		delete(s.InventoryMap[checktest.Compute], class)
	}
}

// and changes the hypervisor, too.
func and(before func(*snapshot.Snapshot), change func(*openstack.Hypervisor)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		before(s)
		change(&s.HypervisorList[0])
	}
}

func TestInventoryDriftOfCPUs(t *testing.T) {
	cn1, wrong := []string{checktest.Compute}, totals(map[string]int{"VCPU": 12})
	checktest.Run(t, inventorydrift.Check(), []checktest.Case{
		{Name: "too many VCPU", Change: wrong, Want: cn1},
		{Name: "too few VCPU", Change: totals(map[string]int{"VCPU": 8}), Want: cn1},
		{Name: "all as it is", Change: totals(map[string]int{"VCPU": 10, "MEMORY_MB": 8192, "DISK_GB": 1000})},
		{Name: "pinned and shared together", Change: totals(map[string]int{"VCPU": 4, "PCPU": 6})},
		{Name: "pinned beside, not counted", Change: totals(map[string]int{"VCPU": 10, "PCPU": 6})},
		{Name: "only the pinned counted", Change: totals(map[string]int{"VCPU": 4, "PCPU": 10})},
		{Name: "neither", Change: totals(map[string]int{"VCPU": 4, "PCPU": 5}), Want: cn1},
		{
			Name:   "pinned alone: libvirt then says that there are no VCPUs",
			Change: and(totals(map[string]int{"PCPU": 10, "MEMORY_MB": 8192}), func(h *openstack.Hypervisor) { h.VCPUs = 0 }),
		},
		{
			Name:   "no VCPUs, but a VCPU class that is in use and can't go",
			Change: and(totals(map[string]int{"VCPU": 4, "MEMORY_MB": 8192}), func(h *openstack.Hypervisor) { h.VCPUs = 0 }), Want: cn1,
		},
	})
}

func TestInventoryDriftOfMemory(t *testing.T) {
	cn1 := []string{checktest.Compute}
	checktest.Run(t, inventorydrift.Check(), []checktest.Case{
		{Name: "memory", Change: totals(map[string]int{"VCPU": 10, "MEMORY_MB": 8191}), Want: cn1},
		{Name: "no memory", Change: without("MEMORY_MB"), Want: cn1},
		{Name: "no memory beside pinned CPUs", Change: func(s *snapshot.Snapshot) {
			totals(map[string]int{"PCPU": 10})(s)
			delete(s.InventoryMap[checktest.Compute], "MEMORY_MB")
		}, Want: cn1},
		{Name: "nothing but disk", Change: func(s *snapshot.Snapshot) {
			totals(map[string]int{"DISK_GB": 1000})(s)
			delete(s.InventoryMap[checktest.Compute], "MEMORY_MB")
		}},
	})
}

func TestInventoryDriftOfDisk(t *testing.T) {
	cn1 := []string{checktest.Compute}
	checktest.Run(t, inventorydrift.Check(), []checktest.Case{
		{Name: "disk", Change: totals(map[string]int{"DISK_GB": 1011}), Want: cn1},
		{Name: "less disk", Change: totals(map[string]int{"DISK_GB": 989}), Want: cn1},
		{Name: "disk of a Ceph pool that grew since", Change: totals(map[string]int{"DISK_GB": 1010})},
		{Name: "shared disk", Change: totals(map[string]int{"VCPU": 10})},
	})
}

func TestInventoryDriftOfHosts(t *testing.T) {
	cn1, wrong := []string{checktest.Compute}, totals(map[string]int{"VCPU": 12})
	checktest.Run(t, inventorydrift.Check(), []checktest.Case{
		{Name: "other classes", Change: totals(map[string]int{"VCPU": 10, "VGPU": 3})},
		{Name: "bare metal", Change: and(wrong, func(h *openstack.Hypervisor) { h.Type = "ironic" })},
		{Name: "vCenter", Change: and(wrong, func(h *openstack.Hypervisor) { h.Type = "VMware vCenter Server" })},
		{Name: "down", Change: and(wrong, func(h *openstack.Hypervisor) { h.State = "down" }), NotJudged: cn1},
		{Name: "down, and all as it is", Change: func(s *snapshot.Snapshot) { s.HypervisorList[0].State = "down" }},
		{
			Name:      "nova shows no amounts",
			Change:    and(wrong, func(h *openstack.Hypervisor) { h.VCPUs, h.MemoryMB, h.LocalGB = 0, 0, 0 }),
			NotJudged: cn1,
		},
		{
			Name:   "a compute node without provider",
			Change: func(s *snapshot.Snapshot) { wrong(s); s.ProviderList = s.ProviderList[1:] },
		},
	})
}

func TestInventoryDriftAtTheSecondLook(t *testing.T) {
	wrong := totals(map[string]int{"VCPU": 12})
	checktest.Run(t, inventorydrift.Check(), []checktest.Case{
		{
			Name: "put back between the looks", Change: wrong,
			Between: func(l *snapshot.Look) {
				l.Providers[checktest.Compute].Inventories = inventories(map[string]int{"VCPU": 10})
			},
		},
		{
			Name: "the hypervisor follows between the looks", Change: wrong,
			Between: func(l *snapshot.Look) {
				l.Parts[snapshot.Hypervisors] = snapshot.Status{Read: true}
				l.Hypervisors = []openstack.Hypervisor{{UUID: checktest.Compute, State: "up", VCPUs: 12, MemoryMB: 8192}}
			},
		},
	})
}
