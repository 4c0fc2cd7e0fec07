// SPDX-License-Identifier: Apache-2.0

// Package nestedcomputenode finds compute nodes whose resource provider is below another one (PLC506).
package nestedcomputenode

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC506.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC506", Name: "nested-compute-node", Severity: check.High, Subject: check.OfProvider,
		Title: "The resource provider of a compute node is no root.",
		Doc: check.Doc{
			Meaning: "The scheduler takes the root of a tree for the host. It gives out what this host has as if it were the other's, and " +
				"sends servers to the other one.",
			Causes: "A provider that was given a parent by hand or by a tool, which Placement allows since microversion 1.37.",
			ByHand: "openstack --os-placement-api-version 1.14 resource provider list      # parent_provider_uuid\n" +
				"openstack --os-compute-api-version 2.53 hypervisor list",
			Remedy: "Make it a root again: PUT /resource_providers/PROVIDER at microversion 1.37 or newer with its name and " +
				"\"parent_provider_uuid\": null. The openstack client can't send that null.",
			Never: "Providers that no compute node stands behind.",
		},
		Needs: []snapshot.Part{snapshot.Providers, snapshot.Hypervisors},
		Run:   run,
	}
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		if node, live := p.Snapshot.Hypervisor(provider.UUID); live && !provider.IsRoot() {
			report(p, provider, node)
		}
	}
}

func report(p *check.Pass, provider openstack.Provider, node openstack.Hypervisor) {
	parent, _ := p.Snapshot.Provider(provider.ParentUUID)
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) of the compute node of host %s is no root: it is below %s (%s)",
			provider.Name, provider.UUID, node.ServiceHost, parent.Name, provider.ParentUUID),
		Evidence: map[string]any{
			"host": node.ServiceHost, "generation": provider.Generation, "parent_uuid": provider.ParentUUID, "parent_name": parent.Name,
			"root_uuid": provider.RootUUID,
			"request": map[string]any{
				"method": "PUT", "path": "/resource_providers/" + provider.UUID, "microversion": "1.37",
				"body": map[string]any{"name": provider.Name, "parent_provider_uuid": nil},
			},
		},
		Remedy: check.Remedy{Text: fmt.Sprintf("Make resource provider %s a root again: PUT /resource_providers/%s at microversion 1.37 or newer "+
			"with its name and \"parent_provider_uuid\": null, as evidence.request has it", provider.UUID, provider.UUID)},
	})
}
