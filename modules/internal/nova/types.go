// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unique"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/rest"
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
	Updated    when            `json:"updated"`
	LaunchedAt when            `json:"OS-SRV-USG:launched_at"`
	Image      json.RawMessage `json:"image"`  // "" for a server that boots from a volume
	Flavor     json.RawMessage `json:"flavor"` // the same bytes for many servers
}

type flavor struct {
	Name       string            `json:"original_name"`
	VCPUs      int               `json:"vcpus"`
	RAM        int               `json:"ram"`
	Disk       int               `json:"disk"`
	Ephemeral  int               `json:"ephemeral"`
	Swap       int               `json:"swap"`
	ExtraSpecs map[string]string `json:"extra_specs"`
}

func (s server) id() string { return s.UUID }

// hidden says whether Nova keeps from this login where the server is. In a cell that does not answer nobody knows.
func (s server) hidden() bool { return len(s.Host) == 0 && s.Status != snapshot.Unknown }

// data converts the server; an error if Nova keeps from this login where it is, or what its flavor asks for. Each flavor and each text that many
// servers share is kept once.
func (s server) data(flavors map[string]snapshot.Flavor) (snapshot.Server, error) {
	if s.hidden() {
		return snapshot.Server{}, errHostsHidden
	}
	var host string
	_ = json.Unmarshal(s.Host, &host) // absent and null are no host
	f, known := flavors[string(s.Flavor)]
	if !known && len(s.Flavor) > 0 {
		var raw flavor
		if err := json.Unmarshal(s.Flavor, &raw); err != nil {
			return snapshot.Server{}, fmt.Errorf("%w: %w", rest.ErrIncomplete, err)
		}
		if raw.ExtraSpecs == nil && s.Status != snapshot.Unknown {
			return snapshot.Server{}, errExtraSpecsHidden
		}
		f = snapshot.Flavor(raw)
		flavors[string(s.Flavor)] = f
	}
	return snapshot.Server{
		UUID: s.UUID, Name: s.Name, Status: once(s.Status), VMState: once(s.VMState), TaskState: once(s.TaskState),
		Host: once(host), Node: once(s.Node), ProjectID: once(s.ProjectID), UserID: once(s.UserID),
		Created: s.Created.Time, Updated: s.Updated.Time, LaunchedAt: s.LaunchedAt.pointer(), Flavor: f, FromVolume: string(s.Image) == `""`,
	}, nil
}

// once returns the one copy of a text that occurs many times.
func once(text string) string { return unique.Make(text).Value() }

type hypervisor struct {
	UUID    string `json:"id"`
	Name    string `json:"hypervisor_hostname"`
	Type    string `json:"hypervisor_type"`
	State   string `json:"state"`
	Status  string `json:"status"`
	Service struct {
		Host string `json:"host"`
	} `json:"service"`
	VCPUs    int `json:"vcpus"`
	MemoryMB int `json:"memory_mb"`
	LocalGB  int `json:"local_gb"`
}

func (h hypervisor) id() string { return h.UUID }

func (h hypervisor) data() (snapshot.Hypervisor, error) {
	return snapshot.Hypervisor{
		UUID: h.UUID, Name: h.Name, ServiceHost: h.Service.Host, Type: h.Type, State: h.State, Status: h.Status,
		VCPUs: h.VCPUs, MemoryMB: h.MemoryMB, LocalGB: h.LocalGB,
	}, nil
}

type aggregate struct {
	ID    int      `json:"id"`
	UUID  string   `json:"uuid"`
	Name  string   `json:"name"`
	Hosts []string `json:"hosts"`
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

func (m migration) data() (snapshot.Migration, error) {
	return snapshot.Migration{
		UUID: m.UUID, ServerUUID: m.ServerUUID, Type: m.Type, Status: m.Status,
		SourceHost: m.SourceHost, SourceNode: m.SourceNode, DestHost: m.DestHost, DestNode: m.DestNode,
		Created: m.Created.Time, Updated: m.Updated.Time,
	}, nil
}
