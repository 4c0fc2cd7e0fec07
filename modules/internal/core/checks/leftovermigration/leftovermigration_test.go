// SPDX-License-Identifier: Apache-2.0

package leftovermigration_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
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

const (
	other  = "c0000000-0000-4000-8000-000000000002" // provider of host cn2
	device = "c0000000-0000-4000-8000-000000000003" // below a host
)

// left makes a failed live migration from cn1 hold something of a provider, while its server runs on cn1 and holds its own share.
func left(provider, parent string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{
			UUID: move, ServerUUID: checktest.Server, Type: "live-migration", Status: "error",
			SourceHost: "cn1", SourceNode: "cn1", DestHost: "cn2", DestNode: "cn2",
		}}
		class := "DISK_GB"
		if provider != checktest.Storage {
			class = "CUSTOM_DEVICE"
			checktest.AddProvider(s, openstack.Provider{UUID: provider, Name: "cn2", ParentUUID: parent, RootUUID: parent}, class, 2)
		}
		checktest.Hold(s, move, provider, class, 1)
		if provider == other {
			checktest.Offer(s, provider, "VCPU", 4)
			checktest.Hold(s, move, provider, "VCPU", 1)
		}
	}
}

// A task of days excuses nothing, and what the server should have back is not taken away first.
func TestReturn(t *testing.T) {
	server := func(age time.Duration) func(*snapshot.Snapshot) {
		return func(s *snapshot.Snapshot) {
			holds("error")(s)
			s.MigrationList[0].SourceHost, s.MigrationList[0].SourceNode = "cn1", "cn1"
			checktest.Release(s, checktest.Server)
			s.ServerList[0].TaskState, s.ServerList[0].Created = "resize_reverting", checktest.Taken().Add(-age)
		}
	}
	checktest.Run(t, leftovermigration.Check(), []checktest.Case{
		{Name: "a task of an hour", Change: server(time.Hour), NotJudged: []string{move}},
		{Name: "a task of two days", Change: server(48 * time.Hour), Want: []string{move}},
	})
	for name, tc := range map[string]struct {
		change        func(*snapshot.Snapshot)
		text, command string
		request       bool
	}{
		"its server is back":     {func(s *snapshot.Snapshot) { server(0)(s); s.ServerList[0].TaskState = "" }, "POST /allocations", "", true},
		"its server holds there": {holds("error"), "Then empty migration " + move, "unset " + move, false},
		"its server is stuck":    {server(48 * time.Hour), "PLC504:server:" + checktest.Server, "", true},
		// What the server holds where it runs would be lost in the exchange.
		"it holds of its destination": {left(other, ""), "Then empty migration " + move, "unset " + move, false},
		"it holds a device":           {left(device, checktest.Compute), "Then empty migration " + move, "unset " + move, false},
		"it holds shared storage":     {left(checktest.Storage, ""), "Then empty migration " + move, "unset " + move, false},
	} {
		s, c := checktest.Cloud(), leftovermigration.Check()
		tc.change(s)
		checktest.LookTwice(s, c)
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		_, request := f.Evidence["request"]
		if !strings.Contains(f.Remedy.Text, tc.text) || !strings.HasSuffix(f.Remedy.Command, tc.command) || request != tc.request {
			t.Errorf("%s: %+v %v", name, f.Remedy, f.Evidence)
		}
		if f.Evidence["host"] != "cn1" || f.Evidence["server_name"] != "s1" {
			t.Errorf("%s: %v", name, f.Evidence)
		}
	}
}
