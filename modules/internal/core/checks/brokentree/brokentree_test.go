// SPDX-License-Identifier: Apache-2.0

package brokentree_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/brokentree"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const gone = "c0000000-0000-4000-8000-000000000009"

// child adds a device with this parent and root.
func child(parent, root string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: "child", Name: "gpu", ParentUUID: parent, RootUUID: root}, "VGPU", 1)
		s.ProviderList[len(s.ProviderList)-1].RootUUID = root
	}
}

func TestBrokenTree(t *testing.T) {
	found := []string{"child"}
	checktest.Run(t, brokentree.Check(), []checktest.Case{
		{Name: "a device", Change: child(checktest.Compute, checktest.Compute)},
		{Name: "neither parent nor root", Change: child(gone, gone), Want: found},
		{Name: "no parent", Change: child(gone, checktest.Compute), Want: found},
		{Name: "no root", Change: child(checktest.Compute, gone), Want: found},
		{Name: "no root provider id", Change: child(checktest.Compute, ""), Want: found},
		{Name: "no root provider id of a root", Change: func(s *snapshot.Snapshot) { s.ProviderList[1].RootUUID = "" }, Want: []string{checktest.Storage}},
		{Name: "of a compute node: PLC211", Change: func(s *snapshot.Snapshot) { s.ProviderList[0].RootUUID = "" }},
		{
			Name: "moved between the looks", Change: child(gone, gone),
			Between: func(l *snapshot.Look) {
				l.Providers["child"].Provider.ParentUUID, l.Providers["child"].Provider.RootUUID = checktest.Compute, checktest.Compute
			},
		},
	})
}
