// SPDX-License-Identifier: Apache-2.0

// Package missingallocation finds servers on a host that hold nothing in Placement (PLC105).
package missingallocation

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC105.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC105", Name: "missing-allocation", Severity: check.Critical, Subject: check.OfServer, Healable: true,
		Title: "A server runs on a host without an allocation.",
		Doc: check.Doc{
			Meaning: "Placement believes that the host has room for what the server uses. The scheduler fills the host " +
				"beyond its capacity, and the next move of the server fails or leaves more behind.",
			Causes: "Allocations deleted by hand or by an audit that took a live server for an orphan, a Placement database restored " +
				"from a backup older than the server, a failed revert of a migration.",
			ByHand: "openstack resource provider allocation show SERVER\n" +
				"nova-manage placement heal_allocations --dry-run --verbose --instance SERVER",
			Remedy: "nova-manage placement heal_allocations --instance SERVER\n" +
				"It gives the server what its flavor asks for, on its host, and fails if that host is full. It refuses servers " +
				"with vGPUs and with device profiles (exit code 8), and leaves out PCI devices. Cold-migrate a server with vGPUs " +
				"or PCI devices, or one whose host is full, and shelve and unshelve one with a device profile: the scheduler then claims all " +
				"its resources again. Nova reserves the whole of a bare-metal node that has an instance: set reserved to 0 right before. If a migration that ended holds the server's allocation, give it back in one request (evidence.request).",
			Never: "Servers without a host (building, shelved offloaded), with a task, a build or a move that has been under way " +
				"for less than stuck_after, in ERROR before they ever ran, soft-deleted, or of a flavor that asks for nothing; servers of a " +
				"cell that does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Allocations, snapshot.Servers, snapshot.Migrations},
		Wants:  []snapshot.Part{snapshot.Traits, snapshot.Hypervisors, snapshot.Services, snapshot.Capacities, snapshot.Usages},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		if server.Host == "" || len(p.Snapshot.Held(server.UUID)) > 0 {
			continue
		}
		if reason := unsettled(p, server); reason != "" {
			p.NotJudged(server.UUID, reason)
			continue
		}
		report(p, server)
	}
}

// unsettled says why a server without an allocation may be in order; empty if it is not.
func unsettled(p *check.Pass, server openstack.Server) string {
	if busy := p.Busy(server); busy != "" {
		return busy
	}
	switch {
	case server.Status == "ERROR" && server.LaunchedAt == nil:
		return "it is in ERROR and never ran"
	case flavor.Expect(server).Nothing():
		return "its flavor asks for nothing"
	}
	return ""
}

func report(p *check.Pass, server openstack.Server) {
	suspect := check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name},
		Message: fmt.Sprintf("server %s (%s) is %s on host %s, but holds no allocation",
			server.Name, server.UUID, server.Status, server.Host),
		Evidence: check.ServerEvidence(map[string]any{
			"project_id": server.ProjectID,
			"flavor": map[string]any{
				"name": server.Flavor.Name, "vcpus": server.Flavor.VCPUs, "ram": server.Flavor.RAM,
				"disk": server.Flavor.Disk, "ephemeral": server.Flavor.Ephemeral, "swap": server.Flavor.Swap,
			},
		}, server),
		Remedy:  remedy(p.Snapshot, server),
		Stamp:   check.Still(server, nil),
		Because: append(p.Before(server), causes(p.Snapshot, server)...),
	}
	if back, ok := check.ReturnOf(p.Snapshot, server); ok {
		suspect.Remedy, suspect.Evidence["request"] = back.Remedy(), back.Request()
		suspect.Message += fmt.Sprintf("; migration %s (%s) holds its allocation", back.Migration.UUID, back.Migration.Status)
	}
	suspect.Remedy = p.Afterwards(server, suspect.Remedy)
	p.Report(suspect)
}

// causes names the faults of its host that a server without an allocation may follow from.
func causes(s *snapshot.Snapshot, server openstack.Server) []string {
	of := []string{check.Fingerprint("PLC111", check.OfServer, server.UUID)}
	if !s.Has(snapshot.Hypervisors) {
		return of
	}
	if node, ok := s.NodeOf(server); ok {
		of = append(of, check.Fingerprint("PLC205", check.OfProvider, node.UUID))
		of = append(of, check.Fingerprint("PLC207", check.OfProvider, node.UUID)) // heal_allocations finds no room there
		of = append(of, check.Fingerprint("PLC301", check.OfProvider, node.UUID)) // nor there
	}
	return of
}

func remedy(s *snapshot.Snapshot, server openstack.Server) check.Remedy {
	if s.Has(snapshot.Services) {
		if same, _ := s.HostServices(server.Host); len(same) == 0 {
			return check.Remedy{Text: fmt.Sprintf("First give server %s a host that exists (PLC111): no compute service is named %s, and "+
				"neither heal_allocations nor a move works until one is", check.Named(server.Name, server.UUID), server.Host)}
		}
	}
	if s.Has(snapshot.Services) && s.Has(snapshot.Hypervisors) {
		if node, adrift := s.Adrift(server); adrift {
			return check.Remedy{Text: fmt.Sprintf("First give server %s a nova-compute that is up (PLC111): that of its host %s is down, and "+
				"heal_allocations does not find its node, which %s manages", check.Named(server.Name, server.UUID), server.Host, node.ServiceHost)}
		}
	}
	if why := check.Unhealable(s, server); why != "" {
		return check.Anew(s, server, why)
	}
	return check.Remedy{
		Text:    fmt.Sprintf("Recreate the allocation of server %s from its flavor", check.Named(server.Name, server.UUID)),
		Command: foreign.Command("nova-manage placement heal_allocations --instance %s", server.UUID),
	}
}
