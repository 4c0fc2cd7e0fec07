// SPDX-License-Identifier: Apache-2.0

package nearfull_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/nearfull"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func use(class string, i openstack.Inventory, used int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.InventoryMap[checktest.Compute] = map[string]openstack.Inventory{class: i}
		s.UsageMap[checktest.Compute] = map[string]int{class: used}
	}
}

func TestNearFull(t *testing.T) {
	host, ten := []string{checktest.Compute}, openstack.Inventory{Total: 10, AllocationRatio: 1}
	checktest.Run(t, nearfull.Check(), []checktest.Case{
		{Name: "nine of ten", Change: use("VCPU", ten, 9), Want: host},
		{Name: "full", Change: use("MEMORY_MB", ten, 10), Want: host},
		{Name: "eight of ten", Change: use("VCPU", ten, 8)},
		{Name: "nine of what ten and a ratio of 2 give", Change: use("VCPU", openstack.Inventory{Total: 10, AllocationRatio: 2}, 9)},
		{Name: "over capacity is another check's", Change: use("VCPU", ten, 11)},
		{Name: "no capacity", Change: use("VCPU", openstack.Inventory{Total: 10, Reserved: 10, AllocationRatio: 1}, 0)},
		{Name: "a device in use", Change: use("VGPU", openstack.Inventory{Total: 1, AllocationRatio: 1}, 1)},
		{
			Name: "room came free between the looks", Change: use("VCPU", ten, 9),
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute].Usages = map[string]int{"VCPU": 2} },
		},
	})
}

func TestNearFullIsSettable(t *testing.T) {
	s, c := checktest.Cloud(), nearfull.Check()
	use("VCPU", openstack.Inventory{Total: 10, AllocationRatio: 1}, 8)(s)
	for share, want := range map[float64]int{0.8: 1, 0.81: 0} {
		suspects := check.Suspects(s, []*check.Check{c}, check.Settings{NearFull: share})
		if len(suspects.Providers) != want {
			t.Errorf("from %v on: %v", share, suspects.Providers)
		}
	}
}
