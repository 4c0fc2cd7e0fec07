// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Anew is the remedy that has the scheduler claim all that a server's flavor asks for, for servers that heal_allocations is
// no remedy for. why says why it is not.
func Anew(s *snapshot.Snapshot, server openstack.Server, why string) Remedy {
	if BareMetal(s, server) {
		node, _ := s.NodeOf(server)
		if first, full := RoomFirst(s, server, []openstack.Allocation{allOf(node, flavor.Expect(server))}); full {
			return first
		}
		return Remedy{Text: fmt.Sprintf("Write what its flavor asks for on the provider of its node in one request with its generation (PUT "+
			"/allocations/%s at microversion 1.28 to 1.37); %s", server.UUID, why)}
	}
	if first := beforeMove(s, server); first.Text != "" {
		return first
	}
	who := Named(server.Name, server.UUID)
	if !flavor.Movable(server.Flavor) {
		return Remedy{
			Text: fmt.Sprintf("Shelve server %s, and unshelve it once it is SHELVED_OFFLOADED: the scheduler then claims all that its flavor "+
				"asks for. Nova migrates no servers with a device profile, and %s", who, why),
			Command: foreign.Command("openstack server shelve %s", server.UUID),
		}
	}
	return Remedy{
		Text: fmt.Sprintf("Cold-migrate server %s, and confirm the migration: the scheduler then claims all that its flavor asks for, on another "+
			"host with room. Shelving and unshelving it does the same; %s", who, why),
		Command: foreign.Command("openstack server migrate %s", server.UUID),
	}
}

// beforeMove is what has to be done before Nova moves a server; without text if nothing has. Nova resizes and migrates only active and
// stopped servers, of hosts whose nova-compute is up (nova/compute/api.py, resize).
func beforeMove(s *snapshot.Snapshot, server openstack.Server) Remedy {
	who := Named(server.Name, server.UUID)
	if node, known := s.NodeOf(server); known && node.State == "down" {
		return Remedy{Text: fmt.Sprintf("Start nova-compute on %s, and audit again: Nova moves no server away from a host that is down. If the "+
			"host is gone for good, evacuate server %s: the scheduler then claims all that its flavor asks for", server.Host, who)}
	}
	switch server.VMState {
	case "paused":
		return Remedy{
			Text:    fmt.Sprintf("Unpause server %s, and audit again: Nova migrates no paused server", who),
			Command: foreign.Command("openstack server unpause %s", server.UUID),
		}
	case "suspended":
		return Remedy{
			Text:    fmt.Sprintf("Resume server %s, and audit again: Nova migrates no suspended server", who),
			Command: foreign.Command("openstack server resume %s", server.UUID),
		}
	case "rescued":
		return Remedy{
			Text:    fmt.Sprintf("Unrescue server %s, and audit again: Nova migrates no rescued server", who),
			Command: foreign.Command("openstack server unrescue %s", server.UUID),
		}
	case "error":
		return Remedy{
			Text:    fmt.Sprintf("Reboot server %s hard, and audit again: Nova migrates no server in error", who),
			Command: foreign.Command("openstack server reboot --hard %s", server.UUID),
		}
	case "shelved":
		return Remedy{
			Text:    fmt.Sprintf("Offload server %s, and unshelve it once it is SHELVED_OFFLOADED: the scheduler then claims all that its flavor asks for", who),
			Command: foreign.Command("openstack server shelve --offload %s", server.UUID),
		}
	}
	return Remedy{}
}
