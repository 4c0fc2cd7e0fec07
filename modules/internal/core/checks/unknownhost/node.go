// SPDX-License-Identifier: Apache-2.0

package unknownhost

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// nobodysNode reports whether the host of a server has many nodes, and no nova-compute has the one of the server.
func nobodysNode(p *check.Pass, server openstack.Server) bool {
	if server.Node == "" || server.Status == openstack.Unknown || !p.Read(snapshot.Hypervisors) {
		return false
	}
	if _, known := p.Snapshot.NodeOf(server); known {
		return false
	}
	return slices.ContainsFunc(p.Snapshot.NodesOf(server.Host), openstack.Hypervisor.ManyNodes)
}

func reportNode(p *check.Pass, server openstack.Server) {
	held, holds := p.Snapshot.Held(server.UUID), "nothing"
	if len(held) > 0 {
		holds = check.Holdings(p.Snapshot, held)
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: server.UUID, Name: server.Name},
		Message: fmt.Sprintf("server %s (%s) is %s on node %s of host %s, but nova shows no such node; it holds %s", server.Name, server.UUID,
			server.Status, server.Node, server.Host, holds),
		Evidence: check.ServerEvidence(map[string]any{
			"consumer_generation": check.Generation(held), "allocations": check.HeldEvidence(p.Snapshot, held), "similar_hosts": []string{},
		}, server),
		Remedy: check.Remedy{Text: fmt.Sprintf("Find out what became of node %s, and bring it back under that name: a bare-metal node in Ironic, "+
			"or a cluster in vCenter. If it is gone for good, delete server %s", server.Node, server.UUID)},
		Stamp: check.Still(server, held),
	})
}
