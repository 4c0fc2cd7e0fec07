// SPDX-License-Identifier: Apache-2.0

// Package stuckmigration finds moves that have been in progress for too long (PLC502).
package stuckmigration

import (
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
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
			Remedy: "Confirm or revert a resize that waits:\nopenstack server resize confirm SERVER\n" +
				"For any other state, restart the nova-compute of the source, which ends moves that it does not know of.",
			Never: "Moves that ended; anything while a cell does not answer.",
		},
		Needs: []snapshot.Part{snapshot.Migrations},
		Run:   run,
	}
}

func run(p *check.Pass) {
	for _, m := range p.Snapshot.Migrations() {
		since := m.Updated
		if since.IsZero() {
			since = m.Created
		}
		age := p.Snapshot.TakenAt.Sub(since)
		if m.InProgress() && age > p.Settings.StuckAfter {
			report(p, m, age)
		}
	}
}

func report(p *check.Pass, m openstack.Migration, age time.Duration) {
	remedy := "Restart nova-compute on " + m.SourceHost + ": it ends moves that it does not know of"
	if m.Status == "finished" {
		remedy = "Confirm or revert it: " + foreign.Command("openstack server resize confirm %s", m.ServerUUID)
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: m.UUID},
		Message: fmt.Sprintf("%s %s of server %s has been %s for %s",
			m.Type, m.UUID, m.ServerUUID, m.Status, age.Round(time.Minute)),
		Evidence: map[string]any{
			"status": m.Status, "migration_type": m.Type, "server_uuid": m.ServerUUID, "updated_at": m.Updated,
			"source_node": m.SourceNode, "dest_node": m.DestNode, "stuck_after": p.Settings.StuckAfter.Seconds(),
		},
		Remedy: check.Remedy{Text: remedy},
		Stamp:  m.Status + m.Updated.String(),
	})
}
