// SPDX-License-Identifier: Apache-2.0

package unknownhost

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// nodeless reports whether the nova-compute of a server's host is down and Nova shows no compute node of it. PLC507 has those that
// are up.
func nodeless(p *check.Pass, server openstack.Server) bool {
	if server.Status == openstack.Unknown || !p.Read(snapshot.Hypervisors) || len(p.Snapshot.NodesOf(server.Host)) > 0 {
		return false
	}
	if _, known := p.Snapshot.NodeOf(server); known {
		return false
	}
	return slices.ContainsFunc(p.Snapshot.Services(), func(v openstack.ComputeService) bool {
		return v.Binary == "nova-compute" && v.Host == server.Host && v.State == "down"
	})
}

func reportNodeless(p *check.Pass, server openstack.Server) {
	near := slices.DeleteFunc(namesakes(p.Snapshot, server.Host), func(host string) bool { return host == server.Host })
	message := fmt.Sprintf("server %s (%s) is %s on host %s, whose nova-compute is down and of which nova shows no compute node", server.Name,
		server.UUID, server.Status, server.Host)
	if len(near) > 0 {
		message += fmt.Sprintf(": the service of %s may be its own under another name", strings.Join(near, ", "))
	}
	gone := "evacuate or delete the server"
	if perhapsMetal(p.Snapshot, server) {
		gone = "delete the server: it may be bare metal, which can't be evacuated"
	}
	tell(p, server, message+holds(p, server), near, check.Remedy{Text: fmt.Sprintf("Find out whether host %s still exists. If it does, start its nova-compute, and audit "+
		"again: PLC507 then tells how to map it to its cell. If it has another name now, correct the host and the node of server %s in the cell's "+
		"database: nova-compute refuses to start under the old name once its compute node has the new one. If it is gone for good, %s",
		server.Host, check.Named(server.Name, server.UUID), gone)})
}

// perhapsMetal reports whether a server whose node is gone may be bare metal: Ironic's nodes are named by UUID.
func perhapsMetal(s *snapshot.Snapshot, server openstack.Server) bool {
	metal := slices.ContainsFunc(s.Hypervisors(), func(h openstack.Hypervisor) bool { return h.Type == "ironic" })
	return metal && uuidForm.MatchString(server.Node)
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
