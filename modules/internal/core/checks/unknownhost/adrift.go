// SPDX-License-Identifier: Apache-2.0

package unknownhost

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func adrift(p *check.Pass, server openstack.Server) (openstack.Hypervisor, bool) {
	if !p.Read(snapshot.Hypervisors) || server.Status == openstack.Unknown {
		return openstack.Hypervisor{}, false
	}
	return p.Snapshot.Adrift(server)
}

func reportAdrift(p *check.Pass, server openstack.Server, node openstack.Hypervisor) {
	message := fmt.Sprintf("server %s (%s) is %s on host %s, whose nova-compute is down, while the nova-compute of %s manages its node %s",
		server.Name, server.UUID, server.Status, server.Host, node.ServiceHost, node.Name)
	tell(p, server, message, []string{node.ServiceHost}, check.Remedy{Text: fmt.Sprintf("Start nova-compute on %s again: Nova sends it every request for server %s. If "+
		"that host is gone for good, set host = %s in the nova.conf of another nova-compute for bare metal, and restart it", server.Host,
		check.Named(server.Name, server.UUID), server.Host)})
}
