// SPDX-License-Identifier: Apache-2.0

// Package nestedcompute finds compute nodes whose provider is no root (PLC211).
package nestedcompute

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC211.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC211", Name: "nested-compute", Severity: check.High, Subject: check.OfProvider,
		Title: "The provider of a compute node is not a root provider.",
		Doc: check.Doc{
			Meaning: "Placement treats the host as a part of another one: it allocates both in one request, counts the servers of " +
				"one as the other's, and checks the aggregates and traits of the other. A provider without a root provider id is " +
				"left out of most answers.",
			Causes: "A parent set by hand or by a script. A row from before Rocky to which no online migration has given a root " +
				"provider id.",
			ByHand: "openstack --os-placement-api-version 1.14 resource provider show PROVIDER      # parent_provider_uuid\n" +
				"openstack --os-compute-api-version 2.53 hypervisor list",
			Remedy: "Make the provider a root again. The openstack client can't do this. Send PUT /resource_providers/UUID with " +
				"the provider's name and parent_provider_uuid null, at microversion 1.37. Its child providers move with it. " +
				"Where the root provider id is missing, on a control node:\n" +
				"placement-manage db online_data_migrations",
			Never: "Providers that are not compute nodes; anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Hypervisors},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, h := range p.Snapshot.Hypervisors() {
		provider, there := p.Snapshot.Provider(h.UUID)
		switch {
		case !there:
		case !provider.IsRoot():
			report(p, provider, h, "is below "+parent(p.Snapshot, provider)+", and no root", check.Remedy{
				Text: fmt.Sprintf("Make resource provider %s a root again: send PUT /resource_providers/%s with its name and with "+
					"parent_provider_uuid null, at microversion 1.37", check.Named(provider.Name, provider.UUID), provider.UUID),
				Command: foreign.Command("openstack --os-placement-api-version 1.14 resource provider show %s", provider.UUID),
			})
		case provider.RootUUID == "":
			report(p, provider, h, "has no root provider id", check.Remedy{
				Text: fmt.Sprintf("Run the online data migrations of Placement on a control node: they give resource provider %s its root provider id",
					check.Named(provider.Name, provider.UUID)),
				Command: foreign.Command("placement-manage db online_data_migrations"),
			})
		}
	}
}

func parent(s *snapshot.Snapshot, provider openstack.Provider) string {
	above, _ := s.Provider(provider.ParentUUID)
	return fmt.Sprintf("%s (%s)", above.Name, provider.ParentUUID)
}

func report(p *check.Pass, provider openstack.Provider, h openstack.Hypervisor, fault string, remedy check.Remedy) {
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) of compute node %s on host %s %s",
			provider.Name, provider.UUID, h.Name, h.ServiceHost, fault),
		Evidence: map[string]any{
			"generation": provider.Generation, "host": h.ServiceHost, "parent_uuid": provider.ParentUUID, "root_uuid": provider.RootUUID,
		},
		Remedy: remedy,
		Stamp:  provider.ParentUUID,
	})
}
