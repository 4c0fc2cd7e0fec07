// SPDX-License-Identifier: Apache-2.0

// Package offloadedallocation finds servers without a host that hold resources (PLC107).
package offloadedallocation

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC107.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC107", Name: "offloaded-allocation", Severity: check.Medium, Subject: check.OfServer, Healable: true,
		Title: "A server that is on no host holds resources of one, or of shared storage.",
		Doc: check.Doc{
			Meaning: "The host or the storage keeps room for a server that is not there. The server gets new resources when it is unshelved.",
			Causes:  "An offload or an unshelve that failed half way, a build that ended in ERROR after the scheduler's claim.",
			ByHand: "openstack server show SERVER -c status -c OS-EXT-SRV-ATTR:host\n" +
				"openstack resource provider allocation show SERVER",
			Remedy: "openstack --os-placement-api-version 1.28 resource provider allocation unset SERVER",
			Never: "Servers with a task or a move that has been under way for less than stuck_after; servers in any state but " +
				"SHELVED_OFFLOADED and ERROR (PLC505 has builds); those that hold nothing of compute hosts or shared storage; anything while a cell does not answer.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Allocations, snapshot.Servers, snapshot.Migrations),
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		offloaded := server.Status == "SHELVED_OFFLOADED" || server.Status == "ERROR"
		held := p.Snapshot.Held(server.UUID)
		if server.Host != "" || !offloaded || len(held) == 0 {
			continue
		}
		if why := excuse(p, server, held); why != "" {
			p.NotJudged(server.UUID, why)
			continue
		}
		p.Report(check.Suspect{
			Subject: check.Subject{UUID: server.UUID, Name: server.Name},
			Message: fmt.Sprintf("server %s (%s) is %s and on no host, but holds %s",
				server.Name, server.UUID, server.Status, check.Holdings(p.Snapshot, held)),
			Evidence: check.ServerEvidence(map[string]any{
				"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
			}, server),
			Remedy: p.Afterwards(server, check.Remedy{
				Text:    fmt.Sprintf("Empty the allocation of server %s while nothing is done with it", check.Named(server.Name, server.UUID)),
				Command: check.Unset(server.UUID),
			}),
			Stamp:   check.Still(server, held),
			Because: p.Before(server),
		})
	}
}

// excuse says why what a server on no host holds may be in order; empty if it is not. Nova takes away all of it, shared storage too
// (nova/scheduler/client/report.py, delete_allocation_for_instance).
func excuse(p *check.Pass, server openstack.Server, held []openstack.Allocation) string {
	if busy := p.Busy(server); busy != "" {
		return busy
	}
	novas := func(a openstack.Allocation) bool {
		_, compute := p.Snapshot.ComputeOf(a.ProviderUUID)
		return compute || p.Snapshot.Sharing(a.ProviderUUID)
	}
	if !slices.ContainsFunc(held, novas) {
		return "it holds nothing of a compute host or of shared storage: it may belong to another service"
	}
	return ""
}
