// SPDX-License-Identifier: Apache-2.0

// Package danglingrows finds rows of the databases that point to nothing (PLC509).
package danglingrows

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
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
				"stayed. A cell's database that was restored from a backup older than that of the API database. Projects or users of consumers that were " +
				"deleted with SQL: Placement then hides what these consumers hold (PLC109). Rows that lack what they can't do without, as old " +
				"databases may have them: a host aggregate or a compute node without UUID, a server without flavor.",
			ByHand: "nova-manage cell_v2 list_hosts\n" +
				"nova-manage cell_v2 verify_instance --uuid SERVER\n" +
				"mysql placement --execute \"SELECT consumer_id FROM allocations WHERE resource_provider_id NOT IN (SELECT id FROM resource_providers)\"",
			Remedy: "Find out what the rows belonged to: the finding names the table, the column and some of the rows. Back up the database, then " +
				"delete what nothing needs. For a host without nova-compute:\n" +
				"nova-manage cell_v2 delete_host --cell_uuid CELL --host HOST\n" +
				"For compute nodes whose hosts are mapped to no cell:\n" +
				"nova-manage cell_v2 discover_hosts --by-service\n" +
				"Keep consumers without project or user, servers without flavor and compute nodes without UUID: restore what they lack.",
			Never: "Rows that Nova has marked as deleted. Rows that depend on a cell whose database could not be read. Traits of resource providers: " +
				"foreign keys of the database hold both ends. The compute node of a host that is mapped and has no nova-compute: the row of " +
				"host_mappings is named instead. Other tables than those that docs/database.md grants. The check runs only with source: database.",
		},
		Needs:    []snapshot.Part{snapshot.Rows},
		OnDemand: true,
		Run:      run,
	}
}

func run(p *check.Pass) {
	rows := p.Snapshot.InDatabase()
	for _, c := range rows.Cells {
		if c.Unread != "" {
			p.NotJudged(c.UUID, "the database of this cell could not be read")
		}
	}
	for _, d := range rows.Dangling {
		p.Report(check.Suspect{
			Subject: check.Subject{UUID: d.Table + "." + d.Column, Name: d.Table},
			Message: fmt.Sprintf("table %s has %d rows that point to nothing: %s (%s)", d.Table, d.Count, d.Points, strings.Join(d.Examples, ", ")),
			Evidence: map[string]any{
				"table": d.Table, "column": d.Column, "rows": d.Count, "examples": d.Examples,
			},
			Remedy: remedy(d.Table + "." + d.Column),
		})
	}
}

// remedy says what to do about rows by the column that points to nothing. Rows of what is still there are not to be deleted.
func remedy(column string) check.Remedy {
	switch column {
	case "nova_cell.compute_nodes.host":
		return check.Remedy{
			Text:    "Map the hosts in " + column + " to their cells on a control node. Delete the compute service of a host that is gone for good",
			Command: foreign.Command("nova-manage cell_v2 discover_hosts --by-service"),
		}
	case "nova_cell.compute_nodes.uuid":
		return check.Remedy{
			Text:    "Back up the cell's database, then write the UUID of its resource provider into " + column + " of each of these hosts, and restart its nova-compute",
			Command: foreign.Command("openstack resource provider list"),
		}
	case "nova_cell.instance_extra.flavor":
		return check.Remedy{Text: "Restore " + column + " of these servers from a backup of the cell's database. Keep the rows: the servers may run"}
	case "placement.consumers.project_id", "placement.consumers.user_id":
		return check.Remedy{Text: "Back up Placement's database, then restore the row that " + column + " of these consumers asks for, by its id. Keep the consumers: " +
			"servers may hold what they hold"}
	}
	return check.Remedy{
		Text: "Find out what the rows belonged to whose " + column + " points to nothing. Back up the database, then delete those that nothing needs",
	}
}
