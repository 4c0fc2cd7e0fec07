// SPDX-License-Identifier: Apache-2.0

package stuckmigration

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// remedy is what Nova offers for a move of that type in that state. It is little: the API ends live migrations that have not
// begun to copy, and resizes that wait (nova/compute/api.py); a nova-compute that starts ends live migrations that were
// running (nova/compute/manager.py, _reset_live_migration). It forgets those that had not begun: then it refuses to abort them
// (live_migration_abort), and the server has no task any more.
func remedy(m openstack.Migration, server openstack.Server) check.Remedy {
	const queued, preparing, running, finished = "queued", "preparing", "running", "finished"
	live, who := m.Type == "live-migration", check.Named(server.Name, m.ServerUUID)
	switch {
	case live && (m.Status == queued || m.Status == preparing) && (server.TaskState != "" || server.Status == ""):
		return check.Remedy{
			Text: fmt.Sprintf("Abort live migration %s of server %s. If it stays %s, nova-compute on %s was restarted and has forgotten it: "+
				"restart that once more, which clears the task of the server, and audit again", m.UUID, who, m.Status, m.SourceHost),
			Command: foreign.Command("openstack --os-compute-api-version 2.65 server migration abort %s %s", m.ServerUUID, m.UUID),
		}
	case live && m.Status == running:
		return check.Remedy{Text: fmt.Sprintf("Restart nova-compute on %s if server %s is no longer being copied: when it starts, it aborts "+
			"live migration %s, sets it to error, and clears the task of the server", m.SourceHost, who, m.UUID)}
	case m.Status == finished && (server.Status == "VERIFY_RESIZE" || server.Status == ""):
		return check.Remedy{
			Text: fmt.Sprintf("Confirm or revert %s %s of server %s. To revert it, write revert for confirm", m.Type, m.UUID,
				who),
			Command: foreign.Command("openstack server resize confirm %s", m.ServerUUID),
		}
	}
	return byHand(m, server)
}

// byHand is for what Nova has no request for: the move stays in its state, whatever is restarted.
func byHand(m openstack.Migration, server openstack.Server) check.Remedy {
	hosts := m.SourceHost
	if m.DestHost != "" && m.DestHost != m.SourceHost {
		hosts += " and " + m.DestHost
	}
	text := fmt.Sprintf("Find out on which of %s server %s runs, and make sure that no nova-compute there works on %s %s any more. Nova has no "+
		"request that ends it while it is %s: set its status to error in the table migrations of the cell's database", hosts,
		check.Named(server.Name, m.ServerUUID), m.Type, m.UUID, m.Status)
	if server.TaskState == "" {
		return check.Remedy{Text: text + ". Then audit again"}
	}
	state := "active"
	if m.Type == "evacuation" || server.VMState == "error" {
		state = "error" // from which a server can be evacuated again
	}
	return check.Remedy{
		Text:    text + ", and end the server's task (" + server.TaskState + "). Then audit again",
		Command: foreign.Command("openstack server set --state %s %s", state, server.UUID),
	}
}
