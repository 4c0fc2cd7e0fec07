// SPDX-License-Identifier: Apache-2.0

package uuidmismatch_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/uuidmismatch"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const old = "c0000000-0000-4000-8000-000000000009"

func add(p openstack.Provider) func(*snapshot.Snapshot) {
	p.UUID = old
	return func(s *snapshot.Snapshot) { checktest.AddProvider(s, p, "VCPU", 10) }
}

func TestUUIDMismatch(t *testing.T) {
	checktest.Run(t, uuidmismatch.Check(), []checktest.Case{
		{Name: "the name of a hypervisor, another UUID", Change: add(openstack.Provider{Name: "cn1"}), Want: []string{old}},
		{Name: "names are compared without case", Change: add(openstack.Provider{Name: "CN1"}), Want: []string{old}},
		{Name: "another domain", Change: add(openstack.Provider{Name: "cn1.example.com"})},
		{Name: "nested", Change: add(openstack.Provider{Name: "cn1", ParentUUID: checktest.Compute, RootUUID: checktest.Compute})},
		{
			Name: "deleted between the looks", Change: add(openstack.Provider{Name: "cn1"}),
			Between: func(l *snapshot.Look) { l.Providers[old] = nil },
		},
	})
}
