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
		ID: "PLC104", Name: "misplaced-allocation", Severity: check.High, Subject: check.OfServer,
		Title: "A server's only allocation is on another host than the one it runs on.",
		Doc: check.Doc{
			Meaning: "One host looks fuller than it is and the other emptier. `nova-manage placement audit --delete` would delete the server's only " +
				"allocation; heal_allocations reports no problem.",
			Causes: "A hypervisor whose hostname changed and that got a new provider, a failed revert of a move, allocations " +
				"written by hand.",
			ByHand: "openstack resource provider allocation show SERVER\n" +
				"openstack server show SERVER -c OS-EXT-SRV-ATTR:host -c OS-EXT-SRV-ATTR:hypervisor_hostname",
			Remedy: "Move the allocation to the provider of the server's host in one request that carries its generation (PUT " +
				"/allocations/SERVER with the same amounts on the other provider, at microversion 1.28 to 1.37), while nothing is " +
				"done with the server.",
			Never: "Servers with a task under way or in a move; servers of a host for which Nova shows no compute node; anything " +
				"while a cell does not answer.",
		},
		Needs: snapshot.ForComputeRoots(snapshot.Allocations, snapshot.Servers, snapshot.Migrations),
		Run:   run,
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
		switch busy := p.Snapshot.Busy(server); {
		case known && node.UUID == trees[0].UUID:
		case busy != "":
			p.NotJudged(server.UUID, busy)
		case !known:
			p.NotJudged(server.UUID, "nova shows no compute node of its host")
		default:
			report(p, server, node, trees[0])
		}
	}
}

func report(p *check.Pass, server openstack.Server, node openstack.Hypervisor, on openstack.Provider) {
	held := p.Snapshot.Held(server.UUID)
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name},
		Message: fmt.Sprintf("server %s (%s) runs on %s (%s), but holds %s",
			server.Name, server.UUID, node.Name, node.UUID, check.Holdings(p.Snapshot, held)),
		Evidence: map[string]any{
			"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
			"host": server.Host, "node": node.Name, "provider_uuid": on.UUID, "expected_provider_uuid": node.UUID,
		},
		Remedy: check.Remedy{Text: fmt.Sprintf("Move its allocation from %s to %s in one request, with its generation, while nothing "+
			"is done with the server", on.UUID, node.UUID)},
		Stamp:   check.Still(server, held),
		Because: []string{check.Fingerprint("PLC201", check.OfProvider, on.UUID)},
	})
}
