// SPDX-License-Identifier: Apache-2.0

// Package openstack has the words that everything speaks: providers, inventories, allocations, servers, migrations, as Placement
// and Nova give them. What they say of themselves without anything else is said here; what a whole cloud says is in snapshot.
package openstack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Provider is a resource provider.
type Provider struct {
	UUID       string `json:"uuid"`
	Name       string `json:"name"`
	Generation int    `json:"generation"`
	ParentUUID string `json:"parent_uuid,omitempty"` // empty for a root
	RootUUID   string `json:"root_uuid"`
}

// IsRoot reports whether the provider is the root of its tree.
func (p Provider) IsRoot() bool { return p.ParentUUID == "" }

// NameAside is a name that the provider can have while another one takes its own: "cn1-stale-772c5b94".
func (p Provider) NameAside(as string) string {
	const few = 8 // digits of the UUID, enough to tell two of one name apart
	return fmt.Sprintf("%s-%s-%.*s", p.Name, as, few, p.UUID)
}

// LeafFirst lists the provider with that UUID and all below it, of a tree, each after its children.
func LeafFirst(uuid string, tree []Provider) []Provider {
	var out []Provider
	for _, p := range tree {
		if p.ParentUUID == uuid && p.UUID != uuid {
			out = append(out, LeafFirst(p.UUID, tree)...)
		}
	}
	for _, p := range tree {
		if p.UUID == uuid {
			out = append(out, p)
		}
	}
	return out
}

// Stands reports whether the provider stands for a host: its UUID is given, or it is a root with the name of the host, in any case
// and with or without a domain behind it.
func (p Provider) Stands(host string) bool {
	return SameUUID(p.UUID, host) || p.IsRoot() && named(p.Name, host)
}

// Stands reports whether the compute node is of the host, or has its name in the way that a provider has it.
func (h Hypervisor) Stands(host string) bool {
	return SameHost(h.ServiceHost, host) || named(h.Name, host)
}

// named reports whether a name is that of the host, in any case and with or without a domain behind it.
func named(name, host string) bool {
	name, host = strings.ToLower(name), strings.ToLower(host)
	return host != "" && (name == host || strings.HasPrefix(name, host+"."))
}

// SilentCell names the host of a service whose cell does not answer; empty if all cells do.
func SilentCell(services []ComputeService) string {
	for _, s := range services {
		if s.Status == Unknown {
			return s.Host
		}
	}
	return ""
}

// HostsByZone lists the hosts with a nova-compute by availability zone. Services of a cell that does not answer have no zone.
func HostsByZone(services []ComputeService) map[string][]string {
	zones := map[string][]string{}
	for _, s := range services {
		if s.Binary == "nova-compute" && s.Zone != "" {
			zones[s.Zone] = append(zones[s.Zone], s.Host)
		}
	}
	return zones
}

// SameHost reports whether two texts are one service host. Nova's databases make no difference between cases.
func SameHost(a, b string) bool { return strings.EqualFold(a, b) }

// SameUUID reports whether two texts are one UUID, whatever its case and with or without dashes.
func SameUUID(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, "-", ""), strings.ReplaceAll(b, "-", ""))
}

// Inventory is what a provider offers of one resource class.
type Inventory struct {
	Total           int     `json:"total"`
	Reserved        int     `json:"reserved"`
	MinUnit         int     `json:"min_unit"`
	MaxUnit         int     `json:"max_unit"`
	StepSize        int     `json:"step_size"`
	AllocationRatio float64 `json:"allocation_ratio"`
}

// Capacity is the amount that may be allocated: int((total - reserved) * allocation_ratio), truncated toward
// zero as Placement does (placement/objects/inventory.py, Inventory.capacity). It ends at 2^62, beyond any usage: Placement
// takes ratios up to 3.4e38, and what is more than an int holds would be converted to anything.
func (i Inventory) Capacity() int {
	const most = 1 << 62
	return int(max(-most, min(float64(i.Total-i.Reserved)*i.AllocationRatio, most)))
}

// Allocation is what one consumer holds on one provider.
type Allocation struct {
	ConsumerUUID       string         `json:"consumer_uuid"`
	ConsumerGeneration int            `json:"consumer_generation"`
	ProviderUUID       string         `json:"provider_uuid"`
	Resources          map[string]int `json:"resources"` // resource class -> amount
}

// Hypervisor is a compute node as Nova's os-hypervisors shows it. Its UUID is that of its resource provider
// (since Nova microversion 2.53).
type Hypervisor struct {
	UUID        string `json:"uuid"`
	Name        string `json:"name"` // hypervisor_hostname
	ServiceHost string `json:"service_host"`
	Type        string `json:"type"` // QEMU, fake, ironic …
	State       string `json:"state"`
	Status      string `json:"status"`
	// What nova-compute reports, before ratios and reservations. MiB and GiB.
	VCPUs    int `json:"vcpus"`
	MemoryMB int `json:"memory_mb"`
	LocalGB  int `json:"local_gb"`
}

// Aggregate is a host aggregate. Nova mirrors it in Placement: the provider of each of its hosts is a member of the
// Placement aggregate of the same UUID.
type Aggregate struct {
	ID    int      `json:"id"`
	UUID  string   `json:"uuid"`
	Name  string   `json:"name"`
	Hosts []string `json:"hosts"` // service hosts
	// Metadata says what Nova's scheduler makes of it, such as the availability zone of its hosts.
	Metadata map[string]string `json:"metadata,omitempty"`
}

// Zone is the availability zone that the hosts of the aggregate are in; empty if it says none.
func (a Aggregate) Zone() string { return a.Metadata["availability_zone"] }

// Named reports whether a name, number or UUID stands for the aggregate.
func (a Aggregate) Named(name string) bool {
	return a.Name == name || strconv.Itoa(a.ID) == name || strings.EqualFold(a.UUID, name)
}

// Owner is who Placement says a consumer belongs to.
type Owner struct {
	ConsumerUUID string `json:"consumer_uuid"`
	ProjectID    string `json:"project_id"`
	UserID       string `json:"user_id"`
}

// IncompleteOwner is the project and the user that Placement gives to consumers of which it was told none, where
// [placement]incomplete_consumer_project_id and its like for users are not set (placement/conf/placement.py).
const IncompleteOwner = "00000000-0000-0000-0000-000000000000"

// ComputeService is a Nova service. In a cell that does not answer Status and State are UNKNOWN.
type ComputeService struct {
	UUID   string `json:"uuid,omitempty"`
	Binary string `json:"binary"`
	Host   string `json:"host"`
	State  string `json:"state"`
	Status string `json:"status"`
	// Updated is when it last reported or was changed, by the clock of Nova's database; nil if Nova does not say.
	Updated *time.Time `json:"updated,omitempty"`
	// ForcedDown says that somebody has fenced it: it counts as down whatever it reports.
	ForcedDown bool `json:"forced_down,omitzero"`
	// Zone is the availability zone that Nova counts its host to. Snapshots are without it.
	Zone string `json:"-"`
	// DisabledReason is what was said when it was disabled.
	DisabledReason string `json:"disabled_reason,omitempty"`
}

// Words are its state and its status, such as "up, enabled" or "forced down, enabled".
func (s ComputeService) Words() string {
	if s.ForcedDown {
		return "forced down, " + s.Status
	}
	return s.State + ", " + s.Status
}

// Unknown is what Nova writes for the status of things in a cell that does not answer (since 2.69).
const Unknown = "UNKNOWN"

// ManyNodes reports whether one nova-compute of this kind has many compute nodes.
func (h Hypervisor) ManyNodes() bool {
	return slices.Contains([]string{"ironic", "VMware vCenter Server"}, h.Type)
}

// ShortName is the name of a host without its domain, in lower case. An address is no name: it stays whole.
func ShortName(host string) string {
	if strings.Trim(host, "0123456789.:") == "" {
		return host
	}
	first, _, _ := strings.Cut(strings.ToLower(host), ".")
	return first
}
