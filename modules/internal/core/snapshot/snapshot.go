// SPDX-License-Identifier: Apache-2.0

// Package snapshot holds what was read from a cloud at one time: pure data, with indexes over it.
//
// It knows for each part whether it was read. A part that could not be read is never an empty part: its
// accessors panic, so that a check that asks without declaring its needs fails its first test. The package
// does no input or output; collect fills it, codec turns it into bytes and back.
package snapshot

import (
	"fmt"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Part names one list of the snapshot. It is read as a whole, in part (see Blind), or not at all.
type Part string

// The parts of a snapshot, in the order in which they are read.
const (
	Providers   Part = "providers"            // GET /resource_providers
	Traits      Part = "traits"               // GET /resource_providers?required=…, one list a trait
	Usages      Part = "usages"               // GET /allocation_candidates, and …/usages of each provider that is not among them
	Capacities  Part = "capacities"           // the same, and …/inventories
	Allocations Part = "allocations"          // GET /resource_providers/{uuid}/allocations of each provider in use
	Incomplete  Part = "incomplete_consumers" // GET /usages?project_id=…, and /allocations/{uuid} where it shows any
	Services    Part = "services"             // GET /os-services
	Hypervisors Part = "hypervisors"          // GET /os-hypervisors/detail
	Servers     Part = "servers"              // GET /servers/detail?all_tenants=True
	Migrations  Part = "migrations"           // GET /os-migrations
	Aggregates  Part = "aggregates"           // GET /os-aggregates
	Memberships Part = "memberships"          // GET /resource_providers?member_of=…, or …/aggregates of each provider
	Inventories Part = "inventories"          // GET /resource_providers/{uuid}/inventories, one of each group of equals
	Customs     Part = "custom_names"         // GET /resource_classes, and /traits?name=startswith:CUSTOM_&associated=false
	Generations Part = "generations"          // GET /resource_providers every few seconds, and what is on those that change
	Rows        Part = "database"             // what only the databases show
)

// AllParts lists every part, in reading order.
func AllParts() []Part {
	return []Part{
		Providers, Traits, Usages, Capacities, Allocations, Incomplete,
		Services, Hypervisors, Servers, Migrations, Aggregates, Memberships, Inventories,
		Customs, Generations, Rows,
	}
}

// FromNova reports whether the part is Nova's, not Placement's.
func (p Part) FromNova() bool {
	return p == Services || p == Aggregates || p.FromCells()
}

// FromCells reports whether Nova gathers the part from all cells, and silently leaves out cells that do not answer.
func (p Part) FromCells() bool {
	return p == Hypervisors || p == Servers || p == Migrations
}

// Status says how the reading of a part ended.
type Status struct {
	Read bool `json:"read"` // as a whole
	// Partial says that it was read but for what Snapshot.Blind names. Only who knows of that may use it.
	Partial bool   `json:"partial,omitzero"`
	Reason  string `json:"reason,omitempty"` // why it was not read, or not as a whole; empty if it was
}

// Service says which service was read and with which microversion.
type Service struct {
	Microversion string `json:"microversion"` // sent with each request, such as "1.39"
	Newest       string `json:"newest"`       // the newest the service offers
}

// Snapshot is one reading of Placement and Nova. Fill the exported fields, then use the accessors, which
// index lazily; after the first access the fields may not change. Not safe for concurrent use.
type Snapshot struct {
	TakenAt   time.Time       `json:"taken_at"`
	Placement Service         `json:"placement"`
	Compute   Service         `json:"compute"`
	Parts     map[Part]Status `json:"parts"`

	ProviderList   []openstack.Provider      `json:"providers"`
	TraitHolders   map[string][]string       `json:"traits"` // trait -> UUIDs of the providers that have it; no key: no such trait
	UsageMap       map[string]map[string]int `json:"usages"` // provider UUID -> resource class -> amount
	AllocationList []openstack.Allocation    `json:"allocations"`
	IncompleteList []openstack.Owner         `json:"incomplete_consumers"`

	// CapacityMap holds the capacities of providers that InventoryMap does not have. Together they are whole.
	CapacityMap map[string]map[string]int `json:"capacities"`
	// InventoryMap has every provider only where Inventories were read. Those of the providers in Presumed were taken from
	// another one that equals them in all that was read of both: provider UUID -> UUID of the one that was read.
	InventoryMap map[string]map[string]openstack.Inventory `json:"inventories"`
	Presumed     map[string]string                         `json:"presumed_inventories,omitempty"`

	// Quick is set if allocations were read only where usages did not fit the servers.
	Quick *Quick `json:"quick,omitempty"`

	AggregateList []openstack.Aggregate `json:"aggregates"`  // host aggregates
	MembershipMap map[string][]string   `json:"memberships"` // provider UUID -> UUIDs of aggregates
	// EveryMembership says that MembershipMap has also the aggregates that Nova does not have.
	EveryMembership bool `json:"every_membership"`

	HypervisorList []openstack.Hypervisor     `json:"hypervisors"`
	ServerList     []openstack.Server         `json:"servers"`
	MigrationList  []openstack.Migration      `json:"migrations"`
	ServiceList    []openstack.ComputeService `json:"services"`

	// Custom has the names that operators and services made up; nil if nobody asked for them.
	Custom *Names `json:"custom_names,omitempty"`

	// Watch is how the generations changed over some time; nil if nobody watched them.
	Watch *Watch `json:"watch,omitempty"`

	// Rows is what only the databases show; nil if they were not read.
	Rows *Database `json:"database,omitempty"`

	// Blind is what is missing of the parts that were read in part; nil if there are none.
	Blind *Blind `json:"blind,omitempty"`

	// Second is the second look at what the first made suspicious; nil if nobody looked twice.
	Second *Look `json:"second,omitempty"`

	index *index
}

// Quick says how much a quick look left out: of the trees that were as wanted, each server counts as holding what its
// flavor asks for, and nobody else as holding anything.
type Quick struct {
	Trees         int `json:"trees"`          // compute trees that were compared
	Granted       int `json:"granted"`        // of them, those that were as wanted
	ProvidersRead int `json:"providers_read"` // providers whose allocations were read
}

// MarkRead records that a part was read completely.
func (s *Snapshot) MarkRead(p Part) { s.mark(p, Status{Read: true}) }

// MarkFailed records why a part could not be read.
func (s *Snapshot) MarkFailed(p Part, reason string) { s.mark(p, Status{Reason: reason}) }

func (s *Snapshot) mark(p Part, st Status) {
	if s.Parts == nil {
		s.Parts = map[Part]Status{}
	}
	s.Parts[p] = st
}

// Unread returns the first of the parts that was not read, and why. A part that nobody tried to read counts.
func (s *Snapshot) Unread(parts []Part) (Part, string, bool) {
	for _, p := range parts {
		st, tried := s.Parts[p]
		if !tried {
			return p, "the snapshot does not contain them", true
		}
		if !st.Read {
			return p, st.Reason, true
		}
		if reason := s.contradicted(p); reason != "" {
			return p, reason, true
		}
	}
	return "", "", false
}

// Has reports whether a part was read: for what only adds to a finding.
func (s *Snapshot) Has(p Part) bool { return s.Parts[p].Read }

// contradicted says why a part that was read can't be the whole; empty if nothing says so. nova-compute makes its provider within
// a minute. What is read provider by provider is empty then as well.
func (s *Snapshot) contradicted(p Part) string {
	if p.FromNova() || p == Customs || p == Generations || len(s.ProviderList) > 0 || len(s.HypervisorList) == 0 {
		return ""
	}
	return fmt.Sprintf("placement lists no resource provider, but nova shows %d hypervisors: make sure that this is the Placement that "+
		"they use", len(s.HypervisorList))
}

// need panics if p was not read: asking for it is a fault of the asking code, not of the cloud.
func (s *Snapshot) need(p Part) {
	if !s.Usable(p) {
		panic(fmt.Sprintf("snapshot: %s used, but they were not read: declare them in Needs", p))
	}
}

// Reindex has to be called after a list was changed that an accessor has answered from.
func (s *Snapshot) Reindex() { s.index = nil }

// Empty returns a snapshot of which every part was read and nothing was found: the start of a test's snapshot.
func Empty(at time.Time) *Snapshot {
	s := &Snapshot{TakenAt: at}
	for _, p := range AllParts() {
		s.MarkRead(p)
	}
	s.Custom = &Names{}
	return s
}

// Subset returns those of all parts that are in wanted, in reading order and without repeats.
func Subset(wanted []Part) []Part {
	return slices.DeleteFunc(AllParts(), func(p Part) bool { return !slices.Contains(wanted, p) })
}
