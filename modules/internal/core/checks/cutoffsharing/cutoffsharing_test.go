// SPDX-License-Identifier: Apache-2.0

package cutoffsharing_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/cutoffsharing"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// in makes these the aggregates of the storage.
func in(aggregates ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { s.MembershipMap[checktest.Storage] = append([]string{}, aggregates...) }
}

// plain takes the trait from the storage.
func plain(s *snapshot.Snapshot) { s.TraitHolders[snapshot.TraitSharing] = []string{} }

// second adds a compute node in these aggregates, whose server holds something of the storage.
func second(aggregates ...string) func(*snapshot.Snapshot) {
	const node, server = "c0000000-0000-4000-8000-000000000002", "50000000-0000-4000-8000-000000000002"
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: node, Name: "cn2"}, "VCPU", 10)
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: node, Name: "cn2", ServiceHost: "cn2"})
		s.MembershipMap[node] = aggregates
		another := s.ServerList[0]
		another.UUID, another.Host, another.Node = server, "cn2", "cn2"
		s.ServerList = append(s.ServerList, another)
		checktest.Hold(s, server, node, "VCPU", 1)
		checktest.Hold(s, server, checktest.Storage, "DISK_GB", 20)
	}
}

// evacuated has the second server also hold something of a third host, from which it was evacuated.
func evacuated(s *snapshot.Snapshot) {
	second()(s)
	checktest.Hold(s, s.ServerList[1].UUID, checktest.Compute, "VCPU", 1)
}

// pooled gives the second host a pool of its own.
func pooled(s *snapshot.Snapshot) {
	const aggregate, pool = "a0000000-0000-4000-8000-000000000008", "70000000-0000-4000-8000-000000000002"
	second(aggregate)(s)
	checktest.AddProvider(s, openstack.Provider{UUID: pool, Name: "pool2"}, "DISK_GB", 100)
	s.MembershipMap[pool] = []string{aggregate}
	s.TraitHolders[snapshot.TraitSharing] = append(s.TraitHolders[snapshot.TraitSharing], pool)
}

func TestCutOffSharing(t *testing.T) {
	const other = "a0000000-0000-4000-8000-000000000009"
	storage := []string{checktest.Storage}
	checktest.Run(t, cutoffsharing.Check(), []checktest.Case{
		{Name: "in no aggregate", Change: in(), Want: storage},
		{Name: "in another aggregate", Change: in(other), Want: storage},
		{Name: "in one of a compute node, among others", Change: in(other, checktest.Aggregate)},
		{Name: "only Nova's aggregates were read", Change: func(s *snapshot.Snapshot) {
			in()(s)
			s.EveryMembership = false
		}, NotJudged: storage},
		{Name: "in none with a node whose server holds something of it", Change: second(), Want: storage},
		{Name: "in none with the node that a server was evacuated to", Change: evacuated, NotJudged: storage},
		{Name: "in none with a node that has a pool of its own", Change: pooled, NotJudged: storage},
		{Name: "in none with a node of which its server holds nothing", Change: func(s *snapshot.Snapshot) {
			second()(s)
			server := s.ServerList[1].UUID
			checktest.Release(s, server)
			checktest.Hold(s, server, checktest.Storage, "DISK_GB", 20)
		}, NotJudged: storage},
		{Name: "in one with that node too", Change: second(other, checktest.Aggregate)},
		{Name: "in none with a node that Nova has in one: PLC401", Change: func(s *snapshot.Snapshot) {
			second()(s)
			s.AggregateList[0].Hosts = append(s.AggregateList[0].Hosts, "cn2")
		}},
		{Name: "in none with a node whose server is in a task", Change: func(s *snapshot.Snapshot) {
			second()(s)
			s.ServerList[1].TaskState = "migrating"
		}},
		{Name: "in none with that node, as far as Nova's aggregates tell", Change: func(s *snapshot.Snapshot) {
			second()(s)
			s.EveryMembership = false
		}, NotJudged: storage},
		{Name: "the trait is gone", Change: plain, Want: storage},
		{Name: "the trait is gone, and the aggregate", Change: func(s *snapshot.Snapshot) { plain(s); in()(s) }},
		{Name: "no server of this Nova holds anything", Change: func(s *snapshot.Snapshot) {
			plain(s)
			checktest.Release(s, checktest.Server)
		}},
		{Name: "another service's host in the aggregate", Change: func(s *snapshot.Snapshot) {
			checktest.AddProvider(s, openstack.Provider{UUID: "zun", Name: "zun1"}, "VCPU", 4)
			s.MembershipMap["zun"] = []string{checktest.Aggregate}
			checktest.Hold(s, checktest.Server, "zun", "VCPU", 1)
		}},
		{
			Name: "put back between the looks", Change: in(),
			Between: func(l *snapshot.Look) { l.Providers[checktest.Storage].Aggregates = []string{checktest.Aggregate} },
		},
		{
			Name: "the trait comes back between the looks", Change: plain,
			Between: func(l *snapshot.Look) { l.Providers[checktest.Storage].Traits = []string{snapshot.TraitSharing} },
		},
	})
}
