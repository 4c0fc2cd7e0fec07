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
