// SPDX-License-Identifier: Apache-2.0

package doubleallocation_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/doubleallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const (
	second = "c0000000-0000-4000-8000-000000000002"
	child  = "c0000000-0000-4000-8000-000000000003"
)

// both gives the server a share of a second host too.
func both(change func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2", State: "down"})
		checktest.Hold(s, checktest.Server, second, "VCPU", 1)
		change(s)
	}
}

func moving(status string) func(*snapshot.Snapshot) {
	return both(func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Type: "evacuation", Status: status}}
	})
}

func TestDoubleAllocation(t *testing.T) {
	server := []string{checktest.Server}
	checktest.Run(t, doubleallocation.Check(), []checktest.Case{
		{Name: "two hosts", Change: both(func(*snapshot.Snapshot) {}), Want: server},
		{Name: "left by an evacuation", Change: moving("done"), Want: server},
		{Name: "being evacuated", Change: moving("pre-migrating"), NotJudged: server},
		{Name: "waiting for confirmation", Change: moving("finished"), NotJudged: server},
		{Name: "a task is under way", Change: both(func(s *snapshot.Snapshot) { s.ServerList[0].TaskState = "migrating" }), NotJudged: server},
		{
			Name: "a host and its child",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: child, Name: "cn1_pci", ParentUUID: checktest.Compute, RootUUID: checktest.Compute}, "CUSTOM_PCI", 2)
				checktest.Hold(s, checktest.Server, child, "CUSTOM_PCI", 1)
			},
		},
		{
			Name: "the old share goes between the looks", Change: both(func(*snapshot.Snapshot) {}),
			Between: func(l *snapshot.Look) { l.Consumers[checktest.Server] = l.Consumers[checktest.Server][:1] },
		},
		{
			Name: "a move begins between the looks", Change: both(func(*snapshot.Snapshot) {}),
			Between:   func(l *snapshot.Look) { l.Servers[checktest.Server].TaskState = "migrating" },
			NotJudged: server,
		},
	})
}
