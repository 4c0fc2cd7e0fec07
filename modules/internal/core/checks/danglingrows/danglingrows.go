// SPDX-License-Identifier: Apache-2.0

// Package danglingrows finds rows of the databases that point to nothing (PLC509).
package danglingrows

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC509.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC509", Name: "dangling-rows", Severity: check.Low, Subject: check.OfService,
		Title: "A table of Placement or Nova has rows that point to nothing.",
		Doc: check.Doc{
			Meaning: "No request shows the rows, and most do no harm where they are. They show that a database was changed by hand or restored in part. " +
				"They obstruct upgrades: a migration that follows them fails, and nova-manage and host discovery treat them as valid.",
			Causes: "Rows that were deleted with SQL, without those that depend on them. A cell or a service that was removed while its mappings " +
				"stayed. A cell's database that was restored from a backup older than that of the API database. A host aggregate without UUID, as old databases may have them.",
			ByHand: "nova-manage cell_v2 list_hosts\n" +
				"nova-manage cell_v2 verify_instance --uuid SERVER\n" +
				"mysql placement --execute \"SELECT consumer_id FROM allocations WHERE resource_provider_id NOT IN (SELECT id FROM resource_providers)\"",
			Remedy: "Find out what the rows belonged to: the finding names the table, the column and some of the rows. Back up the database, then " +
				"delete what nothing needs. For a host without nova-compute:\n" +
				"nova-manage cell_v2 delete_host --cell_uuid CELL --host HOST",
			Never: "Rows that Nova has marked as deleted. Rows that depend on a cell whose database could not be read. The check runs only " +
				"with source: database.",
		},
		Needs:    []snapshot.Part{snapshot.Rows},
		OnDemand: true,
		Run:      run,
	}
}

func run(p *check.Pass) {
	for _, d := range p.Snapshot.InDatabase().Dangling {
		p.Report(check.Suspect{
			Subject: check.Subject{UUID: d.Table + "." + d.Column, Name: d.Table},
			Message: fmt.Sprintf("table %s has %d rows that point to nothing: %s (%s)", d.Table, d.Count, d.Points, strings.Join(d.Examples, ", ")),
			Evidence: map[string]any{
				"table": d.Table, "column": d.Column, "rows": d.Count, "examples": d.Examples,
			},
			Remedy: check.Remedy{
				Text: "Find out what the rows belonged to whose " + d.Table + "." + d.Column + " points to nothing. Back up the database, then delete " +
					"those that nothing needs",
			},
		})
	}
}
