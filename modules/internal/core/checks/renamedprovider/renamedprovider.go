// SPDX-License-Identifier: Apache-2.0

// Package renamedprovider finds providers that have the UUID of a hypervisor and another name (PLC204).
package renamedprovider

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
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
			Remedy: "Give the provider the hypervisor's name:\nopenstack resource provider set --name HYPERVISOR PROVIDER\n" +
				"If another provider has that name, free it first: PLC203 tells how. If another hypervisor has it too, give one of the " +
				"two hosts another name.",
			Never: "Names that differ in case only; anything while a cell does not answer.",
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
		fix, because := remedy(p.Snapshot, provider, h)
		p.Report(check.Suspect{
			Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
			Message: fmt.Sprintf("resource provider %s (%s) is the hypervisor %s of host %s",
				provider.Name, provider.UUID, h.Name, h.ServiceHost),
			Evidence: map[string]any{"generation": provider.Generation, "hypervisor": h.Name, "host": h.ServiceHost},
			Remedy:   fix,
			Because:  because,
			Stamp:    provider.Name,
		})
	}
}

// remedy gives a compute node's provider its name, and says what that follows from: Placement refuses a name that another provider has.
func remedy(s *snapshot.Snapshot, provider openstack.Provider, h openstack.Hypervisor) (check.Remedy, []string) {
	bearer, taken := s.ProviderNamed(h.Name)
	named := s.HypervisorsNamed(h.Name)
	switch {
	case foreign.Altered(foreign.Word(h.Name)):
		return check.Remedy{Text: "Find out why the host of " + check.Named(provider.Name, provider.UUID) + " gives itself a name that no command can hold. Give the host another " +
			"name, then give the provider the same name"}, nil
	case len(named) > 1:
		return check.OneName(named, ""), nil
	case taken && !bearer.IsRoot():
		return check.Remedy{Text: fmt.Sprintf("First find out which service made resource provider %s, which has the name %s, and have it take "+
			"another. Then audit again", check.Named(bearer.Name, bearer.UUID), h.Name)}, nil
	case taken:
		return check.Remedy{Text: fmt.Sprintf("First free the name %s: resource provider %s has it (PLC203). Then audit again", h.Name,
				check.Named(bearer.Name, bearer.UUID))},
			[]string{check.Fingerprint("PLC203", check.OfProvider, bearer.UUID)}
	}
	return check.Remedy{
		Text:    "Give resource provider " + check.Named(provider.Name, provider.UUID) + " the name of its hypervisor, " + h.Name,
		Command: foreign.Command("openstack resource provider set --name=%s %s", h.Name, h.UUID),
	}, nil
}
