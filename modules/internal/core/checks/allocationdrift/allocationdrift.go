// SPDX-License-Identifier: Apache-2.0

// Package allocationdrift finds servers that hold other amounts than their flavor asks for (PLC106).
package allocationdrift

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC106.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC106", Name: "allocation-drift", Severity: check.Medium, Subject: check.OfServer, Healable: true,
		Title: "A server's allocation differs from what its flavor requests.",
		Doc: check.Doc{
			Meaning: "The host looks fuller or emptier than it is, by the difference. heal_allocations reports no problem: " +
				"it compares amounts only with --force.",
			Causes: "A resize that failed half way or whose revert was lost, so that the amounts of the other flavor stayed; allocations " +
				"written by hand; a server that boots from a volume and was built before Rocky, when its root disk still counted.",
			ByHand: "openstack resource provider allocation show SERVER      # add up, class by class\n" +
				"openstack --os-compute-api-version 2.47 server show SERVER -c flavor -c image",
			Remedy: "Where the server holds everything on the provider of its own host:\n" +
				"nova-manage placement heal_allocations --force --instance SERVER\n" +
				"It writes all that the flavor asks for on that one provider, and fails if there is no room. Do not use it for a " +
				"server with shared storage, nested providers, ports with a resource request, or PCPU that its image asks for: " +
				"it would lose them. It refuses servers with vGPUs and with device profiles (exit code 8). Cold-migrate or " +
				"resize such a server, which writes its allocation again; shelve and unshelve one with a device profile. Or " +
				"write the right amounts of all its providers in one request (PUT /allocations/SERVER with its generation, at " +
				"1.28 to 1.37).",
			Never: "Servers with a task, a build, a move or an unconfirmed resize that has lasted for less than stuck_after; servers that hold resources of two " +
				"hosts (PLC103), that hold nothing (PLC105) or that are on no host (PLC107); classes that the flavor does not name, which ports and images may ask " +
				"for; the amount of what numbered groups request (resources1:VGPU), if the server holds any of it; device profiles and PCI aliases; how VCPU and PCPU are split where the " +
				"flavor leaves that to the image; VCPU held for dedicated CPUs, and a missing root disk, where nothing else differs " +
				"(hosts without PCPU; images that make a server boot from a volume); bare metal; flavors whose extra specs Nova hides.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Allocations, snapshot.Servers, snapshot.Migrations),
		Wants:  []snapshot.Part{snapshot.Usages},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		held := p.Snapshot.Held(server.UUID)
		if server.Host == "" || len(held) == 0 {
			continue
		}
		c := comparison{server, flavor.Expect(server), held, total(held)}
		drift := c.drift()
		reason := c.untold()
		if len(drift) > 0 {
			reason = c.excuse(p)
		}
		switch {
		case len(drift) > 0 && len(p.Snapshot.ComputeTrees(server.UUID)) > 1: // PLC103
		case reason != "":
			p.NotJudged(server.UUID, reason)
		case len(drift) > 0:
			c.report(p, drift)
		}
	}
}
