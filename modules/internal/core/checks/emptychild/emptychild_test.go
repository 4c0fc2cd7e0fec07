// SPDX-License-Identifier: Apache-2.0

package emptychild_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/emptychild"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const child = "e0000000-0000-4000-8000-000000000001"

func add(name, class string, more ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{
			UUID: child, Name: name, ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
		}, class, 4)
		for _, change := range more {
			change(s)
		}
	}
}

func TestEmptyChild(t *testing.T) {
	one := []string{child}
	checktest.Run(t, emptychild.Check(), []checktest.Case{
		{Name: "its device is gone", Change: add("cn1_pci_0000_85_00_0", ""), Want: one},
		{Name: "its device is there", Change: add("cn1_pci_0000_85_00_0", "VGPU")},
		{Name: "Blazar's", Change: add("blazar_cn1", ""), NotJudged: one},
		{Name: "nova-compute is down", Change: add("gpu", "", func(s *snapshot.Snapshot) { s.HypervisorList[0].State = "down" }), NotJudged: one},
		{
			Name: "an agent with a bridge", Change: add("cn1:Open vSwitch agent", "", func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{
					UUID: "bridge", Name: "cn1:Open vSwitch agent:br0", ParentUUID: child, RootUUID: checktest.Compute,
				}, "NET_BW_EGR_KILOBIT_PER_SEC", 1000)
			}),
		},
		{
			Name: "held, though Placement counts nothing", Change: add("gpu", "", func(s *snapshot.Snapshot) {
				checktest.Hold(s, checktest.Server, child, "VGPU", 1)
				s.UsageMap[child] = map[string]int{}
			}),
		},
		{Name: "its root is no live compute's", Change: add("gpu", "", func(s *snapshot.Snapshot) { s.HypervisorList = nil })},
		{
			Name: "filled between the looks", Change: add("gpu", ""),
			Between: func(l *snapshot.Look) {
				l.Providers[child].Inventories = map[string]openstack.Inventory{"VGPU": {Total: 4, MaxUnit: 4, MinUnit: 1, StepSize: 1, AllocationRatio: 1}}
			},
		},
	})
}
