// SPDX-License-Identifier: Apache-2.0

package danglingrows_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/danglingrows"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func TestDanglingRows(t *testing.T) {
	const mapping = "nova_api.host_mappings"
	lose := func(s *snapshot.Snapshot) {
		s.Rows = &snapshot.Database{Dangling: []snapshot.Dangling{
			{Table: mapping, Column: "host", Points: "their cells have no nova-compute of the host", Count: 1, Examples: []string{"cn9"}},
			{Table: mapping, Column: "cell_id", Points: "cell_id is of no cell", Count: 1, Examples: []string{"cn8"}},
		}}
	}
	checktest.Run(t, danglingrows.Check(), []checktest.Case{
		{Name: "two columns of one table", Change: lose, Want: []string{mapping + ".cell_id", mapping + ".host"}},
		{Name: "none", Change: func(s *snapshot.Snapshot) { s.Rows = &snapshot.Database{} }},
		{
			Name: "gone between the looks", Change: lose,
			Between: func(l *snapshot.Look) {
				l.Rows, l.Parts[snapshot.Rows] = &snapshot.Database{}, snapshot.Status{Read: true}
			},
		},
	})
}
