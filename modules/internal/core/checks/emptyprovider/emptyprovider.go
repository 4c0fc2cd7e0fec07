// SPDX-License-Identifier: Apache-2.0

// Package emptyprovider finds compute root providers without inventory (PLC207).
package emptyprovider

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC207.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC207", Name: "empty-provider", Severity: check.Medium, Subject: check.OfProvider,
		Title: "The provider of a compute node offers nothing.",
		Doc: check.Doc{
			Meaning: "The scheduler never finds the host, although Nova shows it as up.",
			Causes: "A nova-compute that died between creating its provider and writing its inventory, or that gets a conflict at each " +
				"try; inventories deleted by hand.",
			ByHand: "openstack resource provider inventory list PROVIDER      # empty",
			Remedy: "Restart nova-compute: it writes the inventory when it starts, or within about six minutes. If it does not, its log says " +
				"why: look for \"Failed to update inventory\".",
			Never: "Bare metal, whose nodes offer nothing while they are being cleaned or in maintenance; nested providers; compute " +
				"nodes whose service is down; anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Capacities, snapshot.Hypervisors},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		h, live := p.Snapshot.Hypervisor(provider.UUID)
		if !live || h.Type == "ironic" || len(p.Snapshot.Capacity(provider.UUID)) > 0 {
			continue
		}
		if h.State != "up" {
			p.NotJudged(provider.UUID, "its nova-compute is "+h.State)
			continue
		}
		p.Report(check.Suspect{
			Subject:  check.Subject{UUID: provider.UUID, Name: provider.Name},
			Message:  fmt.Sprintf("resource provider %s (%s) of host %s has no inventory", provider.Name, provider.UUID, h.ServiceHost),
			Evidence: map[string]any{"generation": provider.Generation, "host": h.ServiceHost, "state": h.State},
			Remedy: check.Remedy{Text: "Look into the log of nova-compute on " + h.ServiceHost + " for \"Failed to update inventory\" and " +
				provider.UUID + ", then restart nova-compute"},
		})
	}
}
