// SPDX-License-Identifier: Apache-2.0

package nestedcomputenode_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/nestedcomputenode"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const second = "c0000000-0000-4000-8000-000000000002"

// below adds a provider below the one of cn1.
func below(s *snapshot.Snapshot) {
	checktest.AddProvider(s, openstack.Provider{
		UUID: second, Name: "cn2", ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
	}, "VCPU", 10)
}

func TestNestedComputeNode(t *testing.T) {
	checktest.Run(t, nestedcomputenode.Check(), []checktest.Case{
		{Name: "of a compute node", Change: func(s *snapshot.Snapshot) {
			below(s)
			s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2"})
		}, Want: []string{second}},
		{Name: "of nobody", Change: below},
	})
}
