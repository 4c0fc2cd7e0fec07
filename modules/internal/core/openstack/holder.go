// SPDX-License-Identifier: Apache-2.0

package openstack

// The kinds of consumers, as far as Nova knows them.
const (
	KindServer    = "server"
	KindMigration = "migration"
	KindUnknown   = "unknown" // Nova has neither a server nor a migration of that UUID
)

// Holder is who a consumer of Placement is, as Nova tells.
type Holder struct {
	UUID       string `json:"uuid"`
	Kind       string `json:"kind"`
	ServerUUID string `json:"server_uuid,omitempty"` // of the server that a migration moves
	Name       string `json:"name"`                  // of the server, or of the server that a migration moves
	Status     string `json:"status"`                // of the server or of the migration
	Host       string `json:"host"`                  // service host of the server; empty while it has none
	// EvacuatedFrom are the hosts that the server was evacuated from, where the source has not cleaned up yet.
	EvacuatedFrom []string `json:"evacuated_from,omitempty"`
	// HoldsAtHost reports whether an evacuated server holds something of the compute node that it is on now.
	HoldsAtHost bool `json:"holds_at_host,omitempty"`
	// Contradiction is how two answers of Nova about the server exclude each other; empty if they do not.
	Contradiction string `json:"contradiction,omitempty"`
}

// Resident is a server that Nova lists on a host.
type Resident struct {
	UUID          string `json:"uuid"`
	Name          string `json:"name"`
	Status        string `json:"status"`
	TaskState     string `json:"task_state"`
	Host          string `json:"host"`
	Contradiction string `json:"contradiction,omitempty"` // as in Holder
}

// Move is a move that is under way.
type Move struct {
	Migration

	Name string `json:"server_name"` // empty if the server can't be found
}

// OnHost is what Nova has on one service host.
type OnHost struct {
	Host    string       `json:"host"`
	Nodes   []Hypervisor `json:"nodes"`   // compute nodes of the host, and those that have its name
	Servers []Resident   `json:"servers"` // in any state, without those that are deleted
	Moves   []Move       `json:"moves"`   // from and to it, under way
}

// LeftOverBy reports whether what the holder has on the host was left there by its evacuation: it lives elsewhere, and holds
// something there.
func (h Holder) LeftOverBy(host string) bool {
	if h.Kind != KindServer || h.Contradiction != "" || h.Host == "" || !h.HoldsAtHost || SameHost(h.Host, host) {
		return false
	}
	for _, from := range h.EvacuatedFrom {
		if SameHost(from, host) {
			return true
		}
	}
	return false
}
