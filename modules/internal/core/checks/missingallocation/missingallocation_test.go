// SPDX-License-Identifier: Apache-2.0

package missingallocation_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// bare takes the server's allocation and changes the server.
func bare(change func(*openstack.Server)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.Release(s, checktest.Server)
		change(&s.ServerList[0])
	}
}

func TestMissingAllocation(t *testing.T) {
	same := func(*openstack.Server) {}
	server, alone := []string{checktest.Server}, []string{checktest.Server}
	checktest.Run(t, missingallocation.Check(), []checktest.Case{
		{Name: "an active server holds nothing", Change: bare(same), Want: server},
		{Name: "stopped", Change: bare(func(v *openstack.Server) { v.Status, v.VMState = "SHUTOFF", "stopped" }), Want: server},
		{Name: "in ERROR after it ran", Change: bare(func(v *openstack.Server) { v.Status = "ERROR" }), Want: server},
		{Name: "rescued", Change: bare(func(v *openstack.Server) { v.Status = "RESCUE" }), Want: server},
		{
			Name: "a custom class is all that the flavor asks for",
			Change: bare(func(v *openstack.Server) {
				v.Flavor.ExtraSpecs = map[string]string{
					"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0", "resources:CUSTOM_BM": "1",
				}
			}), Want: server,
		},
		{Name: "no host: shelved offloaded", Change: bare(func(v *openstack.Server) { v.Host, v.Status = "", "SHELVED_OFFLOADED" })},
		{Name: "a task is under way", Change: bare(func(v *openstack.Server) { v.TaskState = "spawning" }), NotJudged: alone},
		{Name: "being built", Change: bare(func(v *openstack.Server) { v.Status = "BUILD" }), NotJudged: alone},
		{Name: "in ERROR, never ran", Change: bare(func(v *openstack.Server) { v.Status, v.LaunchedAt = "ERROR", nil }), NotJudged: alone},
		{Name: "soft-deleted", Change: bare(func(v *openstack.Server) { v.Status = "SOFT_DELETED" }), NotJudged: alone},
		{
			Name: "the flavor asks for nothing",
			Change: bare(func(v *openstack.Server) {
				v.Flavor.ExtraSpecs = map[string]string{"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0"}
			}), NotJudged: alone,
		},
		{
			Name: "a move is in progress",
			Change: func(s *snapshot.Snapshot) {
				bare(same)(s)
				s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Status: "migrating"}}
			}, NotJudged: alone,
		},
		{
			Name: "a move has ended",
			Change: func(s *snapshot.Snapshot) {
				bare(same)(s)
				s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Status: "reverted"}}
			}, Want: server,
		},
		{
			Name: "deleted between the looks", Change: bare(same),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server] = nil },
		},
		{
			Name: "healed between the looks", Change: bare(same),
			Between: func(l *snapshot.Look) {
				l.Consumers[checktest.Server] = []openstack.Allocation{{
					ConsumerUUID: checktest.Server, ProviderUUID: checktest.Compute, Resources: map[string]int{"VCPU": 1},
				}}
			},
		},
		{
			Name: "moved to another host between the looks", Change: bare(same),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].Host = "cn2" },
		},
	})
}
