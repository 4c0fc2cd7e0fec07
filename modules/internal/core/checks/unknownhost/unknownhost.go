// SPDX-License-Identifier: Apache-2.0

// Package unknownhost finds servers on a host that no compute service has, or on a node that nobody has (PLC111).
package unknownhost

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC111.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC111", Name: "unknown-host", Severity: check.High, Subject: check.OfServer,
		Title: "A server is on a host that no compute service has, on a node that no nova-compute has, or on bare metal that its host lost.",
		Doc: check.Doc{
			Meaning: "Nova sends whatever is asked of the server to a nova-compute that does not exist: the server can only be " +
				"deleted. What it holds in Placement can't be judged, because Nova shows no compute node of its host.",
			Causes: "A host renamed, or the option host changed in nova.conf, while servers were on it; a compute service " +
				"deleted while servers were on its host; a host name written in another case: Nova routes messages by the exact " +
				"host name. A host with a new name whose old service is still there, down and without a compute node. A nova-compute for bare metal " +
				"that died: " +
				"another takes its nodes, but their servers keep its name. A bare-metal node deleted in Ironic, or a cluster taken out of vCenter, while servers were on it.",
			ByHand: "openstack server show SERVER -c OS-EXT-SRV-ATTR:host\n" +
				"openstack compute service list --service nova-compute      # no service has that host",
			Remedy: "If the host still exists under another name, give its nova-compute the name that the servers have: set " +
				"[DEFAULT]host in nova.conf and restart it. If servers already have the new name, correct the host and the node " +
				"of the others in the cell's database instead. If the names differ in case only, correct the servers, and let " +
				"[DEFAULT]host be the name of the service. If the host is gone for good, start a nova-compute of that name " +
				"elsewhere, stop it again, and evacuate the servers once it is down: Nova does not evacuate servers of a host " +
				"without a service. If its bare-metal node or its cluster is gone, bring that back under the same name. Or delete the server:\n" +
				"openstack server delete SERVER",
			Never: "Servers without a host; servers of a cell that does not answer; nodes of hosts that are neither for bare metal nor " +
				"for VMware, because such a host has one node; nodes of hosts that are up and for which Nova shows no node (PLC507).",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Allocations, snapshot.Services, snapshot.Servers},
		Wants:  []snapshot.Part{snapshot.Hypervisors},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	hosts := map[string]bool{"": true}
	for _, service := range p.Snapshot.Services() {
		hosts[service.Host] = hosts[service.Host] || service.Binary == "nova-compute"
	}
	for _, server := range p.Snapshot.Servers() {
		node, adrift := adrift(p, server)
		switch {
		case !hosts[server.Host] && server.Status != openstack.Unknown:
			_, alike := p.Snapshot.HostServices(server.Host)
			report(p, server, alike)
		case nobodysNode(p, server):
			reportNode(p, server)
		case adrift:
			reportAdrift(p, server, node)
		case nodeless(p, server):
			reportNodeless(p, server)
		}
	}
}

func report(p *check.Pass, server openstack.Server, alike []string) {
	message := fmt.Sprintf("server %s (%s) is %s on host %s, which no compute service has", server.Name, server.UUID, server.Status,
		server.Host)
	near := alike
	if len(alike) > 0 {
		message += fmt.Sprintf(": the one of %s differs from it in case only", strings.Join(alike, ", "))
	} else if near = namesakes(p.Snapshot, server.Host); len(near) > 0 {
		message += fmt.Sprintf(": the service of %s may be its own under another name", strings.Join(near, ", "))
	}
	tell(p, server, message+holds(p, server), near, check.Remedy{Text: remedy(p.Snapshot, server, alike)})
}

// tell reports a server on an unknown host. near are the hosts that may be its own.
func tell(p *check.Pass, server openstack.Server, message string, near []string, remedy check.Remedy) {
	held := p.Snapshot.Held(server.UUID)
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name},
		Message: message,
		Evidence: check.ServerEvidence(map[string]any{
			"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held),
			"similar_hosts": append([]string{}, near...),
		}, server),
		Remedy: remedy,
		Stamp:  check.Still(server, held),
	})
}

// holds ends a message with what the server holds.
func holds(p *check.Pass, server openstack.Server) string {
	return "; it holds " + check.Holdings(p.Snapshot, p.Snapshot.Held(server.UUID))
}

func remedy(s *snapshot.Snapshot, server openstack.Server, alike []string) string {
	const evacuate = ". If the host is gone for good, start a nova-compute of that name, stop it, and evacuate server %s once the service " +
		"is down; or delete the server"
	who := check.Named(server.Name, server.UUID)
	switch {
	case len(alike) == 0 && check.BareMetal(s, server):
		return fmt.Sprintf("Set host = %s in the nova.conf of the nova-compute that manages node %s, and restart it, or start another of that "+
			"name: server %s is bare metal, which can't be evacuated", server.Host, server.Node, who)
	case len(alike) == 0:
		return fmt.Sprintf("Edit nova.conf if the host has another name now: set host = %s for its nova-compute and restart it. If servers already "+
			"have the new name, correct the host and the node of server %s in the cell's database instead"+evacuate, server.Host,
			who, who)
	}
	return fmt.Sprintf("Correct the host of server %s in the cell's database to %s, the exact name of the compute service: Nova's messages go by "+
		"it. If nova.conf of that host says it in another case, set host = %s there too, and restart nova-compute: Nova keeps the name of the "+
		"service", who, alike[0], alike[0])
}

// namesakes lists the hosts of compute services of the same short name.
func namesakes(s *snapshot.Snapshot, host string) []string {
	var hosts []string
	for _, service := range s.Services() {
		same := openstack.ShortName(service.Host) == openstack.ShortName(host)
		if service.Binary == "nova-compute" && same && !slices.Contains(hosts, service.Host) {
			hosts = append(hosts, service.Host)
		}
	}
	return hosts
}
