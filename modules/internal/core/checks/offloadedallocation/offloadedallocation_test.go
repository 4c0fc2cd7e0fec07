// SPDX-License-Identifier: Apache-2.0

package offloadedallocation_test

import (
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/offloadedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func hostless(status string, change func(*openstack.Server)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.ServerList[0].Host, s.ServerList[0].Status = "", status
		change(&s.ServerList[0])
	}
}

func TestOffloadedAllocation(t *testing.T) {
	same := func(*openstack.Server) {}
	server := []string{checktest.Server}
	checktest.Run(t, offloadedallocation.Check(), []checktest.Case{
		{Name: "shelved offloaded", Change: hostless("SHELVED_OFFLOADED", same), Want: server},
		{Name: "a build that failed", Change: hostless("ERROR", same), Want: server},
		{Name: "being unshelved", Change: hostless("SHELVED_OFFLOADED", func(v *openstack.Server) { v.TaskState = "spawning" }), NotJudged: server},
		{Name: "being unshelved for two days", Change: hostless("SHELVED_OFFLOADED", func(v *openstack.Server) {
			v.TaskState, v.Created = "spawning", checktest.Taken().AddDate(0, 0, -2)
		}), Want: server},
		{Name: "being built: the scheduler has claimed a host", Change: hostless("BUILD", same)},
		{Name: "shelved, still on its host", Change: func(s *snapshot.Snapshot) { s.ServerList[0].Status = "SHELVED" }},
		{
			Name: "it holds shared disk only",
			Change: func(s *snapshot.Snapshot) {
				hostless("SHELVED_OFFLOADED", same)(s)
				checktest.Release(s, checktest.Server)
				checktest.Hold(s, checktest.Server, checktest.Storage, "DISK_GB", 1)
			}, Want: server,
		},
		{
			Name: "it holds something that another service offers",
			Change: func(s *snapshot.Snapshot) {
				hostless("SHELVED_OFFLOADED", same)(s)
				checktest.Release(s, checktest.Server)
				const other = "d0000000-0000-4000-8000-000000000002"
				checktest.AddProvider(s, openstack.Provider{UUID: other, Name: "other"}, "CUSTOM_OTHER", 4)
				checktest.Hold(s, checktest.Server, other, "CUSTOM_OTHER", 1)
			}, NotJudged: server,
		},
		{Name: "it holds nothing", Change: func(s *snapshot.Snapshot) {
			hostless("SHELVED_OFFLOADED", same)(s)
			checktest.Release(s, checktest.Server)
		}},
		{
			Name: "unshelved and shelved again between the looks", Change: hostless("SHELVED_OFFLOADED", same),
			Between: func(l *snapshot.Look) {
				l.Servers[checktest.Server].Updated = l.Servers[checktest.Server].Updated.Add(time.Second)
			},
		},
		{
			Name: "unshelved between the looks", Change: hostless("SHELVED_OFFLOADED", same),
			Between: func(l *snapshot.Look) {
				l.Servers[checktest.Server].Host, l.Servers[checktest.Server].Status = "cn1", "ACTIVE"
			},
		},
	})
}
