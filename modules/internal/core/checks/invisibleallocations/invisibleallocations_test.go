// SPDX-License-Identifier: Apache-2.0

package invisibleallocations_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/invisibleallocations"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// more makes that much more used than anybody holds.
func more(provider, class string, n int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { s.UsageMap[provider][class] += n }
}

func TestInvisibleAllocations(t *testing.T) {
	host := []string{checktest.Compute}
	checktest.Run(t, invisibleallocations.Check(), []checktest.Case{
		{Name: "beside a visible one", Change: more(checktest.Compute, "VCPU", 1), Want: host},
		{Name: "of a class that nobody holds", Change: more(checktest.Compute, "VGPU", 1), Want: host},
		{Name: "on shared storage", Change: more(checktest.Storage, "DISK_GB", 5), Want: []string{checktest.Storage}},
		{
			Name: "the only one", Change: func(s *snapshot.Snapshot) {
				s.AllocationList = []openstack.Allocation{}
				s.UsageMap[checktest.Storage]["DISK_GB"] = 0
			}, Want: host,
		},
		{Name: "less used than held", Change: more(checktest.Compute, "VCPU", -1)},
		{
			Name: "two consumers together hold it", Change: func(s *snapshot.Snapshot) {
				checktest.Hold(s, "other", checktest.Compute, "VCPU", 2)
			},
		},
	})
}

func TestInvisibleAllocationsAtTheSecondLook(t *testing.T) {
	checktest.Run(t, invisibleallocations.Check(), []checktest.Case{
		{
			Name: "held by a server that came between the lists", Change: more(checktest.Compute, "VCPU", 1),
			Between: func(l *snapshot.Look) {
				look := l.Providers[checktest.Compute]
				look.Allocations = append(look.Allocations, openstack.Allocation{
					ConsumerUUID: "new", ProviderUUID: checktest.Compute, Resources: map[string]int{"VCPU": 1},
				})
			},
		},
		{
			Name: "deleted between the looks", Change: more(checktest.Compute, "VCPU", 1),
			Between: func(l *snapshot.Look) {
				l.Providers[checktest.Compute].Usages = map[string]int{"VCPU": 1, "MEMORY_MB": 2048}
			},
		},
		{
			Name: "another amount at the second look", Change: more(checktest.Compute, "VCPU", 1),
			Between: func(l *snapshot.Look) {
				l.Providers[checktest.Compute].Usages = map[string]int{"VCPU": 3, "MEMORY_MB": 2048}
			},
		},
		{
			Name: "the provider is gone at the second look", Change: more(checktest.Compute, "VCPU", 1),
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute] = nil },
		},
	})
}

func TestEvidence(t *testing.T) {
	s, c := checktest.Cloud(), invisibleallocations.Check()
	more(checktest.Compute, "VCPU", 2)(s)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	want := map[string]any{
		"generation": 3, "visible_consumers": 1,
		"holders": []map[string]any{{
			"consumer_uuid": checktest.Server, "resources": map[string]int{"MEMORY_MB": 2048, "VCPU": 1},
			"server_uuid": checktest.Server, "server_name": "s1", "server_status": "ACTIVE", "host": "cn1",
		}},
		"classes": []map[string]any{{"class": "VCPU", "used": 3, "visible": 1, "invisible": 2}},
	}
	if diff := cmp.Diff(want, f.Evidence); diff != "" {
		t.Error(diff)
	}
}
