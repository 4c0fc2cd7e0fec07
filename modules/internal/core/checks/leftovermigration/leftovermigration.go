// SPDX-License-Identifier: Apache-2.0

// Package leftovermigration finds migrations that ended and still hold resources (PLC102).
package leftovermigration

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC102.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC102", Name: "leftover-migration", Severity: check.High, Subject: check.OfConsumer, Healable: true,
		Title: "A migration that has ended still holds resources.",
		Doc: check.Doc{
			Meaning: "While a server moves, its migration holds the resources on the old host. When the move ends, " +
				"Nova frees them or gives them back to the server. What is left takes up room that no server uses.",
			Causes: "A confirm or revert that failed on the way, a server deleted while it moved, a nova-compute that died, a " +
				"conflict with another writer of the allocation.",
			ByHand: "openstack resource provider allocation show MIGRATION\n" +
				"openstack --os-compute-api-version 2.59 server migration list --server SERVER",
			Remedy: "Make sure that the server holds what it needs on the host it runs on, then empty the migration:\n" +
				"openstack --os-placement-api-version 1.28 resource provider allocation unset MIGRATION\n" +
				"If the server is back on the host that it left and the migration holds its allocation there, do not only " +
				"empty the migration. Send one POST /allocations that empties the migration and gives the allocation to the server. The finding has " +
				"the body of that request in evidence.request.",
			Never: "Migrations in any state but confirmed, reverted, error, failed, completed, cancelled and done; migrations of a " +
				"server with a task that has been under way for less than stuck_after; anything while a cell does not answer.",
		},
		Needs: []snapshot.Part{
			snapshot.Providers, snapshot.Allocations, snapshot.Servers, snapshot.Migrations,
		},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, consumer := range p.Snapshot.Consumers() {
		migration, ok := p.Snapshot.Migration(consumer)
		if !ok || migration.InProgress() {
			continue
		}
		server, _ := p.Snapshot.Server(migration.ServerUUID)
		if server.TaskState != "" && p.Busy(server) != "" {
			p.NotJudged(consumer, "its server has a task under way: "+server.TaskState)
			continue
		}
		report(p, migration, server)
	}
}

func report(p *check.Pass, m openstack.Migration, server openstack.Server) {
	held := p.Snapshot.Held(m.UUID)
	suspect := check.Suspect{
		Subject: check.Subject{UUID: m.UUID},
		Message: fmt.Sprintf("%s %s of server %s is %s, but holds %s",
			m.Type, m.UUID, m.ServerUUID, m.Status, check.Holdings(p.Snapshot, held)),
		Evidence: check.HolderEvidence(map[string]any{
			"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
			"migration_type": m.Type, "status": m.Status, "server_uuid": m.ServerUUID,
			"source_host": m.SourceHost, "source_node": m.SourceNode, "dest_host": m.DestHost, "dest_node": m.DestNode,
			"updated_at": m.Updated,
		}, p.Snapshot, m.ServerUUID),
		Remedy: check.Remedy{
			Text: "Make sure that server " + check.Named(server.Name, m.ServerUUID) + " holds what it needs where it runs, or is gone. Then empty migration " +
				m.UUID,
			Command: check.Unset(m.UUID),
		},
		Stamp: fmt.Sprint(check.Generation(held), m.Status),
	}
	if back, ok := check.ReturnOf(p.Snapshot, server); ok && back.Migration.UUID == m.UUID {
		suspect.Remedy, suspect.Evidence["request"] = back.Remedy(), back.Request()
		suspect.Because = []string{
			check.Fingerprint("PLC104", check.OfServer, server.UUID), check.Fingerprint("PLC105", check.OfServer, server.UUID),
		}
	}
	suspect.Because = append(suspect.Because, p.Before(server)...)
	suspect.Remedy = p.Afterwards(server, suspect.Remedy)
	p.Report(suspect)
}
