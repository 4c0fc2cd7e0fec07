// SPDX-License-Identifier: Apache-2.0

package missingaggregate_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingaggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const second = "c0000000-0000-4000-8000-000000000002"

func unmirrored(s *snapshot.Snapshot) { s.MembershipMap[checktest.Compute] = []string{} }

// node adds a compute node to a host.
func node(s *snapshot.Snapshot, host string, memberships ...string) {
	checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "node2"}, "VCPU", 1)
	s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "node2", ServiceHost: host, State: "up"})
	s.MembershipMap[second] = memberships
}

func TestMissingAggregate(t *testing.T) {
	cn1 := []string{checktest.Compute}
	checktest.Run(t, missingaggregate.Check(), []checktest.Case{
		{Name: "not mirrored", Change: unmirrored, Want: cn1},
		{
			Name:   "in another aggregate only",
			Change: func(s *snapshot.Snapshot) { s.MembershipMap[checktest.Compute] = []string{"other"} }, Want: cn1,
		},
		{
			Name:   "one of two",
			Change: func(s *snapshot.Snapshot) { s.AggregateList = append(s.AggregateList, second2()) }, Want: cn1,
		},
		{Name: "an aggregate without hosts", Change: func(s *snapshot.Snapshot) { unmirrored(s); s.AggregateList[0].Hosts = nil }},
		{Name: "not in it", Change: func(s *snapshot.Snapshot) { node(s, "cn2") }},
		{
			Name:   "the second node of a bare-metal host, which nova leaves out",
			Change: func(s *snapshot.Snapshot) { node(s, "cn1") }, Want: []string{second},
		},
		{Name: "both nodes of a host", Change: func(s *snapshot.Snapshot) { node(s, "cn1", checktest.Aggregate) }},
		{
			Name:   "a host without compute node",
			Change: func(s *snapshot.Snapshot) { s.AggregateList[0].Hosts = append(s.AggregateList[0].Hosts, "cn7") },
		},
		{
			Name:   "a compute node without provider",
			Change: func(s *snapshot.Snapshot) { unmirrored(s); s.ProviderList = s.ProviderList[1:] },
		},
	})
}

func TestMissingAggregateAtTheSecondLook(t *testing.T) {
	checktest.Run(t, missingaggregate.Check(), []checktest.Case{
		{
			Name: "mirrored between the looks", Change: unmirrored,
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute].Aggregates = []string{checktest.Aggregate} },
		},
		{
			Name: "taken out of the aggregate between the looks", Change: unmirrored,
			Between: func(l *snapshot.Look) {
				l.Parts[snapshot.Aggregates] = snapshot.Status{Read: true}
				l.Aggregates = []openstack.Aggregate{{UUID: checktest.Aggregate, Hosts: []string{}}}
			},
		},
	})
}

func second2() openstack.Aggregate {
	return openstack.Aggregate{ID: 2, UUID: "b", Name: "az1", Hosts: []string{"cn1"}}
}

// sync_aggregates does not help where a host has several compute nodes; it would end with an error there.
func TestRemedy(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*snapshot.Snapshot)
		begins string
	}{
		"one node":  {unmirrored, "Mirror the host aggregates"},
		"two nodes": {func(s *snapshot.Snapshot) { node(s, "cn1") }, "Add resource provider "},
	} {
		s, c := checktest.Cloud(), missingaggregate.Check()
		tc.change(s)
		checktest.LookTwice(s, c)
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		if !strings.HasPrefix(f.Remedy.Text, tc.begins) || !strings.Contains(f.Message, "rack1 ("+checktest.Aggregate+")") {
			t.Errorf("%s: remedy %q, message %q", name, f.Remedy.Text, f.Message)
		}
	}
}
