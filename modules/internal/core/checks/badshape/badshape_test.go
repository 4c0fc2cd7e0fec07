// SPDX-License-Identifier: Apache-2.0

package badshape_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/badshape"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func set(provider, class string, change func(*openstack.Inventory)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		i := openstack.Inventory{Total: 10, MinUnit: 1, MaxUnit: 10, StepSize: 1, AllocationRatio: 1}
		change(&i)
		s.InventoryMap[provider] = map[string]openstack.Inventory{class: i}
	}
}

const device1 = "e0000000-0000-4000-8000-000000000001"

func bareMetal(s *snapshot.Snapshot) {
	set(checktest.Compute, "CUSTOM_BAREMETAL", func(i *openstack.Inventory) { i.Total, i.Reserved, i.MaxUnit = 1, 1, 1 })(s)
}

// device adds a child of cn1 of which everything is reserved.
func device(name string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{
			UUID: device1, Name: name, ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
		}, "", 0)
		s.InventoryMap[device1]["PGPU"] = openstack.Inventory{Total: 1, Reserved: 1, MinUnit: 1, MaxUnit: 1, StepSize: 1, AllocationRatio: 1}
	}
}

// oneTime makes these the holders of the trait, which Placement knows.
func oneTime(holders ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { s.TraitHolders[snapshot.TraitOneTimeUse] = holders }
}

func all(changes ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for _, change := range changes {
			change(s)
		}
	}
}

func TestBadShape(t *testing.T) {
	host, storage := []string{checktest.Compute}, []string{checktest.Storage}
	checktest.Run(t, badshape.Check(), []checktest.Case{
		{Name: "ratio 0", Change: set(checktest.Compute, "VCPU", func(i *openstack.Inventory) { i.AllocationRatio = 0 }), Want: host},
		{Name: "all reserved", Change: set(checktest.Storage, "DISK_GB", func(i *openstack.Inventory) { i.Reserved = 10 }), Want: storage},
		{Name: "one left", Change: set(checktest.Storage, "DISK_GB", func(i *openstack.Inventory) { i.Reserved = 9 })},
		{Name: "min above max", Change: set(checktest.Compute, "VCPU", func(i *openstack.Inventory) { i.MinUnit, i.MaxUnit = 5, 4 }), Want: host},
		{Name: "step above max", Change: set(checktest.Compute, "VCPU", func(i *openstack.Inventory) { i.StepSize, i.MaxUnit = 5, 4 }), Want: host},
		{Name: "max above total on a compute node", Change: set(checktest.Compute, "VCPU", func(i *openstack.Inventory) { i.MaxUnit = 2147483647 }), Want: host},
		{
			Name:   "max of a custom class above total on a compute node",
			Change: set(checktest.Compute, "CUSTOM_LICENCE", func(i *openstack.Inventory) { i.MaxUnit = 11 }), Want: host,
		},
		{
			Name:   "max of a custom class at its default, as provider.yaml leaves it",
			Change: set(checktest.Compute, "CUSTOM_LICENCE", func(i *openstack.Inventory) { i.MaxUnit = 2147483647 }),
		},
		{Name: "max at its default elsewhere", Change: set(checktest.Storage, "DISK_GB", func(i *openstack.Inventory) { i.MaxUnit = 2147483647 })},
		{
			Name: "a bare-metal node with an instance",
			Change: func(s *snapshot.Snapshot) {
				bareMetal(s)
				checktest.Hold(s, checktest.Server, checktest.Compute, "CUSTOM_BAREMETAL", 1)
			},
		},
		{Name: "a bare-metal node that is reserved and holds nothing", Change: bareMetal, NotJudged: []string{checktest.Compute}},
		{Name: "a PCI device for one-time use", Change: all(device("cn1_0000:2F:00.0"), oneTime(device1))},
		{Name: "a PCI device that somebody reserved", Change: all(device("cn1_0000:2F:00.0"), oneTime()), Want: []string{device1}},
		{Name: "a reserved PCI device whose trait was not read", Change: device("cn1_0000:2F:00.0"), NotJudged: []string{device1}},
		{Name: "another reserved child whose trait was not read", Change: device("cn1_gpu0"), Want: []string{device1}},
	})
}

func TestBadShapeAtTheSecondLook(t *testing.T) {
	checktest.Run(t, badshape.Check(), []checktest.Case{
		{
			Name:   "set right between the looks",
			Change: set(checktest.Compute, "VCPU", func(i *openstack.Inventory) { i.AllocationRatio = 0 }),
			Between: func(l *snapshot.Look) {
				l.Providers[checktest.Compute].Inventories = map[string]openstack.Inventory{
					"VCPU": {Total: 10, MinUnit: 1, MaxUnit: 10, StepSize: 1, AllocationRatio: 1},
				}
			},
		},
	})
}
