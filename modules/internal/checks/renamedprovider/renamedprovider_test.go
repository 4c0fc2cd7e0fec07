// SPDX-License-Identifier: Apache-2.0

package renamedprovider_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/checks/renamedprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

func named(provider, hypervisor string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { s.ProviderList[0].Name, s.HypervisorList[0].Name = provider, hypervisor }
}

func TestRenamedProvider(t *testing.T) {
	compute := []string{checktest.Compute}
	checktest.Run(t, renamedprovider.Check(), []checktest.Case{
		{Name: "another name", Change: named("cn1-old", "cn1"), Want: compute},
		{Name: "a full name", Change: named("cn1", "cn1.example.com"), Want: compute},
		{Name: "another case", Change: named("CN1", "cn1")},
		{
			Name: "renamed back between the looks", Change: named("cn1-old", "cn1"),
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute].Provider.Name = "cn1" },
		},
	})
}
