// SPDX-License-Identifier: Apache-2.0

// Package snapshot holds what was read from a cloud at one time: pure data, with indexes over it.
//
// It knows for each part whether it was read. A part that could not be read is never an empty part: its
// accessors panic, so that a check that asks without declaring its needs fails its first test. The package
// does no input or output; collect fills it, Encode and Decode turn it into bytes and back.
package snapshot

import (
	"fmt"
	"slices"
	"time"
)

// Part names one list of the snapshot, read as a whole or not at all.
type Part string

// The parts of a snapshot, in the order in which they are read.
const (
	Providers   Part = "providers"   // GET /resource_providers
	Traits      Part = "traits"      // GET /resource_providers?required=…, one list a trait
	Inventories Part = "inventories" // GET /resource_providers/{uuid}/inventories of each provider
	Usages      Part = "usages"      // GET /resource_providers/{uuid}/usages of each provider
	Allocations Part = "allocations" // GET /resource_providers/{uuid}/allocations of each provider in use
	Hypervisors Part = "hypervisors" // GET /os-hypervisors/detail
	Servers     Part = "servers"     // GET /servers/detail?all_tenants=True
	Migrations  Part = "migrations"  // GET /os-migrations
	Services    Part = "services"    // GET /os-services
)

// AllParts lists every part, in reading order.
func AllParts() []Part {
	return []Part{
		Providers, Traits, Inventories, Usages, Allocations, Services, Hypervisors, Servers, Migrations,
	}
}

// Status says how the reading of a part ended.
type Status struct {
	Read   bool   `json:"read"`
	Reason string `json:"reason,omitempty"` // why it was not read; empty if it was
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

	ProviderList   []Provider                      `json:"providers"`
	TraitHolders   map[string][]string             `json:"traits"`      // trait -> UUIDs of the providers that have it
	InventoryMap   map[string]map[string]Inventory `json:"inventories"` // provider UUID -> resource class
	UsageMap       map[string]map[string]int       `json:"usages"`      // provider UUID -> resource class -> amount
	AllocationList []Allocation                    `json:"allocations"`
	HypervisorList []Hypervisor                    `json:"hypervisors"`
	ServerList     []Server                        `json:"servers"`
	MigrationList  []Migration                     `json:"migrations"`
	ServiceList    []ComputeService                `json:"services"`

	// Second is the second look at what the first made suspicious; nil if nobody looked twice.
	Second *Look `json:"second,omitempty"`

	index *index
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
	}
	return "", "", false
}

// need panics if p was not read: asking for it is a fault of the asking code, not of the cloud.
func (s *Snapshot) need(p Part) {
	if !s.Parts[p].Read {
		panic(fmt.Sprintf("snapshot: %s used, but they were not read: declare them in Needs", p))
	}
}

// Empty returns a snapshot of which every part was read and nothing was found: the start of a test's snapshot.
func Empty(at time.Time) *Snapshot {
	s := &Snapshot{TakenAt: at}
	for _, p := range AllParts() {
		s.MarkRead(p)
	}
	return s
}

// Subset returns those of all parts that are in wanted, in reading order and without repeats.
func Subset(wanted []Part) []Part {
	return slices.DeleteFunc(AllParts(), func(p Part) bool { return !slices.Contains(wanted, p) })
}
