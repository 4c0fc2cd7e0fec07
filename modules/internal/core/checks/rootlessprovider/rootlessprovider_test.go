// SPDX-License-Identifier: Apache-2.0

package rootlessprovider_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/rootlessprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const rootless = "e0000000-0000-4000-8000-000000000001"

func TestRootlessProvider(t *testing.T) {
	lose := func(s *snapshot.Snapshot) {
		s.Rows = &snapshot.Database{Rootless: []openstack.Provider{{UUID: rootless, Name: "cn9", Generation: 2}}}
	}
	checktest.Run(t, rootlessprovider.Check(), []checktest.Case{
		{Name: "no root", Change: lose, Want: []string{rootless}},
		{Name: "all have roots", Change: func(s *snapshot.Snapshot) { s.Rows = &snapshot.Database{} }},
		{
			Name: "given a root between the looks", Change: lose,
			Between: func(l *snapshot.Look) {
				l.Rows, l.Parts[snapshot.Rows] = &snapshot.Database{}, snapshot.Status{Read: true}
			},
		},
	})
}
