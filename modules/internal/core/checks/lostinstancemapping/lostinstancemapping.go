// SPDX-License-Identifier: Apache-2.0

// Package lostinstancemapping finds servers that Nova lists and can't find by their UUID (PLC508).
package lostinstancemapping

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC508.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC508", Name: "lost-instance-mapping", Severity: check.High, Subject: check.OfServer,
		Title: "Nova lists a server, but answers 404 to a request for that server.",
		Doc: check.Doc{
			Meaning: "The server runs, but every action on it answers 404. A tool that asks Nova for " +
				"one server at a time concludes that the server was deleted and that its allocations are orphaned.",
			Causes: "Its row in the table instance_mappings of Nova's API database is lost: a repair of the database, an API " +
				"database that was restored from a backup older than the server.",
			ByHand: "openstack server list --all-projects --long\n" +
				"openstack server show SERVER      # No server with a name or ID of ...\n" +
				"nova-manage cell_v2 verify_instance --uuid SERVER",
			Remedy: "Map the instances of its cell again. This deletes nothing. Without --reset the command continues where it " +
				"ended the last time, and skips older servers:\n" +
				"nova-manage cell_v2 list_cells\n" +
				"nova-manage cell_v2 map_instances --reset --cell_uuid CELL",
			Never: "Servers that no other check made the audit look at again. If the option checks names this check, the audit reads " +
				"each server by itself, with three requests for each. With source: database, all servers are judged anyway. Servers that the list no longer has at the second look: they " +
				"were deleted.",
		},
		Needs:  []snapshot.Part{snapshot.Servers},
		Wants:  []snapshot.Part{snapshot.Rows},
		Partly: true, EachServer: true,
		Run: run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		if !p.Snapshot.LostMapping(server.UUID) {
			continue
		}
		p.Report(check.Suspect{
			Subject: check.Subject{UUID: server.UUID, Name: server.Name},
			Message: fmt.Sprintf("nova lists server %s (%s) on host %s, but answers 404 when it is asked for this server alone",
				server.Name, server.UUID, server.Host),
			Evidence: map[string]any{"host": server.Host, "status": server.Status, "project_id": server.ProjectID},
			Remedy: check.Remedy{
				Text: "Map the instances of its cell again: cell_v2 map_instances of nova-manage, with --reset and the --cell_uuid that list_cells " +
					"shows. Without --reset it goes on where it ended the last time. Leave what the server holds in Placement as it is. First make " +
					"sure that its mapping is lost",
				Command: foreign.Command("nova-manage cell_v2 verify_instance --uuid %s", server.UUID),
			},
		})
	}
}
