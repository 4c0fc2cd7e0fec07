// SPDX-License-Identifier: Apache-2.0

// Package stuckbuild finds servers that have been building for too long (PLC505).
package stuckbuild

import (
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC505.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC505", Name: "stuck-build", Severity: check.Medium, Subject: check.OfServer,
		Title: "A server has been in BUILD for longer than stuck_after.",
		Doc: check.Doc{
			Meaning: "The scheduler's claim keeps room on a host for a server that never runs. The option stuck_after sets how long is too " +
				"long; the default is a day.",
			Causes: "A conductor or a nova-compute that died between the claim and the start of the server, a queue that lost a message, " +
				"a build request that never reached its host.",
			ByHand: "openstack server list --all-projects --status BUILD --long\n" +
				"openstack resource provider allocation show SERVER",
			Remedy: "Delete the server, which never ran, and build it again:\n" +
				"openstack server delete SERVER\n" +
				"If what it held stays, PLC101 finds it.",
			Never: "Builds whose record Nova has updated within stuck_after; servers of a cell that does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Servers, snapshot.Migrations},
		Wants:  []snapshot.Part{snapshot.Providers, snapshot.Allocations},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		held := check.HeldAnywhere(p.Snapshot, server.UUID)
		switch {
		case server.Status != "BUILD":
		case p.Snapshot.Older(p.Snapshot.Since(server), p.Settings.StuckAfter):
			report(p, server, held)
		case server.Host == "" && len(held) > 0:
			p.NotJudged(server.UUID, "it is being built, and on no host yet")
		}
	}
}

func report(p *check.Pass, server openstack.Server, held []openstack.Allocation) {
	since := p.Snapshot.Since(server)
	age := p.Snapshot.TakenAt.Sub(since)
	who, where := check.Named(server.Name, server.UUID), "no host"
	remedy := check.Remedy{
		Text:    fmt.Sprintf("Delete server %s, which never ran, and build it again", who),
		Command: foreign.Command("openstack server delete %s", server.UUID),
	}
	if server.Host != "" {
		where = "host " + server.Host
		remedy.Text = fmt.Sprintf("Make sure in the log of nova-compute on %s that nothing works on server %s any more. Then delete it, for it "+
			"never ran, and build it again", server.Host, who)
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name},
		Message: fmt.Sprintf("server %s (%s) on %s has been building for %s, and holds %s", server.Name, server.UUID, where,
			age.Round(time.Minute), check.Holdings(p.Snapshot, held)),
		Evidence: check.ServerEvidence(map[string]any{
			"vm_state": server.VMState, "since": since, "age": age.Seconds(), "stuck_after": p.Settings.StuckAfter.Seconds(),
			"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
		}, server),
		Remedy:  p.Reachable(server, remedy),
		Stamp:   fmt.Sprint(server.TaskState, server.Host, since),
		Because: p.Unmapped(server),
	})
}
