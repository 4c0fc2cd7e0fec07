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
	message := fmt.Sprintf("server %s (%s) is %s on node %s of host %s, but nova shows no such node", server.Name, server.UUID, server.Status,
		server.Node, server.Host)
	tell(p, server, message+holds(p, server), nil, check.Remedy{Text: fmt.Sprintf("Find out what became of node %s, and bring it back under that name: a bare-metal node "+
		"in Ironic, or a cluster in vCenter. If it is gone for good, delete server %s", server.Node, check.Named(server.Name, server.UUID))})
}
