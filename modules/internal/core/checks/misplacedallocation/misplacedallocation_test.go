// SPDX-License-Identifier: Apache-2.0

package misplacedallocation_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/misplacedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const second = "c0000000-0000-4000-8000-000000000002"

// elsewhere puts the server's allocation on a second host.
func elsewhere(change func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
		s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], second)
		checktest.Release(s, checktest.Server)
		checktest.Hold(s, checktest.Server, second, "VCPU", 1)
		change(s)
	}
}

func TestMisplacedAllocation(t *testing.T) {
	same := func(*snapshot.Snapshot) {}
	server := []string{checktest.Server}
	checktest.Run(t, misplacedallocation.Check(), []checktest.Case{
		{Name: "on another host", Change: elsewhere(same), Want: server},
		{Name: "a task is under way", Change: elsewhere(func(s *snapshot.Snapshot) { s.ServerList[0].TaskState = "migrating" }), NotJudged: server},
		{
			Name: "a move is in progress",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Status: "migrating"}}
			}), NotJudged: server,
		},
		{Name: "its host has no compute node", Change: elsewhere(func(s *snapshot.Snapshot) { s.ServerList[0].Host = "cn9" }), NotJudged: server},
		{
			Name: "bare metal: several nodes of one host, told apart by name",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "node2", ServiceHost: "cn1"})
				s.ServerList[0].Node = "node2"
			}),
		},
		{
			Name: "on the wrong one of several nodes",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "node2", ServiceHost: "cn1"})
			}), Want: server,
		},
		{
			Name: "it holds shared disk only",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				checktest.Release(s, checktest.Server)
				checktest.Hold(s, checktest.Server, checktest.Storage, "DISK_GB", 1)
			}),
		},
		{
			Name: "the server arrives there between the looks", Change: elsewhere(func(s *snapshot.Snapshot) {
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2"})
			}),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].Host = "cn2" },
		},
	})
}
