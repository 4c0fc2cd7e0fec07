// SPDX-License-Identifier: Apache-2.0

// Package doubleallocation finds servers that hold resources of two compute hosts (PLC103).
package doubleallocation

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC103.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC103", Name: "double-allocation", Severity: check.High, Subject: check.OfServer,
		Title: "A server that is not being moved holds resources of two compute hosts.",
		Doc: check.Doc{
			Meaning: "The host that the server is not on looks fuller than it is, and its provider can't be deleted.",
			Causes: "An evacuation: the source keeps its share until its nova-compute comes back, and forever if it does not. A " +
				"move whose end was lost.",
			ByHand: "openstack resource provider allocation show SERVER      # two compute providers\n" +
				"openstack server show SERVER -c OS-EXT-SRV-ATTR:host",
			Remedy: "Start the nova-compute of the old host: it removes the share itself. If that host is gone for good, remove its share and " +
				"keep the other one:\n" +
				"openstack --os-placement-api-version 1.28 resource provider allocation unset --provider OLD SERVER",
			Never: "Servers with a task under way or in a move, which rightly hold resources on both hosts; shares of sharing and of nested " +
				"providers; anything while a cell does not answer.",
		},
		Needs: snapshot.ForComputeRoots(snapshot.Allocations, snapshot.Servers, snapshot.Migrations),
		Run:   run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		if len(p.Snapshot.Held(server.UUID)) < 2 {
			continue
		}
		trees := p.Snapshot.ComputeTrees(server.UUID)
		if len(trees) < 2 {
			continue
		}
		if busy := p.Snapshot.Busy(server); busy != "" {
			p.NotJudged(server.UUID, busy)
			continue
		}
		report(p, server, trees)
	}
}

func report(p *check.Pass, server openstack.Server, trees []openstack.Provider) {
	held := p.Snapshot.Held(server.UUID)
	remedy := "Find out which of its hosts it is on"
	if node, ok := p.Snapshot.NodeOf(server); ok {
		for _, tree := range trees {
			if tree.UUID != node.UUID {
				remedy = fmt.Sprintf("Start nova-compute on %s: it removes the share itself. If that host is gone for good: %s",
					tree.Name, foreign.Command("openstack --os-placement-api-version 1.28 resource provider allocation unset --provider %s %s",
						tree.UUID, server.UUID))
			}
		}
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name},
		Message: fmt.Sprintf("server %s (%s) runs on host %s, but holds %s",
			server.Name, server.UUID, server.Host, check.Holdings(p.Snapshot, held)),
		Evidence: map[string]any{
			"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
			"host": server.Host, "node": server.Node, "status": server.Status,
		},
		Remedy: check.Remedy{Text: remedy},
		Stamp:  check.Still(server, held),
	})
}
