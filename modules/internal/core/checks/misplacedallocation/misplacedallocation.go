// SPDX-License-Identifier: Apache-2.0

// Package misplacedallocation finds servers whose allocation is on another host than they run on (PLC104).
package misplacedallocation

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC104.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC104", Name: "misplaced-allocation", Severity: check.High, Subject: check.OfServer, Healable: true,
		Title: "A server's only allocation is on another host than the one it runs on.",
		Doc: check.Doc{
			Meaning: "One host looks fuller than it is and the other emptier. `nova-manage placement audit --delete` would delete the server's only " +
				"allocation; heal_allocations reports no problem.",
			Causes: "A hypervisor whose hostname changed and that got a new provider, a failed revert of a move, allocations " +
				"written by hand.",
			ByHand: "openstack resource provider allocation show SERVER\n" +
				"openstack server show SERVER -c OS-EXT-SRV-ATTR:host -c OS-EXT-SRV-ATTR:hypervisor_hostname",
			Remedy: "Move the allocation to the provider of the server's host in one request that carries its generation (PUT " +
				"/allocations/SERVER with the same amounts on the other provider, at microversion 1.28 to 1.37; osc-placement's " +
				"`resource provider allocation set` does that). Placement refuses it if the host is full: make room first. If a migration that ended holds the server's allocation on its " +
				"host, give it back in one request that empties the migration (POST /allocations, evidence.request). Do this while no " +
				"task of the server is under way.",
			Never: "Servers with a task, a build or a move that has been under way for less than stuck_after; servers on a host for which " +
				"Nova shows no compute node; anything while a cell does not answer.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Allocations, snapshot.Servers, snapshot.Migrations),
		Wants:  []snapshot.Part{snapshot.Usages},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		if server.Host == "" || len(p.Snapshot.Held(server.UUID)) == 0 {
			continue
		}
		trees := p.Snapshot.ComputeTrees(server.UUID)
		if len(trees) != 1 {
			continue
		}
		node, known := p.Snapshot.NodeOf(server)
		switch busy := p.Busy(server); {
		case known && node.UUID == trees[0].UUID:
		case busy != "":
			p.NotJudged(server.UUID, busy)
		case !known:
			p.NotJudged(server.UUID, "nova shows no compute node of its host")
		default:
			report(p, server, node)
		}
	}
}

func report(p *check.Pass, server openstack.Server, node openstack.Hypervisor) {
	held := p.Snapshot.Held(server.UUID)
	shares := check.SharesOf(p.Snapshot, server.UUID, node.UUID)
	suspect := check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name},
		Message: fmt.Sprintf("server %s (%s) runs on %s (%s), but holds %s",
			server.Name, server.UUID, node.Name, node.UUID, check.Holdings(p.Snapshot, held)),
		Evidence: check.ServerEvidence(map[string]any{
			"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
			"provider_uuid": shares.Elsewhere[0].ProviderUUID, "provider_uuids": check.ProvidersOf(shares.Elsewhere),
			"expected_provider_uuid": node.UUID,
		}, server),
		Remedy: check.Move(p.Snapshot, server, node, shares),
		Stamp:  check.Still(server, held),
	}
	if back, ok := check.ReturnOf(p.Snapshot, server); ok {
		suspect.Remedy, suspect.Evidence["request"] = back.Remedy(), back.Request()
		suspect.Message += fmt.Sprintf("; migration %s (%s) holds its allocation on %s", back.Migration.UUID, back.Migration.Status, node.Name)
		suspect.Evidence["migration_uuid"], suspect.Evidence["migration_status"] = back.Migration.UUID, back.Migration.Status
	}
	suspect.Remedy = p.Afterwards(server, suspect.Remedy)
	suspect.Because = append(p.Before(server),
		check.Fingerprint("PLC207", check.OfProvider, node.UUID), check.Fingerprint("PLC301", check.OfProvider, node.UUID)) // it has no room
	for _, uuid := range check.ProvidersOf(shares.Elsewhere) {
		suspect.Because = append(suspect.Because, check.Fingerprint("PLC201", check.OfProvider, uuid))
	}
	p.Report(suspect)
}
