// SPDX-License-Identifier: Apache-2.0

package stuckmigration_test

import (
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/stuckmigration"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const move = "70000000-0000-4000-8000-000000000001"

func since(status string, age time.Duration) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{UUID: move, ServerUUID: checktest.Server, Status: status, Updated: checktest.Taken().Add(-age)}}
	}
}

func TestStuckMigration(t *testing.T) {
	const day = 24 * time.Hour
	checktest.Run(t, stuckmigration.Check(), []checktest.Case{
		{Name: "migrating for two days", Change: since("migrating", 2*day), Want: []string{move}},
		{Name: "waiting for confirmation for two days", Change: since("finished", 2*day), Want: []string{move}},
		{Name: "migrating for an hour", Change: since("migrating", time.Hour)},
		{Name: "ended", Change: since("confirmed", 2*day)},
		{
			Name: "never updated, created two days ago",
			Change: func(s *snapshot.Snapshot) {
				since("queued", 0)(s)
				s.MigrationList[0].Updated, s.MigrationList[0].Created = time.Time{}, checktest.Taken().Add(-2*day)
			}, Want: []string{move},
		},
		{
			Name: "it ends between the looks", Change: since("migrating", 2*day),
			Between: func(l *snapshot.Look) {
				l.Parts = map[snapshot.Part]snapshot.Status{snapshot.Migrations: {Read: true}}
				l.Migrations = []openstack.Migration{{UUID: move, Status: "completed"}}
			},
		},
	})
}
