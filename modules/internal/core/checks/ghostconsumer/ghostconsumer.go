// SPDX-License-Identifier: Apache-2.0

// Package ghostconsumer finds consumers that hold nothing (PLC112).
package ghostconsumer

import (
	"fmt"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC112.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC112", Name: "ghost-consumer", Severity: check.Low, Subject: check.OfConsumer,
		Title: "Placement's database has a consumer that holds nothing.",
		Doc: check.Doc{
			Meaning: "No request shows the consumer. The next allocation for its UUID answers 409, \"consumer generation conflict\", because it is " +
				"written as the first one. If it is a server, heal_allocations and moves of that server fail.",
			Causes: "A process of Placement that ended between two transactions. Placement creates the consumer, then writes the allocation, and " +
				"deletes an empty consumer last. Rows of allocations that were deleted with SQL.",
			ByHand: "openstack resource provider allocation show CONSUMER      # nothing\n" +
				"mysql placement --execute \"SELECT uuid FROM consumers WHERE uuid NOT IN (SELECT consumer_id FROM allocations)\"",
			Remedy: "Delete its row, if it still holds nothing:\n" +
				"mysql placement --execute \"DELETE FROM consumers WHERE uuid = 'CONSUMER' AND uuid NOT IN (SELECT consumer_id FROM allocations)\"",
			Never: "Consumers that hold something. A consumer that was written between the looks. The check runs only with source: database.",
		},
		Needs:    []snapshot.Part{snapshot.Rows},
		Wants:    []snapshot.Part{snapshot.Servers},
		OnDemand: true,
		Run:      run,
	}
}

func run(p *check.Pass) {
	servers := p.Read(snapshot.Servers)
	for _, ghost := range p.Snapshot.InDatabase().Ghosts {
		subject, words := check.Subject{UUID: ghost.ConsumerUUID}, "consumer "+ghost.ConsumerUUID
		if servers {
			if server, known := p.Snapshot.Server(ghost.ConsumerUUID); known {
				subject.Name = server.Name
				words = fmt.Sprintf("server %s (%s) is a consumer that", server.Name, server.UUID)
			}
		}
		report(p, ghost, subject, words)
	}
}

func report(p *check.Pass, ghost snapshot.Ghost, subject check.Subject, words string) {
	p.Report(check.Suspect{
		Subject: subject,
		Message: fmt.Sprintf("%s holds nothing, but placement has it at generation %d: the next allocation for it answers 409", words, ghost.Generation),
		Evidence: map[string]any{
			"project_id": ghost.ProjectID, "user_id": ghost.UserID, "consumer_type": ghost.Type, "consumer_generation": ghost.Generation,
		},
		Remedy: check.Remedy{
			Text: "Delete the row of consumer " + check.Named(subject.Name, subject.UUID) + " from the table consumers of Placement's database, as the page of this " +
				"check says. First see that it still holds nothing",
			Command: foreign.Command("openstack resource provider allocation show %s", ghost.ConsumerUUID),
		},
		Stamp: strconv.Itoa(ghost.Generation),
	})
}
