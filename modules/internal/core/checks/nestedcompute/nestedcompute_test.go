// SPDX-License-Identifier: Apache-2.0

package nestedcompute_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/nestedcompute"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func below(s *snapshot.Snapshot) {
	checktest.AddProvider(s, openstack.Provider{UUID: "top", Name: "cn0"}, "VCPU", 4)
	s.ProviderList[0].ParentUUID, s.ProviderList[0].RootUUID = "top", "top"
}

func TestNestedCompute(t *testing.T) {
	one := []string{checktest.Compute}
	checktest.Run(t, nestedcompute.Check(), []checktest.Case{
		{Name: "below another", Change: below, Want: one},
		{Name: "without root provider id", Change: func(s *snapshot.Snapshot) { s.ProviderList[0].RootUUID = "" }, Want: one},
		{
			Name: "a device", Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{
					UUID: "dev", Name: "cn1_gpu0", ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
				}, "VGPU", 1)
			},
		},
		{Name: "no provider", Change: func(s *snapshot.Snapshot) { s.ProviderList = s.ProviderList[1:] }},
		{
			Name: "made a root between the looks", Change: below,
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute].Provider.ParentUUID = "" },
		},
	})
}
