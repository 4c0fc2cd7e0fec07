// SPDX-License-Identifier: Apache-2.0

package openstack

import (
	"slices"
	"time"
)

// Server is an instance. UNKNOWN as Status means that its cell did not answer (Nova since 2.69).
type Server struct {
	UUID       string     `json:"uuid"`
	Name       string     `json:"name"`
	Status     string     `json:"status"`
	VMState    string     `json:"vm_state"`
	TaskState  string     `json:"task_state"`
	Host       string     `json:"host"` // service host; empty while it has none
	Node       string     `json:"node"` // hypervisor_hostname
	ProjectID  string     `json:"project_id"`
	UserID     string     `json:"user_id"`
	LaunchedAt *time.Time `json:"launched_at,omitempty"` // nil if it never ran
	Created    time.Time  `json:"created"`
	Updated    time.Time  `json:"updated"` // when Nova last wrote it down
	Flavor     Flavor     `json:"flavor"`
	FromVolume bool       `json:"from_volume"` // it boots from a volume: its root disk takes nothing of the host's
}

// Asked is what a server was asked for with, as far as this Nova shows it. Of pointers, nil says that it does not.
type Asked struct {
	Zone       string            // the availability zone of its host; empty if it has none
	Pinned     *string           // the availability zone that it has to stay in; empty for any
	Image      string            // UUID; empty if it was built of a volume
	Properties map[string]string // the copy that Nova keeps of those of the image, without traits; nil if it is not shown
	Group      *string           // UUID of its server group; empty for none
	Hints      []string          // names of the other scheduler hints; nil if they are not shown
}

// ServerGroup is a group of servers with a policy that says how they share hosts.
type ServerGroup struct {
	UUID       string
	Name       string
	Policy     string   // such as anti-affinity
	MaxPerHost int      // how many of them one host may have, with anti-affinity
	Members    []string // UUIDs of servers
}

// Flavor is the flavor as it was when the server was built or last resized.
type Flavor struct {
	Name       string            `json:"name"`
	VCPUs      int               `json:"vcpus"`
	RAM        int               `json:"ram"`         // MiB
	Disk       int               `json:"disk"`        // GiB
	Ephemeral  int               `json:"ephemeral"`   // GiB
	Swap       int               `json:"swap"`        // MiB
	ExtraSpecs map[string]string `json:"extra_specs"` // nil where Nova's policy hides them
}

// Image is an image of Glance. Glance lists its properties among its own keys, such as disk_format. Properties has all of them whose
// value is a text.
type Image struct {
	UUID       string
	Name       string
	Status     string // active, or why no server can be built of it, such as queued
	MinRAM     int    // MiB
	MinDisk    int    // GiB
	Size       int64  // bytes; 0 if Glance does not know it yet
	Properties map[string]string
}

// ListedFlavor is a flavor that servers may be built with.
type ListedFlavor struct {
	ID string `json:"id"`
	Flavor
}

// Migration is one move of a server, done or not. Nova gives the source's allocations to the migration's UUID
// while a cold or live migration is under way.
type Migration struct {
	UUID       string    `json:"uuid"`
	ServerUUID string    `json:"server_uuid"`
	Type       string    `json:"type"` // migration, resize, live-migration, evacuation
	Status     string    `json:"status"`
	SourceHost string    `json:"source_host"`
	SourceNode string    `json:"source_node"`
	DestHost   string    `json:"dest_host"`
	DestNode   string    `json:"dest_node"`
	Created    time.Time `json:"created"`
	Updated    time.Time `json:"updated"`
}

// InProgress reports whether the move is still under way. The list of final states is the one that
// `nova-manage placement audit` uses (nova/objects/migration.py, get_in_progress_by_host_and_node and its peers):
// every other state counts as in progress.
func (m Migration) InProgress() bool {
	final := []string{"confirmed", "reverted", "error", "failed", "completed", "cancelled", "done"}
	return !slices.Contains(final, m.Status)
}

// Since returns when Nova last wrote the move down: it stands in its state since then at the latest.
func (m Migration) Since() time.Time {
	if m.Updated.IsZero() {
		return m.Created
	}
	return m.Updated
}
