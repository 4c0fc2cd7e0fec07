// SPDX-License-Identifier: Apache-2.0

package anothernova_test

import (
	"fmt"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/anothernova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// strange adds roots without compute node, and somebody on each.
func strange(s *snapshot.Snapshot, n int, holder func(i int) string) {
	for i := range n {
		uuid := fmt.Sprintf("strange%d", i)
		checktest.AddProvider(s, openstack.Provider{UUID: uuid, Name: uuid}, "VCPU", 8)
		s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], uuid)
		if holder != nil {
			checktest.Hold(s, holder(i), uuid, "VCPU", 1)
		}
	}
}

func unknown(i int) string { return fmt.Sprintf("unknown%d", i) }

// ownHosts gives this Nova more compute nodes.
func ownHosts(s *snapshot.Snapshot, n int) {
	for i := range n {
		uuid := fmt.Sprintf("own%d", i)
		checktest.AddProvider(s, openstack.Provider{UUID: uuid, Name: uuid}, "VCPU", 8)
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: uuid, Name: uuid, ServiceHost: uuid, State: "up"})
	}
}

func Test(t *testing.T) {
	checktest.Run(t, anothernova.Check(), []checktest.Case{
		{
			Name: "three hosts of another Nova", Want: []string{""},
			Change: func(s *snapshot.Snapshot) { ownHosts(s, 20); strange(s, 3, unknown) },
		},
		{
			Name: "two beside one of our own", Want: []string{""},
			Change: func(s *snapshot.Snapshot) { strange(s, 2, unknown) },
		},
		{
			Name:   "two beside many of our own",
			Change: func(s *snapshot.Snapshot) { ownHosts(s, 20); strange(s, 2, unknown) },
		},
		{
			Name:   "many that were removed",
			Change: func(s *snapshot.Snapshot) { strange(s, 9, nil) },
		},
		{
			Name: "hosts that were renamed",
			Change: func(s *snapshot.Snapshot) {
				strange(s, 3, func(int) string { return checktest.Server })
			},
		},
	})
}

func TestSecondLook(t *testing.T) {
	checktest.Run(t, anothernova.Check(), []checktest.Case{
		{
			Name: "all but one is gone at the second look", Change: func(s *snapshot.Snapshot) { strange(s, 3, unknown) },
			Between: func(l *snapshot.Look) {
				l.Consumers["unknown0"], l.Consumers["unknown1"] = nil, nil
			},
		},
	})
}
