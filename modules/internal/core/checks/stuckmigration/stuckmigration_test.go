// SPDX-License-Identifier: Apache-2.0

package stuckmigration_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
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

// What is advised works for a move of that type in that state: restarting nova-compute ends live migrations that were running,
// and nothing else.
func TestRemedy(t *testing.T) {
	const restart, reset = "Restart nova-compute", "openstack server set --state "
	for _, tc := range []struct{ kind, status, server, task, want, never string }{
		{"live-migration", "queued", "MIGRATING", "migrating", "server migration abort " + checktest.Server + " " + move, restart},
		{"live-migration", "preparing", "MIGRATING", "migrating", "server migration abort", restart},
		{"live-migration", "queued", "MIGRATING", "migrating", "restart that once more", "table migrations"},
		{"live-migration", "queued", "ACTIVE", "", "table migrations", "migration abort"},
		{"live-migration", "running", "MIGRATING", "migrating", restart + " on cn1", reset},
		{"live-migration", "accepted", "MIGRATING", "migrating", reset + "active " + checktest.Server, restart},
		{"live-migration", "running (post-copy)", "MIGRATING", "migrating", "table migrations", restart},
		{"resize", "finished", "VERIFY_RESIZE", "", "openstack server resize confirm " + checktest.Server, restart},
		{"migration", "finished", "VERIFY_RESIZE", "", "openstack server resize confirm", restart},
		{"resize", "finished", "ACTIVE", "", "table migrations", "confirm"},
		{"resize", "migrating", "RESIZE", "resize_migrating", reset + "active", restart},
		{"resize", "confirming", "VERIFY_RESIZE", "", "table migrations", reset},
		{"evacuation", "accepted", "REBUILD", "rebuilding", reset + "error", restart},
	} {
		s, c := checktest.Cloud(), stuckmigration.Check()
		since(tc.status, 48*time.Hour)(s)
		s.MigrationList[0].Type, s.MigrationList[0].SourceHost, s.MigrationList[0].DestHost = tc.kind, "cn1", "cn2"
		s.ServerList[0].Status, s.ServerList[0].TaskState = tc.server, tc.task
		checktest.Hold(s, move, checktest.Compute, "VCPU", 3)
		checktest.LookTwice(s, c)
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		said := f.Remedy.Text + "\n" + f.Remedy.Command
		if !strings.Contains(said, tc.want) || strings.Contains(said, tc.never) || !strings.Contains(said, move) && tc.status != "finished" {
			t.Errorf("%s %s: %s", tc.kind, tc.status, said)
		}
		if !strings.Contains(f.Message, "VCPU 3 on cn1") || f.Evidence["host"] != "cn1" || f.Evidence["age"] != 48*3600.0+10 { // at the second look
			t.Errorf("%s %v", f.Message, f.Evidence)
		}
	}
}

// Where nothing but migrations could be read, the check still runs.
func TestMigrationsAlone(t *testing.T) {
	s, c := checktest.Cloud(), stuckmigration.Check()
	since("migrating", 48*time.Hour)(s)
	checktest.LookTwice(s, c)
	for _, p := range c.Wants {
		s.MarkFailed(p, "403")
	}
	s.Second.Servers = nil
	if v := check.Run(s, []*check.Check{c}, check.Defaults()); len(v.Findings) != 1 || !v.Complete() {
		t.Errorf("%v %v", v.Findings, v.NotRun)
	}
}

// Nothing can be confirmed, aborted or reset of a server that is gone.
func TestServerGone(t *testing.T) {
	for want, held := range map[string]int{"resource provider allocation unset " + move: 1, "table migrations": 0} {
		s, c := checktest.Cloud(), stuckmigration.Check()
		since("finished", 48*time.Hour)(s)
		s.MigrationList[0].ServerUUID = "gone"
		if held > 0 {
			checktest.Hold(s, move, checktest.Compute, "VCPU", held)
		}
		checktest.LookTwice(s, c)
		r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
		if said := r.Text + r.Command; !strings.Contains(said, want) || strings.Contains(said, "confirm") {
			t.Errorf("%+v", r)
		}
	}
}
