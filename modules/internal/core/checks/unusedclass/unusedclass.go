// SPDX-License-Identifier: Apache-2.0

// Package unusedclass finds custom resource classes that nobody uses (PLC403).
package unusedclass

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC403.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC403", Name: "unused-class", Severity: check.Info, Subject: check.OfService,
		Title: "No provider has an inventory of a custom resource class, and no server's flavor names the class. Only on request.",
		Doc: check.Doc{
			Meaning: "The check runs only if PLC403 is named in `checks`. The class does no harm. Lists still show it, although no provider offers it. A flavor that asks for it fits no host.",
			Causes:  "The nodes or devices that offered it are gone: nova-compute removes inventories, never a class. A name that was misspelt, then created again. A class that was created before the first provider offers it.",
			ByHand: "openstack --os-placement-api-version 1.18 resource class list\n" +
				"openstack --os-placement-api-version 1.18 resource provider list --resource CUSTOM_NAME=1    # only those with room\n" +
				"openstack flavor list --long",
			Remedy: "Nothing has to be done. If no flavor, image or service names it any more, delete it. Placement refuses that while a provider has an inventory of it:\n" +
				"openstack --os-placement-api-version 1.18 resource class delete CUSTOM_NAME",
			Never: "Flavors that no server has, images and what other services ask for: the audit does not read these, so the class may still be named there.",
		},
		Needs:    []snapshot.Part{snapshot.Customs, snapshot.Providers, snapshot.Usages, snapshot.Capacities},
		Wants:    []snapshot.Part{snapshot.Allocations, snapshot.Servers},
		OnDemand: true,
		Run:      run,
	}
}

func run(p *check.Pass) {
	for _, name := range p.Snapshot.UnusedClasses() {
		p.Report(check.Suspect{
			Subject:  check.Subject{UUID: name, Name: name},
			Message:  fmt.Sprintf("no resource provider has an inventory of the resource class %s, and no server's flavor names it; other flavors, images or services may", name),
			Evidence: map[string]any{"class": name},
			Remedy: check.Remedy{
				Text:    fmt.Sprintf("Delete the resource class %s if no flavor, image or service names it. Keep it if it was made for providers to come", name),
				Command: foreign.Command("openstack --os-placement-api-version 1.18 resource class delete %s", name),
			},
		})
	}
}
