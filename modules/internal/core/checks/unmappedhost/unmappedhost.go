// SPDX-License-Identifier: Apache-2.0

// Package unmappedhost finds nova-computes that are up and of which Nova shows no compute node (PLC507).
package unmappedhost

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC507.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC507", Name: "unmapped-host", Severity: check.High, Subject: check.OfService,
		Title: "A nova-compute is up, but Nova shows no compute node for it.",
		Doc: check.Doc{
			Meaning: "The host gets no servers: Nova does not know its cell yet, or nova-compute could not create its compute " +
				"node. What its provider holds can't be judged either (PLC201).",
			Causes: "A new host that was not mapped to its cell: discover_hosts was not run after the host was added, or [scheduler]discover_hosts_in_cells_interval " +
				"is off. A host mapping that was deleted. A nova-compute that can't reach its hypervisor, or refuses to create the node.",
			ByHand: "openstack compute service list --service nova-compute\n" +
				"openstack --os-compute-api-version 2.53 hypervisor list      # none of that host\n" +
				"nova-manage cell_v2 list_hosts",
			Remedy: "Map the host to its cell, on a control node:\n" +
				"nova-manage cell_v2 discover_hosts --by-service\n" +
				"If list_hosts already shows the host, read the log of its nova-compute.",
			Never: "A nova-compute for bare metal that has no nodes while others have them all. The audit recognizes it by its " +
				"host name, which contains \"ironic\" or differs only in digits from theirs. In a cloud with bare metal, a " +
				"nova-compute whose host name resembles no other. Services that are down. Anything while a cell does not answer.",
		},
		Needs: []snapshot.Part{snapshot.Services, snapshot.Hypervisors},
		Run:   run,
	}
}

func run(p *check.Pass) {
	unmapped := p.Snapshot.UnmappedHosts()
	for _, service := range unmapped.Services {
		if unmapped.MaybeBareMetal(service.Host) {
			p.NotJudged(service.UUID, "its nova-compute may be for bare metal, and has no node while others have them all")
			continue
		}
		report(p, service)
	}
}

func report(p *check.Pass, service openstack.ComputeService) {
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: service.UUID, Name: service.Host},
		Message: fmt.Sprintf("nova-compute on %s (%s) is up, but nova shows no compute node of it: it is mapped to no cell, or could not create it",
			service.Host, service.UUID),
		Evidence: map[string]any{"host": service.Host, "state": service.State, "status": service.Status},
		Remedy: check.Remedy{
			Text: fmt.Sprintf("Map host %s (%s) to its cell on a control node. If it is mapped, look into the log of its nova-compute",
				service.Host, service.UUID),
			Command: foreign.Command("nova-manage cell_v2 discover_hosts --by-service"),
		},
	})
}
