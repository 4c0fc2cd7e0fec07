// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"strings"
	"time"
	"unique"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// The types of this file are how Nova writes what it answers at Microversion. Package strict has what their tags mean.

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

type root struct {
	Version struct {
		Min string `json:"min_version" strict:"required"`
		Max string `json:"version" strict:"required"`
	} `json:"version" strict:"required"`
}

type services struct {
	List []service `json:"services" strict:"required"`
}

type service struct {
	ID      string `json:"id" strict:"optional,id"` // absent in a cell that does not answer, like all but three
	Binary  string `json:"binary" strict:"required"`
	Host    string `json:"host" strict:"required"`
	State   string `json:"state" strict:"optional"`
	Status  string `json:"status" strict:"required"`
	Updated when   `json:"updated_at" strict:"optional"`
	Forced  bool   `json:"forced_down" strict:"optional"`
	Zone    string `json:"zone" strict:"optional"`
	Reason  string `json:"disabled_reason" strict:"optional"`
}

func (s service) data() (openstack.ComputeService, error) {
	if s.Status != openstack.Unknown && (s.ID == "" || s.State == "") {
		return openstack.ComputeService{}, rest.Missing("id or state of a service that is not UNKNOWN")
	}
	return openstack.ComputeService{
		UUID: s.ID, Binary: s.Binary, Host: s.Host, State: s.State, Status: s.Status, Updated: s.Updated.pointer(), ForcedDown: s.Forced,
		Zone:           s.Zone,
		DisabledReason: s.Reason,
	}, nil
}

type serverPage struct {
	List []server `json:"servers" strict:"required"`
}

func (p *serverPage) items() []server { return p.List }

type oneServer struct {
	Server server `json:"server" strict:"required"`
}

// server is without most fields in a cell that does not answer.
type server struct {
	UUID      string `json:"id" strict:"required,id"`
	Name      string `json:"name" strict:"optional"`
	Status    string `json:"status" strict:"required"`
	VMState   string `json:"OS-EXT-STS:vm_state" strict:"optional"`
	TaskState string `json:"OS-EXT-STS:task_state" strict:"optional"`
	// Host is raw to tell null, no host, from absent: hidden by Nova's policy.
	Host       strict.Raw `json:"OS-EXT-SRV-ATTR:host" strict:"optional"`
	Node       string     `json:"OS-EXT-SRV-ATTR:hypervisor_hostname" strict:"optional"`
	ProjectID  string     `json:"tenant_id" strict:"optional"`
	UserID     string     `json:"user_id" strict:"optional"`
	Created    when       `json:"created" strict:"optional"`
	Updated    when       `json:"updated" strict:"optional"`
	LaunchedAt when       `json:"OS-SRV-USG:launched_at" strict:"optional"`
	Image      strict.Raw `json:"image" strict:"optional"`  // "" for a server that boots from a volume
	Flavor     strict.Raw `json:"flavor" strict:"optional"` // the same bytes for many servers
}

type flavor struct {
	Name       string            `json:"original_name" strict:"required"`
	VCPUs      int               `json:"vcpus" strict:"required"`
	RAM        int               `json:"ram" strict:"required"`
	Disk       int               `json:"disk" strict:"required"`
	Ephemeral  int               `json:"ephemeral" strict:"required"`
	Swap       int               `json:"swap" strict:"required"`
	ExtraSpecs map[string]string `json:"extra_specs" strict:"optional"` // absent where Nova's policy hides them
}

func (s server) id() string { return s.UUID }

// hidden reports whether Nova keeps from this login where the server is. In a cell that does not answer that is unknown.
func (s server) hidden() bool { return len(s.Host) == 0 && s.Status != openstack.Unknown }

// data converts the server; an error if Nova keeps from this login where it is, or what its flavor asks for. Each flavor and each text that many
// servers share is kept once.
func (s server) data(flavors map[string]openstack.Flavor) (openstack.Server, error) {
	if s.hidden() {
		return openstack.Server{}, errHostsHidden
	}
	if s.Status != openstack.Unknown && (s.ProjectID == "" || s.VMState == "" || s.Created.IsZero() || len(s.Flavor) == 0) {
		return openstack.Server{}, rest.Missing("tenant_id, vm_state, created or flavor of a server that is not UNKNOWN")
	}
	host, err := s.host()
	if err != nil {
		return openstack.Server{}, err
	}
	f, known := flavors[string(s.Flavor)]
	if !known && len(s.Flavor) > 0 {
		if f, err = flavorOf(s.Flavor); err != nil {
			return openstack.Server{}, err
		}
		if f.ExtraSpecs == nil && s.Status != openstack.Unknown {
			return openstack.Server{}, errExtraSpecsHidden
		}
		flavors[string(s.Flavor)] = f
	}
	return openstack.Server{
		UUID: s.UUID, Name: s.Name, Status: once(s.Status), VMState: once(s.VMState), TaskState: once(s.TaskState),
		Host: once(host), Node: once(s.Node), ProjectID: once(s.ProjectID), UserID: once(s.UserID),
		Created: s.Created.Time, Updated: s.Updated.Time, LaunchedAt: s.LaunchedAt.pointer(), Flavor: f, FromVolume: string(s.Image) == `""`,
	}, nil
}

// host is empty for absent and for null.
func (s server) host() (name string, err error) {
	if len(s.Host) == 0 || string(s.Host) == "null" {
		return "", nil
	}
	return name, rest.Part(s.Host, &name)
}

func flavorOf(raw strict.Raw) (openstack.Flavor, error) {
	var f flavor
	err := rest.Part(raw, &f)
	return openstack.Flavor(f), err
}

// once returns the one copy of a text that occurs many times.
func once(text string) string { return unique.Make(text).Value() }

type deletedServers struct {
	List []serverID `json:"servers" strict:"required"`
}

type serverID struct {
	ID string `json:"id" strict:"required,id"`
}

type hypervisorPage struct {
	List []hypervisor `json:"hypervisors" strict:"required"`
}

func (p *hypervisorPage) items() []hypervisor { return p.List }

type hypervisor struct {
	UUID     string         `json:"id" strict:"required,id"`
	Name     string         `json:"hypervisor_hostname" strict:"required"`
	Type     string         `json:"hypervisor_type" strict:"required"`
	State    string         `json:"state" strict:"required"`
	Status   string         `json:"status" strict:"required"`
	Service  hypervisorHost `json:"service" strict:"required"`
	VCPUs    int            `json:"vcpus" strict:"required"`
	MemoryMB int            `json:"memory_mb" strict:"required"`
	LocalGB  int            `json:"local_gb" strict:"required"`
}

type hypervisorHost struct {
	Host string `json:"host" strict:"required"`
}

func (h hypervisor) id() string { return h.UUID }

func (h hypervisor) data() (openstack.Hypervisor, error) {
	return openstack.Hypervisor{
		UUID: h.UUID, Name: h.Name, ServiceHost: h.Service.Host, Type: h.Type, State: h.State, Status: h.Status,
		VCPUs: h.VCPUs, MemoryMB: h.MemoryMB, LocalGB: h.LocalGB,
	}, nil
}

type aggregates struct {
	List []aggregate `json:"aggregates" strict:"required"`
}

type aggregate struct {
	ID    int      `json:"id" strict:"required"`
	UUID  string   `json:"uuid" strict:"required,id"`
	Name  string   `json:"name" strict:"required"`
	Hosts []string `json:"hosts" strict:"required"`

	Metadata map[string]string `json:"metadata" strict:"optional"`
}

type migrationPage struct {
	List []migration `json:"migrations" strict:"required"`
}

func (p *migrationPage) items() []migration { return p.List }

type migration struct {
	UUID       string `json:"uuid" strict:"required,id"`
	ServerUUID string `json:"instance_uuid" strict:"required,id"`
	Type       string `json:"migration_type" strict:"optional"`
	Status     string `json:"status" strict:"required"`
	SourceHost string `json:"source_compute" strict:"nullable"`
	SourceNode string `json:"source_node" strict:"nullable"`
	DestHost   string `json:"dest_compute" strict:"nullable"` // null until the scheduler has chosen
	DestNode   string `json:"dest_node" strict:"nullable"`
	Created    when   `json:"created_at" strict:"required"`
	Updated    when   `json:"updated_at" strict:"nullable"`
}

func (m migration) id() string { return m.UUID }

func (m migration) data() (openstack.Migration, error) {
	return openstack.Migration{
		UUID: m.UUID, ServerUUID: m.ServerUUID, Type: m.Type, Status: m.Status,
		SourceHost: m.SourceHost, SourceNode: m.SourceNode, DestHost: m.DestHost, DestNode: m.DestNode,
		Created: m.Created.Time, Updated: m.Updated.Time,
	}, nil
}

type quotaSet struct {
	Quotas quotas `json:"quota_set" strict:"required"`
}

type quotas struct {
	Instances quota `json:"instances" strict:"required"`
	Cores     quota `json:"cores" strict:"required"`
	RAM       quota `json:"ram" strict:"required"`
}

type quota struct {
	Limit    int `json:"limit" strict:"required"`
	InUse    int `json:"in_use" strict:"required"`
	Reserved int `json:"reserved" strict:"required"`
}
