// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// The types of this file and of server_types.go are how Nova writes what it answers at Microversion. Package strict has what their
// tags mean.

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
