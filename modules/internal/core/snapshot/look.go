// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Suspects are the UUIDs that a second look is for, each once.
type Suspects struct {
	Consumers []string // of consumers and of servers: a server is a consumer, or should be one
	Providers []string
	Lists     bool   // something is suspected of which the lists alone tell
	Parts     []Part // what the checks need that suspect something
}

// None reports whether there is nothing to look at.
func (s Suspects) None() bool { return len(s.Consumers)+len(s.Providers) == 0 && !s.Lists }

// Look is what a second look at suspects found. Keys are UUIDs. A value that is nil or empty in a map says
// that the thing was looked for and is not there; a key that is absent says that nobody looked.
type Look struct {
	TakenAt   time.Time                         `json:"taken_at"`
	Consumers map[string][]openstack.Allocation `json:"consumers"` // what each looked-at consumer holds now
	Types     map[string]string                 `json:"consumer_types"`
	Owners    map[string]openstack.Owner        `json:"owners"`  // of the consumers that hold something
	Servers   map[string]*openstack.Server      `json:"servers"` // nil: Nova answers 404
	// Restless are the consumers that held something else before Nova was asked about their servers than after it.
	Restless []string `json:"restless"`
	// Deleted are the servers, among those of which Nova answers 404, that were deleted within the last JustDeleted.
	Deleted   []string                 `json:"deleted"`
	Providers map[string]*ProviderLook `json:"providers"`

	Migrations  []openstack.Migration      `json:"migrations"`
	Hypervisors []openstack.Hypervisor     `json:"hypervisors"`
	Services    []openstack.ComputeService `json:"services"`
	Aggregates  []openstack.Aggregate      `json:"aggregates"`

	// Custom has the custom names again; nil if they were not read again.
	Custom *Names `json:"custom_names,omitempty"`

	// Lost are servers that Nova lists and of which it answers 404 one by one: they have lost their instance mapping.
	Lost []string `json:"lost_mappings,omitempty"`

	// Rows is what only the databases show; nil if they were not read again.
	Rows *Database `json:"database,omitempty"`

	// Blind is what is missing of the parts that were read again in part.
	Blind *Blind `json:"blind,omitempty"`

	// Unproven says why Servers lacks those that Nova does not show: it is unknown whether they are gone.
	Unproven string `json:"unproven_servers,omitempty"`

	// Unseen says why Providers lacks some, if they could not be read again.
	Unseen string `json:"unseen_providers,omitempty"`

	// Parts holds the parts that were read again; one that failed here is unread in the second view.
	Parts map[Part]Status `json:"parts"`
}

// ProviderLook is one provider read again. Allocations, Traits and Aggregates are nil where the first look did not have
// them either. Allocations and Usages are of one generation, and the Usages were read last: what is used by nobody in
// Allocations is held by nobody that Placement shows.
type ProviderLook struct {
	Provider    openstack.Provider             `json:"provider"`
	Inventories map[string]openstack.Inventory `json:"inventories"`
	Allocations []openstack.Allocation         `json:"allocations"`
	Usages      map[string]int                 `json:"usages"`
	Traits      []string                       `json:"traits"`     // of KnownTraits
	Aggregates  []string                       `json:"aggregates"` // every one
}

// JustDeleted is how long nova-compute may need to take back what it gave a server that was deleted during a move: two of its
// periodics (update_resources_interval, 60 s). On the lab it took up to 98 s.
const JustDeleted = 2 * time.Minute

// DeletedLately reports whether the second look found that the server was deleted within the last JustDeleted.
func (s *Snapshot) DeletedLately(uuid string) bool {
	return s.Second != nil && slices.Contains(s.Second.Deleted, uuid)
}

// LostMapping reports whether the second look found that Nova lists the server and has no instance mapping of it.
func (s *Snapshot) LostMapping(uuid string) bool {
	return s.Second != nil && slices.Contains(s.Second.Lost, uuid)
}

// ConsumerType returns the type that Placement names for a consumer that was looked at twice: "unknown" for all
// that Nova wrote before 1.38 (and Nova writes at 1.36 to this day), "" if it was not looked at.
func (s *Snapshot) ConsumerType(uuid string) string {
	if s.Second == nil {
		return ""
	}
	return s.Second.Types[uuid]
}

// CoversProvider reports whether the look was at this provider, whatever it found.
func (l *Look) CoversProvider(uuid string) bool {
	if l == nil {
		return false
	}
	_, looked := l.Providers[uuid]
	return looked
}

// CoversConsumer reports whether the look was at what this consumer holds and at the server of its UUID, if at servers at all:
// where the first look has none, only checks that need none report anything.
func (l *Look) CoversConsumer(uuid string) bool {
	if l == nil {
		return false
	}
	_, held := l.Consumers[uuid]
	_, server := l.Servers[uuid]
	return held && (server || l.Servers == nil)
}
