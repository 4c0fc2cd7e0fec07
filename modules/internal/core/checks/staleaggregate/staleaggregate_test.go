// SPDX-License-Identifier: Apache-2.0

package staleaggregate_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/staleaggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Aggregates beside the one of the healthy cloud.
const (
	unknown = "a0000000-0000-4000-8000-000000000002" // Nova does not have it
	without = "a0000000-0000-4000-8000-000000000003" // Nova has it, with cn2 alone
)

// in puts cn1's provider into aggregates beside its own.
func in(more ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.AggregateList = append(s.AggregateList, openstack.Aggregate{ID: 3, UUID: without, Name: "rack2", Hosts: []string{"cn2"}})
		s.MembershipMap[checktest.Compute] = append([]string{checktest.Aggregate}, more...)
	}
}

// sharing shares the storage through an aggregate.
func sharing(uuid string, before func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		before(s)
		s.MembershipMap[checktest.Storage] = []string{uuid}
	}
}

// some makes it a cloud in which only Nova's aggregates were read.
func some(before func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		before(s)
		s.EveryMembership = false
	}
}

func TestStaleAggregate(t *testing.T) {
	cn1 := []string{checktest.Compute}
	checktest.Run(t, staleaggregate.Check(), []checktest.Case{
		{Name: "nova has it no more", Change: in(unknown), Want: cn1},
		{Name: "nova has it without this host", Change: in(without), Want: cn1},
		{Name: "nova has it with this host", Change: in()},
		{Name: "storage is shared through it", Change: sharing(unknown, in(unknown)), NotJudged: cn1},
		{Name: "storage is shared through one of nova's", Change: sharing(without, in(without)), NotJudged: cn1},
		{Name: "storage is shared through another", Change: sharing(unknown, in(without)), Want: cn1},
		{Name: "only nova's were read", Change: some(in()), NotJudged: cn1},
		{Name: "only nova's were read, and one is without this host", Change: some(in(without)), Want: cn1},
		{Name: "what was not asked for does not count", Change: some(in(unknown)), NotJudged: cn1},
		{
			Name:   "no compute node",
			Change: func(s *snapshot.Snapshot) { s.MembershipMap[checktest.Storage] = []string{unknown} },
		},
		{
			Name:   "a compute node without provider",
			Change: func(s *snapshot.Snapshot) { in(unknown)(s); s.ProviderList = s.ProviderList[1:] },
		},
	})
}

func TestStaleAggregateAtTheSecondLook(t *testing.T) {
	cn1 := []string{checktest.Compute}
	checktest.Run(t, staleaggregate.Check(), []checktest.Case{
		{
			Name: "taken out between the looks", Change: in(unknown),
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute].Aggregates = []string{checktest.Aggregate} },
		},
		{
			Name: "put into nova's between the looks", Change: in(without),
			Between: func(l *snapshot.Look) {
				l.Parts[snapshot.Aggregates] = snapshot.Status{Read: true}
				l.Aggregates = []openstack.Aggregate{
					{UUID: checktest.Aggregate, Hosts: []string{"cn1"}}, {UUID: without, Hosts: []string{"cn1", "cn2"}},
				}
			},
		},
		{
			Name: "taken out between the looks where only nova's were read", Change: some(in(without)),
			Between:   func(l *snapshot.Look) { l.Providers[checktest.Compute].Aggregates = []string{checktest.Aggregate} },
			NotJudged: cn1,
		},
	})
}

// An aggregate that Nova does not have may be another service's, and the finding says so.
func TestWords(t *testing.T) {
	s, c := checktest.Cloud(), staleaggregate.Check()
	in(unknown, without)(s)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	for _, want := range []string{"another service or a person made it", "rack2 (" + without + "), which nova has without this host"} {
		if !strings.Contains(f.Message, want) {
			t.Errorf("message %q does not say %q", f.Message, want)
		}
	}
	if !strings.HasPrefix(f.Remedy.Text, "Take resource provider cn1 ("+checktest.Compute+")") || !strings.Contains(f.Remedy.Text, "if no other service uses it") {
		t.Errorf("remedy %q", f.Remedy.Text)
	}
}
