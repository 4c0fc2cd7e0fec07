// SPDX-License-Identifier: Apache-2.0

package emptyprovider_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/emptyprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func empty(state, kind string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.InventoryMap[checktest.Compute] = map[string]openstack.Inventory{}
		s.HypervisorList[0].State, s.HypervisorList[0].Type = state, kind
	}
}

func TestEmptyProvider(t *testing.T) {
	host := []string{checktest.Compute}
	checktest.Run(t, emptyprovider.Check(), []checktest.Case{
		{Name: "no inventory", Change: empty("up", "QEMU"), Want: host},
		{Name: "its nova-compute is down", Change: empty("down", "QEMU"), NotJudged: host},
		{Name: "a bare-metal node that is being cleaned", Change: empty("up", "ironic")},
		{
			Name:   "not a compute node",
			Change: func(s *snapshot.Snapshot) { s.InventoryMap[checktest.Storage] = map[string]openstack.Inventory{} },
		},
		{
			Name: "written between the looks", Change: empty("up", "QEMU"),
			Between: func(l *snapshot.Look) {
				l.Providers[checktest.Compute].Inventories = map[string]openstack.Inventory{"VCPU": {Total: 1}}
			},
		},
	})
}
