// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// when reads Nova's times: with a Z, or without an offset and then in UTC, with or without microseconds.
type when struct{ time.Time }

// UnmarshalJSON reads null as no time and refuses what is none.
func (w *when) UnmarshalJSON(raw []byte) error {
	text := strings.TrimSuffix(strings.Trim(string(raw), `"`), "Z")
	if text == "null" || text == "" {
		return nil
	}
	t, err := time.Parse("2006-01-02T15:04:05", text)
	w.Time = t
	return err
}

func (w when) pointer() *time.Time {
	if w.IsZero() {
		return nil
	}
	return &w.Time
}

type server struct {
	UUID      string `json:"id"`
	Name      string `json:"name"`
	Status    string `json:"status"`
	VMState   string `json:"OS-EXT-STS:vm_state"`
	TaskState string `json:"OS-EXT-STS:task_state"`
	// Host is raw to tell null, no host, from absent: hidden by Nova's policy.
	Host       json.RawMessage `json:"OS-EXT-SRV-ATTR:host"`
	Node       string          `json:"OS-EXT-SRV-ATTR:hypervisor_hostname"`
	ProjectID  string          `json:"tenant_id"`
	UserID     string          `json:"user_id"`
	Created    when            `json:"created"`
	LaunchedAt when            `json:"OS-SRV-USG:launched_at"`
	Flavor     struct {
		Name       string            `json:"original_name"`
		VCPUs      int               `json:"vcpus"`
		RAM        int               `json:"ram"`
		Disk       int               `json:"disk"`
		Ephemeral  int               `json:"ephemeral"`
		Swap       int               `json:"swap"`
		ExtraSpecs map[string]string `json:"extra_specs"`
	} `json:"flavor"`
}

func (s server) id() string { return s.UUID }

// hidden says whether Nova keeps from this login where the server is. In a cell that does not answer nobody knows.
func (s server) hidden() bool { return len(s.Host) == 0 && s.Status != snapshot.Unknown }

func (s server) data() snapshot.Server {
	var host string
	_ = json.Unmarshal(s.Host, &host) // absent and null are no host
	return snapshot.Server{
		UUID: s.UUID, Name: s.Name, Status: s.Status, VMState: s.VMState, TaskState: s.TaskState,
		Host: host, Node: s.Node, ProjectID: s.ProjectID, UserID: s.UserID,
		Created: s.Created.Time, LaunchedAt: s.LaunchedAt.pointer(), Flavor: snapshot.Flavor(s.Flavor),
	}
}

type hypervisor struct {
	UUID    string `json:"id"`
	Name    string `json:"hypervisor_hostname"`
	Type    string `json:"hypervisor_type"`
	State   string `json:"state"`
	Status  string `json:"status"`
	Service struct {
		Host string `json:"host"`
	} `json:"service"`
}

func (h hypervisor) id() string { return h.UUID }

func (h hypervisor) data() snapshot.Hypervisor {
	return snapshot.Hypervisor{
		UUID: h.UUID, Name: h.Name, ServiceHost: h.Service.Host, Type: h.Type, State: h.State, Status: h.Status,
	}
}

type migration struct {
	UUID       string `json:"uuid"`
	ServerUUID string `json:"instance_uuid"`
	Type       string `json:"migration_type"`
	Status     string `json:"status"`
	SourceHost string `json:"source_compute"`
	SourceNode string `json:"source_node"`
	DestHost   string `json:"dest_compute"`
	DestNode   string `json:"dest_node"`
	Created    when   `json:"created_at"`
	Updated    when   `json:"updated_at"`
}

func (m migration) id() string { return m.UUID }

func (m migration) data() snapshot.Migration {
	return snapshot.Migration{
		UUID: m.UUID, ServerUUID: m.ServerUUID, Type: m.Type, Status: m.Status,
		SourceHost: m.SourceHost, SourceNode: m.SourceNode, DestHost: m.DestHost, DestNode: m.DestNode,
		Created: m.Created.Time, Updated: m.Updated.Time,
	}
}
