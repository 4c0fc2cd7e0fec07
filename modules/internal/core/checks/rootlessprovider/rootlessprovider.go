// SPDX-License-Identifier: Apache-2.0

// Package rootlessprovider finds resource providers without a root (PLC214).
package rootlessprovider

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC214.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC214", Name: "rootless-provider", Severity: check.High, Subject: check.OfProvider,
		Title: "A resource provider has no root in Placement's database.",
		Doc: check.Doc{
			Meaning: "Placement leaves the provider out of every list and every answer about candidates, and answers 404 for it. No server " +
				"is built on its host. nova-compute can't create it again: the name and the UUID are taken.",
			Causes: "A provider from before Rocky that `placement-manage db online_data_migrations` never gave a root; a database that was " +
				"repaired by hand, or restored in part.",
			ByHand: "placement-status upgrade check      # Missing Root Provider IDs\n" +
				"mysql placement --execute \"SELECT uuid, name FROM resource_providers WHERE root_provider_id IS NULL\"",
			Remedy: "placement-manage db online_data_migrations      # where Placement runs; kolla: docker exec placement_api …",
			Never:  "Providers that have a root, whatever their parent is. The check runs only with source: database.",
		},
		Needs:    []snapshot.Part{snapshot.Rows},
		OnDemand: true,
		Run:      run,
	}
}

func run(p *check.Pass) {
	for _, one := range p.Snapshot.InDatabase().Rootless {
		p.Report(check.Suspect{
			Subject:  check.Subject{UUID: one.UUID, Name: one.Name},
			Message:  fmt.Sprintf("resource provider %s (%s) has no root in placement's database: no request shows it", one.Name, one.UUID),
			Evidence: map[string]any{"generation": one.Generation},
			Remedy: check.Remedy{
				Text: fmt.Sprintf("Run the online data migrations of Placement on a control node: they give resource provider %s its root",
					check.Named(one.Name, one.UUID)),
				Command: foreign.Command("placement-manage db online_data_migrations"),
			},
		})
	}
}
