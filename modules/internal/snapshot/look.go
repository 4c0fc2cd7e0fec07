// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"fmt"
	"slices"
	"time"
)

// Suspects are the UUIDs that a second look is for, each once.
type Suspects struct {
	Consumers []string // of consumers and of servers: a server is a consumer, or should be one
	Providers []string
	Lists     bool // something is suspected of which the lists alone tell
}

// None says whether there is nothing to look at.
func (s Suspects) None() bool { return len(s.Consumers)+len(s.Providers) == 0 && !s.Lists }

// Look is what a second look at suspects found. Keys are UUIDs. A value that is nil or empty in a map says
// that the thing was looked for and is not there; a key that is absent says that nobody looked.
type Look struct {
	TakenAt   time.Time                `json:"taken_at"`
	Consumers map[string][]Allocation  `json:"consumers"` // what each looked-at consumer holds now
	Types     map[string]string        `json:"consumer_types"`
	Servers   map[string]*Server       `json:"servers"` // nil: Nova answers 404
	Providers map[string]*ProviderLook `json:"providers"`

	Migrations  []Migration      `json:"migrations"`
	Hypervisors []Hypervisor     `json:"hypervisors"`
	Services    []ComputeService `json:"services"`

	// Parts holds the parts that were read again; one that failed here is unread in the second view.
	Parts map[Part]Status `json:"parts"`
}

// ProviderLook is one provider read again.
type ProviderLook struct {
	Provider    Provider             `json:"provider"`
	Inventories map[string]Inventory `json:"inventories"`
	Usages      map[string]int       `json:"usages"`
}

// ConsumerType returns the type that Placement names for a consumer that was looked at twice: "unknown" for all
// that Nova wrote before 1.38 (and Nova writes at 1.36 to this day), "" if it was not looked at.
func (s *Snapshot) ConsumerType(uuid string) string {
	if s.Second == nil {
		return ""
	}
	return s.Second.Types[uuid]
}

// CoversProvider says whether the look was at this provider, whatever it found.
func (l *Look) CoversProvider(uuid string) bool {
	if l == nil {
		return false
	}
	_, looked := l.Providers[uuid]
	return looked
}

// CoversConsumer says whether the look was at what this consumer holds and at the server of its UUID.
func (l *Look) CoversConsumer(uuid string) bool {
	if l == nil {
		return false
	}
	_, held := l.Consumers[uuid]
	_, server := l.Servers[uuid]
	return held && server
}

// valid refuses a look that claims to have read what it does not contain.
func (l *Look) valid() error {
	for p, missing := range map[Part]bool{
		Migrations: l.Migrations == nil, Hypervisors: l.Hypervisors == nil, Services: l.Services == nil,
		Allocations: l.Consumers == nil, Servers: l.Servers == nil, Providers: l.Providers == nil,
	} {
		if l.Parts[p].Read && missing {
			return fmt.Errorf("%w: it says that %s were read again, but does not contain them", ErrNotASnapshot, p)
		}
	}
	for uuid, p := range l.Providers {
		if p != nil && (p.Provider.UUID != uuid || p.Inventories == nil || p.Usages == nil) {
			return fmt.Errorf("%w: its second look at resource provider %s is not whole", ErrNotASnapshot, uuid)
		}
	}
	return nil
}

// View returns the snapshot as the second look saw it: what was read again in place of what was read first.
// The result keeps Second, so that ConsumerType answers.
func (s *Snapshot) View() *Snapshot {
	l := s.Second
	v := *s
	v.index, v.Parts, v.TakenAt = nil, map[Part]Status{}, l.TakenAt
	for p, st := range s.Parts {
		v.Parts[p] = st
	}
	for p, st := range l.Parts {
		v.Parts[p] = st
	}
	v.AllocationList = l.allocations(s.AllocationList)
	v.ServerList = l.servers(s.ServerList)
	l.providers(s, &v)
	replace(l, Migrations, &v.MigrationList, l.Migrations)
	replace(l, Hypervisors, &v.HypervisorList, l.Hypervisors)
	replace(l, Services, &v.ServiceList, l.Services)
	return &v
}

func replace[T any](l *Look, p Part, target *[]T, again []T) {
	if _, tried := l.Parts[p]; tried {
		*target = again
	}
}

func (l *Look) allocations(first []Allocation) []Allocation {
	out := slices.DeleteFunc(slices.Clone(first), func(a Allocation) bool {
		_, looked := l.Consumers[a.ConsumerUUID]
		return looked
	})
	for _, held := range l.Consumers {
		out = append(out, held...)
	}
	return out
}

func (l *Look) servers(first []Server) []Server {
	out := slices.DeleteFunc(slices.Clone(first), func(v Server) bool {
		_, looked := l.Servers[v.UUID]
		return looked
	})
	for _, v := range l.Servers {
		if v != nil {
			out = append(out, *v)
		}
	}
	return out
}

// providers puts the providers that were read again into v. The order of the list stays as it was.
func (l *Look) providers(s, v *Snapshot) {
	v.ProviderList = nil
	v.InventoryMap, v.UsageMap = map[string]map[string]Inventory{}, map[string]map[string]int{}
	for _, p := range s.ProviderList {
		again, looked := l.Providers[p.UUID]
		inventories, usages := s.InventoryMap[p.UUID], s.UsageMap[p.UUID]
		if looked && again == nil {
			continue
		}
		if looked {
			p, inventories, usages = again.Provider, again.Inventories, again.Usages
		}
		v.addProvider(p, inventories, usages)
	}
	for uuid, found := range l.Providers {
		if _, listed := s.indexed().provider[uuid]; !listed && found != nil { // it was created between the looks
			v.addProvider(found.Provider, found.Inventories, found.Usages)
		}
	}
}

func (s *Snapshot) addProvider(p Provider, inventories map[string]Inventory, usages map[string]int) {
	s.ProviderList = append(s.ProviderList, p)
	s.InventoryMap[p.UUID], s.UsageMap[p.UUID] = inventories, usages
}
