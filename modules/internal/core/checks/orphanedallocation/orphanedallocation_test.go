// SPDX-License-Identifier: Apache-2.0

package orphanedallocation_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/orphanedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const (
	gone  = "60000000-0000-4000-8000-000000000001"
	child = "c0000000-0000-4000-8000-000000000002"
	stale = "c0000000-0000-4000-8000-000000000003"
)

func addChild(s *snapshot.Snapshot, class string) {
	checktest.AddProvider(s, openstack.Provider{
		UUID: child, Name: "cn1_child", ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
	}, class, 8)
}

func TestOrphanedAllocation(t *testing.T) {
	orphan := func(s *snapshot.Snapshot) { checktest.Hold(s, gone, checktest.Compute, "VCPU", 1) }
	checktest.Run(t, orphanedallocation.Check(), []checktest.Case{
		{Name: "the server is gone", Change: orphan, Want: []string{gone}},
		{
			Name: "the server appears between the looks: it was being built", Change: orphan,
			Between: func(l *snapshot.Look) { l.Servers[gone] = &openstack.Server{UUID: gone, Status: "BUILD"} },
		},
		{
			Name: "the server is soft-deleted: only the second look sees it", Change: orphan,
			Between: func(l *snapshot.Look) { l.Servers[gone] = &openstack.Server{UUID: gone, Status: "SOFT_DELETED"} },
		},
		{
			Name: "the allocation is gone at the second look", Change: orphan,
			Between: func(l *snapshot.Look) { l.Consumers[gone] = nil },
		},
		{
			Name: "somebody wrote the allocation between the looks", Change: orphan,
			Between: func(l *snapshot.Look) { l.Consumers[gone][0].ConsumerGeneration++ },
		},
		{
			Name: "the consumer is a migration listed at the second look", Change: orphan,
			Between: func(l *snapshot.Look) {
				l.Parts = map[snapshot.Part]snapshot.Status{snapshot.Migrations: {Read: true}}
				l.Migrations = []openstack.Migration{{UUID: gone, Status: "migrating"}}
			},
		},
		{
			Name: "the consumer is a migration",
			Change: func(s *snapshot.Snapshot) {
				orphan(s)
				s.MigrationList = []openstack.Migration{{UUID: gone, Status: "finished"}}
			},
		},
		{
			Name: "the consumer has another service's type", Change: orphan,
			Between:   func(l *snapshot.Look) { l.Types[gone] = "CONTAINER" },
			NotJudged: []string{gone},
		},
		{
			Name: "its server was deleted just now", Change: orphan,
			Between:   func(l *snapshot.Look) { l.Deleted = []string{gone} },
			NotJudged: []string{gone},
		},
		{
			Name: "another server was deleted just now", Change: orphan,
			Between: func(l *snapshot.Look) { l.Deleted = []string{checktest.Server} },
			Want:    []string{gone},
		},
		{
			Name: "what it holds changes while it is looked at", Change: orphan,
			Between:   func(l *snapshot.Look) { l.Restless = []string{gone} },
			NotJudged: []string{gone},
		},
		{
			Name:      "it holds only shared disk",
			Change:    func(s *snapshot.Snapshot) { checktest.Hold(s, gone, checktest.Storage, "DISK_GB", 1) },
			NotJudged: []string{gone},
		},
		{
			Name: "it holds only a device or a reservation below the compute node",
			Change: func(s *snapshot.Snapshot) {
				addChild(s, "CUSTOM_RESERVATION")
				checktest.Hold(s, gone, child, "CUSTOM_RESERVATION", 1)
			},
			NotJudged: []string{gone},
		},
		{
			Name: "it holds a CPU of a NUMA node",
			Change: func(s *snapshot.Snapshot) {
				addChild(s, "PCPU")
				checktest.Hold(s, gone, child, "PCPU", 1)
			},
			Want: []string{gone},
		},
		{
			Name: "it holds what a provider without a compute node offers",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: stale, Name: "old"}, "MEMORY_MB", 1024)
				s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], stale)
				checktest.Hold(s, gone, stale, "MEMORY_MB", 512)
			},
			Want: []string{gone},
		},
		{
			Name: "it holds what a provider that is not Nova's offers",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: stale, Name: "zun1"}, "MEMORY_MB", 1024)
				checktest.Hold(s, gone, stale, "MEMORY_MB", 512)
			},
			NotJudged: []string{gone},
		},
	})
}
