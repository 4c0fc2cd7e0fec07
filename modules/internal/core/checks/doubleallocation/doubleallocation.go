// SPDX-License-Identifier: Apache-2.0

// Package doubleallocation finds servers that hold resources of two compute hosts (PLC103).
package doubleallocation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC103.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC103", Name: "double-allocation", Severity: check.High, Subject: check.OfServer, Healable: true,
		Title: "A server that is not being moved holds resources of two or more compute hosts.",
		Doc: check.Doc{
			Meaning: "A host that the server is not on looks fuller than it is, and its provider can't be deleted.",
			Causes: "An evacuation: the allocation on the source host stays until its nova-compute comes back, and forever if it does not. A " +
				"move whose end was lost.",
			ByHand: "openstack resource provider allocation show SERVER      # two compute providers\n" +
				"openstack server show SERVER -c OS-EXT-SRV-ATTR:host",
			Remedy: "After an evacuation start the nova-compute of the old host: it removes the extra allocation itself. If that host is " +
				"gone for good, or there was no evacuation, remove what the server holds on hosts other than its own, including " +
				"their nested providers:\n" +
				"openstack --os-placement-api-version 1.28 resource provider allocation unset --provider OLD --provider OLD2 " +
				"SERVER\n" +
				"If the server holds nothing on its own host, remove nothing. Move the allocation to its own host in one request.",
			Never: "Servers with a task, a build or a move that has been under way for less than stuck_after, which hold resources of two " +
				"hosts for good reasons; allocations on sharing providers; anything while a cell does not answer.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Allocations, snapshot.Servers, snapshot.Migrations),
		Wants:  []snapshot.Part{snapshot.Usages},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, server := range p.Snapshot.Servers() {
		if len(p.Snapshot.Held(server.UUID)) < 2 {
			continue
		}
		trees := p.Snapshot.ComputeTrees(server.UUID)
		if len(trees) < 2 {
			continue
		}
		if busy := p.Busy(server); busy != "" {
			p.NotJudged(server.UUID, busy)
			continue
		}
		report(p, server)
	}
}

func report(p *check.Pass, server openstack.Server) {
	held := p.Snapshot.Held(server.UUID)
	node, known := p.Snapshot.NodeOf(server)
	shares := check.SharesOf(p.Snapshot, server.UUID, node.UUID)
	where := "runs on host " + server.Host
	if server.Host == "" {
		where = "is on no host"
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name},
		Message: fmt.Sprintf("server %s (%s) %s, but holds %s", server.Name, server.UUID, where, check.Holdings(p.Snapshot, held)),
		Evidence: check.ServerEvidence(map[string]any{
			"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
			"own_provider_uuid": node.UUID, "elsewhere": check.ProvidersOf(shares.Elsewhere),
		}, server),
		Remedy:  p.Afterwards(server, remedy(p.Snapshot, server, node, known, shares)),
		Stamp:   check.Still(server, held),
		Because: append(p.Before(server), causes(server.UUID, shares)...),
	})
}

// causes names the faults that a share of another host may follow from: of the server, or of a host that is gone.
func causes(server string, shares check.Shares) []string {
	of := []string{check.Fingerprint("PLC107", check.OfServer, server), check.Fingerprint("PLC111", check.OfServer, server)}
	for _, uuid := range check.ProvidersOf(shares.Elsewhere) {
		of = append(of, check.Fingerprint("PLC201", check.OfProvider, uuid))
	}
	return of
}

func remedy(s *snapshot.Snapshot, server openstack.Server, node openstack.Hypervisor, known bool, shares check.Shares) check.Remedy {
	who, places := check.Named(server.Name, server.UUID), check.Places(s, shares.Elsewhere)
	switch {
	case server.Host == "":
		return check.Remedy{
			Text:    fmt.Sprintf("Empty the allocation of server %s, which is on no host, while nothing is done with it", who),
			Command: check.Unset(server.UUID),
		}
	case !known:
		return check.Remedy{Text: fmt.Sprintf("Find out which host server %s is on: Nova shows no compute node of host %q. Keep its share "+
			"there, of %s", who, server.Host, places)}
	case len(shares.Own) == 0:
		return check.Move(s, server, node, shares)
	}
	if only := missing(shares, server); len(only) > 0 {
		return rewrite(s, server, node, shares, only)
	}
	text := fmt.Sprintf("Take away what server %s holds on %s", who, places)
	if hosts, up := evacuated(s, server, shares); hosts != "" && up {
		text = fmt.Sprintf("Restart nova-compute on %s: it removes the extra allocation itself when it starts. If it does not, remove what "+
			"server %s holds on %s", hosts, who, places)
	} else if hosts != "" {
		text = fmt.Sprintf("Start nova-compute on %s: it removes the extra allocation itself. If that host is gone for good, remove what "+
			"server %s holds on %s", hosts, who, places)
	}
	return check.Remedy{Text: text, Command: check.Unset(server.UUID, check.ProvidersOf(shares.Elsewhere)...)}
}

// evacuated names the hosts whose nova-compute takes away what the server holds there when it starts: those that it was
// evacuated from (nova/compute/manager.py, _destroy_evacuated_instances), if they are all. It did so already for an evacuation that
// is completed, and does not for one that failed. Up reports whether all of them are.
func evacuated(s *snapshot.Snapshot, server openstack.Server, shares check.Shares) (names string, up bool) {
	var hosts []string
	up = true
	for _, a := range shares.Elsewhere {
		compute, _ := s.ComputeOf(a.ProviderUUID)
		left := func(m openstack.Migration) bool {
			return m.Type == "evacuation" && m.SourceNode == compute.Name && slices.Contains([]string{"accepted", "pre-migrating", "done"}, m.Status)
		}
		if !slices.ContainsFunc(s.MigrationsOf(server.UUID), left) {
			return "", false
		}
		if !slices.Contains(hosts, compute.Name) {
			hosts = append(hosts, compute.Name)
		}
		node, _ := s.Hypervisor(compute.UUID)
		up = up && node.State == "up"
	}
	return strings.Join(hosts, " and "), up
}
