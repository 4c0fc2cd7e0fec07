// SPDX-License-Identifier: Apache-2.0

package misfitinventory_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/misfitinventory"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// set changes what cn1 offers of a class. Its server's flavor asks for VCPU 1, MEMORY_MB 2048, DISK_GB 20.
func set(class string, change func(*openstack.Inventory)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		i := s.InventoryMap[checktest.Compute][class]
		change(&i)
		s.InventoryMap[checktest.Compute][class] = i
	}
}

func then(changes ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for _, change := range changes {
			change(s)
		}
	}
}

func noServers(s *snapshot.Snapshot) {
	checktest.Release(s, checktest.Server)
	s.ServerList = nil
}

// away leaves the server, and with it the flavor, but nothing of it on cn1.
func away(s *snapshot.Snapshot) { checktest.Release(s, checktest.Server) }

func reserved(n int) func(*snapshot.Snapshot) {
	return set("MEMORY_MB", func(i *openstack.Inventory) { i.Reserved = n })
}

func TestMisfitInventory(t *testing.T) {
	one := []string{checktest.Compute}
	step := set("MEMORY_MB", func(i *openstack.Inventory) { i.StepSize = 3000 })
	low := set("VCPU", func(i *openstack.Inventory) { i.MaxUnit = 4 })
	checktest.Run(t, misfitinventory.Check(), []checktest.Case{
		{Name: "nearly all is reserved", Change: then(away, reserved(8000)), Want: one},
		{Name: "nearly all is reserved, no server is known", Change: then(noServers, reserved(8000)), Want: one},
		{Name: "half is reserved", Change: reserved(4096)},
		{Name: "half is reserved, no server is known", Change: then(noServers, reserved(4096))},
		{Name: "the flavor fits beside what is reserved", Change: reserved(6144)},
		{Name: "all is reserved, which PLC303 names", Change: reserved(8192)},
		{Name: "too small for any flavor", Change: then(away, set("MEMORY_MB", func(i *openstack.Inventory) { i.Total, i.MaxUnit = 1024, 1024 }))},
		{Name: "over capacity, which PLC301 names", Change: then(reserved(8000))},
		{Name: "the flavor would fit if less were reserved", Change: then(away, reserved(7000)), Want: one},
		{Name: "step_size", Change: step, Want: one},
		{Name: "step_size that no known flavor meets", Change: then(noServers, step)},
		{Name: "min_unit", Change: set("MEMORY_MB", func(i *openstack.Inventory) { i.MinUnit = 4096 }), Want: one},
		{Name: "max_unit", Change: low, Want: one},
		{Name: "max_unit of another driver", Change: then(low, func(s *snapshot.Snapshot) { s.HypervisorList[0].Type = "VMware vCenter Server" })},
		{Name: "a custom class", Change: set("CUSTOM_X", func(i *openstack.Inventory) { i.Total, i.MaxUnit, i.AllocationRatio = 9, 1, 1 })},
	})
}

func TestMisfitInventoryAtTheSecondLook(t *testing.T) {
	low := set("VCPU", func(i *openstack.Inventory) { i.MaxUnit = 4 })
	checktest.Run(t, misfitinventory.Check(), []checktest.Case{
		{
			Name: "set right between the looks", Change: low,
			Between: func(l *snapshot.Look) {
				l.Providers[checktest.Compute].Inventories = map[string]openstack.Inventory{
					"VCPU": {Total: 10, MinUnit: 1, MaxUnit: 10, StepSize: 1, AllocationRatio: 1},
				}
			},
		},
	})
}
