// SPDX-License-Identifier: Apache-2.0

package danglingrows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
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

// Rows of what is still there are not to be deleted, and hosts that are mapped nowhere are to be mapped.
func TestRemedyByColumn(t *testing.T) {
	for column, want := range map[string]string{
		"nova_cell.compute_nodes.host": "nova-manage cell_v2 discover_hosts --by-service", "nova_cell.compute_nodes.uuid": "write the UUID",
		"nova_cell.instance_extra.flavor": "Keep the rows", "placement.consumers.project_id": "Keep the consumers",
		"placement.consumers.user_id": "Keep the consumers", "nova_api.host_mappings.host": "delete those that nothing needs",
	} {
		i := strings.LastIndex(column, ".")
		s := snapshot.Empty(time.Unix(0, 0))
		s.Rows = &snapshot.Database{
			Dangling: []snapshot.Dangling{{Table: column[:i], Column: column[i+1:], Points: "it points to nothing", Count: 1, Examples: []string{"x"}}},
			Cells:    []snapshot.Cell{{UUID: "dark", Unread: "gone"}},
		}
		s.Second = &snapshot.Look{Parts: map[snapshot.Part]snapshot.Status{}}
		v := check.Run(s, []*check.Check{danglingrows.Check()}, check.Defaults())
		if len(v.Findings) != 1 || !strings.Contains(v.Findings[0].Remedy.Text+v.Findings[0].Remedy.Command, want) {
			t.Errorf("%s: %+v", column, v.Findings)
		}
		if !v.LeavesAlone("PLC509", "dark") {
			t.Errorf("%s: a cell that could not be read counts as judged", column)
		}
	}
}
