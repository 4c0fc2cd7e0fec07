// SPDX-License-Identifier: Apache-2.0

// Package incompleteconsumer finds consumers of which Placement was told no project (PLC108).
package incompleteconsumer

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC108.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC108", Name: "incomplete-consumer", Severity: check.Medium, Subject: check.OfConsumer, Healable: true,
		Title: "A consumer has a placeholder for its project and user.",
		Doc: check.Doc{
			Meaning: "What it holds does not count against any real project. Quotas " +
				"that Nova counts in Placement, and limits in Keystone, miss it.",
			Causes: "An allocation written below microversion 1.8, which asks for no project. An allocation from before Placement had " +
				"consumers, for which `placement-manage db online_data_migrations` made one.",
			ByHand: "openstack --os-placement-api-version 1.12 resource provider allocation show CONSUMER      # project_id is the placeholder\n" +
				"openstack --os-placement-api-version 1.9 resource usage show " + openstack.IncompleteOwner,
			Remedy: "Write the allocation again with the real project and user. For a server:\n" +
				"nova-manage placement heal_allocations --instance SERVER\n" +
				"It leaves the amounts and providers as they are. It refuses servers with vGPUs and with device profiles (exit code 8): " +
				"the finding has the command that writes the same allocation with the server's project and user.",
			Never: "Consumers whose placeholder is another than Placement's default " + openstack.IncompleteOwner +
				" ([placement]incomplete_consumer_project_id).",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Allocations, snapshot.Incomplete, snapshot.Servers},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, owner := range p.Snapshot.IncompleteConsumers() {
		held := p.Snapshot.Held(owner.ConsumerUUID)
		if len(held) > 0 {
			report(p, owner, held)
		}
	}
}

func report(p *check.Pass, owner openstack.Owner, held []openstack.Allocation) {
	evidence := map[string]any{
		"project_id": owner.ProjectID, "user_id": owner.UserID,
		"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
	}
	subject := check.Subject{UUID: owner.ConsumerUUID}
	var because []string
	words, remedy := "consumer "+owner.ConsumerUUID, check.Remedy{
		Text: "Find out whose consumer " + owner.ConsumerUUID + " is, and write the same allocation again with that project and user. First " +
			"see what it holds",
		Command: foreign.Command("openstack resource provider allocation show %s", owner.ConsumerUUID),
	}
	if server, ok := p.Snapshot.Server(owner.ConsumerUUID); ok {
		subject.Name = server.Name
		check.ServerEvidence(evidence, server)
		evidence["server_project_id"], evidence["server_user_id"] = server.ProjectID, server.UserID
		words = fmt.Sprintf("server %s (%s) of project %s", server.Name, server.UUID, server.ProjectID)
		remedy, because = p.Reachable(server, ofServer(server, held)), p.Unmapped(server)
	}
	p.Report(check.Suspect{
		Subject: subject,
		Message: fmt.Sprintf("%s holds %s for project %s, which is a placeholder",
			words, check.Holdings(p.Snapshot, held), owner.ProjectID),
		Evidence: evidence, Remedy: remedy, Stamp: fmt.Sprint(check.Generation(held)), Because: because,
	})
}

// ofServer is the remedy for a server. Where heal_allocations is none, the same allocation is written once more.
func ofServer(server openstack.Server, held []openstack.Allocation) check.Remedy {
	why := flavor.Unhealable(server.Flavor)
	if why == "" {
		return check.Remedy{
			Text:    fmt.Sprintf("Give the allocation of server %s its project and user", check.Named(server.Name, server.UUID)),
			Command: foreign.Command("nova-manage placement heal_allocations --instance %s", server.UUID),
		}
	}
	owner := openstack.Owner{ConsumerUUID: server.UUID, ProjectID: server.ProjectID, UserID: server.UserID}
	return check.Remedy{
		Text: "Write the same allocation of server " + check.Named(server.Name, server.UUID) + " again with its project and user, while nothing is done with it; " +
			why,
		Command: check.Rewrite(owner, held),
	}
}
