// SPDX-License-Identifier: Apache-2.0

// Package stuckmigration finds moves that have been in progress for too long (PLC502).
package stuckmigration

import (
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC502.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC502", Name: "stuck-migration", Severity: check.Medium, Subject: check.OfConsumer,
		Title: "A move has been in progress for longer than stuck_after.",
		Doc: check.Doc{
			Meaning: "The server holds room on two hosts, and the audit does not judge what it holds until the move ends. The " +
				"option stuck_after sets how long is too long; the default is a day.",
			Causes: "A resize that was never confirmed (state finished), a nova-compute that died while it moved a server, a queue that lost " +
				"a message.",
			ByHand: "openstack --os-compute-api-version 2.59 server migration list --server SERVER",
			Remedy: "Confirm or revert a resize that waits:\n" +
				"openstack server resize confirm SERVER\n" +
				"Abort a live migration that is queued or being prepared:\n" +
				"openstack --os-compute-api-version 2.65 server migration abort SERVER MIGRATION\n" +
				"If the move stays, nova-compute was restarted and has forgotten it: restart it once more, which clears the task of the server.\n" +
				"If a live migration is running, restart the nova-compute of its source: when it starts, it aborts the move, " +
				"sets it to error and clears the task of the server.\n" +
				"A move in any other state is ended neither by nova-compute nor by a request to Nova. Make sure that no nova-compute works " +
				"on it, then set its status to error in the table migrations of the cell's database. Audit again afterwards.",
			Never: "Moves that ended; anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Migrations},
		Wants:  []snapshot.Part{snapshot.Providers, snapshot.Allocations, snapshot.Servers},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, m := range p.Snapshot.Migrations() {
		if m.InProgress() && p.Snapshot.Older(m.Since(), p.Settings.StuckAfter) {
			report(p, m, p.Snapshot.TakenAt.Sub(m.Since()))
		}
	}
}

func report(p *check.Pass, m openstack.Migration, age time.Duration) {
	message := fmt.Sprintf("%s %s of server %s has been %s for %s", m.Type, m.UUID, m.ServerUUID, m.Status, age.Round(time.Minute))
	evidence := map[string]any{
		"status": m.Status, "migration_type": m.Type, "server_uuid": m.ServerUUID, "updated_at": m.Updated,
		"source_host": m.SourceHost, "source_node": m.SourceNode, "dest_host": m.DestHost, "dest_node": m.DestNode,
		"age": age.Seconds(), "stuck_after": p.Settings.StuckAfter.Seconds(),
	}
	for _, holder := range []struct{ uuid, key, words string }{
		{m.ServerUUID, "server_allocations", "the server"}, {m.UUID, "allocations", "the migration"},
	} {
		if held := check.HeldAnywhere(p.Snapshot, holder.uuid); len(held) > 0 {
			message += fmt.Sprintf("; %s holds %s", holder.words, check.Holdings(p.Snapshot, held))
			evidence[holder.key] = check.HeldEvidence(p.Snapshot, held)
		}
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: m.UUID}, Message: message,
		Evidence: check.HolderEvidence(evidence, p.Snapshot, m.ServerUUID),
		Remedy:   remedyOf(p.Snapshot, m),
		Stamp:    m.Status + m.Updated.String(),
	})
}

// remedyOf is the remedy for a move, as far as it is known what became of its server.
func remedyOf(s *snapshot.Snapshot, m openstack.Migration) check.Remedy {
	if !s.Has(snapshot.Servers) {
		return remedy(m, openstack.Server{UUID: m.ServerUUID})
	}
	server, ok := s.Server(m.ServerUUID)
	switch held := check.HeldAnywhere(s, m.UUID); {
	case ok:
		return remedy(m, server)
	case len(held) > 0:
		return check.Remedy{
			Text:    fmt.Sprintf("Make sure that server %s, which Nova no longer lists, is gone, then empty migration %s", m.ServerUUID, m.UUID),
			Command: check.Unset(m.UUID),
		}
	}
	return check.Remedy{Text: fmt.Sprintf("Make sure that server %s, which Nova no longer lists, is gone, then set the status of migration %s "+
		"to error in the table migrations of the cell's database", m.ServerUUID, m.UUID)}
}
