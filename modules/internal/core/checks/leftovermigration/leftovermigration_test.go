// SPDX-License-Identifier: Apache-2.0

package leftovermigration_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/leftovermigration"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const move = "70000000-0000-4000-8000-000000000001"

func holds(status string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{UUID: move, ServerUUID: checktest.Server, Type: "migration", Status: status}}
		checktest.Hold(s, move, checktest.Compute, "VCPU", 1)
	}
}

func TestLeftoverMigration(t *testing.T) {
	ended := []string{move}
	cases := []checktest.Case{
		{
			Name: "its server has a task under way",
			Change: func(s *snapshot.Snapshot) {
				holds("error")(s)
				s.ServerList[0].TaskState = "resize_reverting"
			}, NotJudged: ended,
		},
		{
			Name: "its server is gone",
			Change: func(s *snapshot.Snapshot) {
				holds("error")(s)
				s.MigrationList[0].ServerUUID = "gone"
			}, Want: ended,
		},
		{
			Name: "freed between the looks", Change: holds("confirmed"),
			Between: func(l *snapshot.Look) { l.Consumers[move] = nil },
		},
		{
			Name: "it holds nothing",
			Change: func(s *snapshot.Snapshot) {
				s.MigrationList = []openstack.Migration{{UUID: move, Status: "completed"}}
			},
		},
	}
	for _, status := range []string{"confirmed", "reverted", "error", "failed", "completed", "cancelled", "done"} {
		cases = append(cases, checktest.Case{Name: status, Change: holds(status), Want: ended})
	}
	for _, status := range []string{"queued", "pre-migrating", "migrating", "post-migrating", "finished", "reverting", "confirming"} {
		cases = append(cases, checktest.Case{Name: status, Change: holds(status)})
	}
	checktest.Run(t, leftovermigration.Check(), cases)
}
