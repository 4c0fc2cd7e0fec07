// SPDX-License-Identifier: Apache-2.0

// Package renamedprovider finds providers that have the UUID of a hypervisor and another name (PLC204).
package renamedprovider

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC204.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC204", Name: "renamed-provider", Severity: check.High, Subject: check.OfProvider, Healable: true,
		Title: "A provider has the UUID of a hypervisor, but another name.",
		Doc: check.Doc{
			Meaning: "Tools and people find the host under one name in Nova and another in Placement. A new compute node with " +
				"the provider's name can't register. Nova looks the provider up by name. When the host is added to a host " +
				"aggregate, Nova therefore does not mirror it (PLC401).",
			Causes: "A provider renamed by hand, a hypervisor whose hostname changed while its UUID was kept.",
			ByHand: "openstack --os-compute-api-version 2.53 hypervisor list\n" +
				"openstack resource provider show PROVIDER",
			Remedy: "Give the provider the hypervisor's name:\nopenstack resource provider set --name HYPERVISOR PROVIDER",
			Never:  "Names that differ in case only; anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Hypervisors},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, h := range p.Snapshot.Hypervisors() {
		provider, ok := p.Snapshot.Provider(h.UUID)
		if !ok || strings.EqualFold(provider.Name, h.Name) {
			continue
		}
		p.Report(check.Suspect{
			Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
			Message: fmt.Sprintf("resource provider %s (%s) is the hypervisor %s of host %s",
				provider.Name, provider.UUID, h.Name, h.ServiceHost),
			Evidence: map[string]any{"generation": provider.Generation, "hypervisor": h.Name, "host": h.ServiceHost},
			Remedy:   remedy(h.Name, provider.UUID),
			Stamp:    provider.Name,
		})
	}
}

func remedy(hypervisor, provider string) check.Remedy {
	if foreign.Altered(foreign.Word(hypervisor)) {
		return check.Remedy{Text: "Find out why the host of " + provider + " gives itself a name that no command can hold. Give the host another " +
			"name, then give the provider the same name"}
	}
	return check.Remedy{
		Text:    "Give resource provider " + provider + " the name of its hypervisor, " + hypervisor,
		Command: foreign.Command("openstack resource provider set --name=%s %s", hypervisor, provider),
	}
}
