// SPDX-License-Identifier: Apache-2.0

// Package unusedtrait finds custom traits that nobody uses (PLC404).
package unusedtrait

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC404.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC404", Name: "unused-trait", Severity: check.Info, Subject: check.OfService,
		Title: "No provider has a custom trait, and no server's flavor names the trait. Only on request.",
		Doc: check.Doc{
			Meaning: "The check runs only if PLC404 is named in `checks`. The trait does no harm. Lists still show it, although no provider has it. A flavor or an image that requires it fits no host.",
			Causes:  "The hosts or devices that had it are gone: taking a trait from a provider does not delete the trait. A name that was misspelt, then created again. A trait that was created before the first provider gets it.",
			ByHand: "openstack --os-placement-api-version 1.6 trait list --name startswith:CUSTOM_\n" +
				"openstack --os-placement-api-version 1.6 trait list --name startswith:CUSTOM_ --associated\n" +
				"openstack flavor list --long",
			Remedy: "Nothing has to be done. If no flavor, image, aggregate or service names it any more, delete it. Placement refuses that while a provider has it:\n" +
				"openstack --os-placement-api-version 1.6 trait delete CUSTOM_NAME",
			Never: "Flavors that no server has, images, the metadata of host aggregates and what other services ask for: the audit does not read these, so the trait may still be named there.",
		},
		Needs:    []snapshot.Part{snapshot.Customs},
		Wants:    []snapshot.Part{snapshot.Servers},
		OnDemand: true,
		Run:      run,
	}
}

func run(p *check.Pass) {
	for _, name := range p.Snapshot.UnusedTraits() {
		p.Report(check.Suspect{
			Subject:  check.Subject{UUID: name, Name: name},
			Message:  fmt.Sprintf("no resource provider has the trait %s, and no server's flavor names it; other flavors, images, host aggregates or services may", name),
			Evidence: map[string]any{"custom_trait": name},
			Remedy: check.Remedy{
				Text:    fmt.Sprintf("Delete the trait %s if no flavor, image, host aggregate or service names it. Keep it if it was made for providers to come", name),
				Command: foreign.Command("openstack --os-placement-api-version 1.6 trait delete %s", name),
			},
		})
	}
}
