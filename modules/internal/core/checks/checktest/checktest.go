// SPDX-License-Identifier: Apache-2.0

// Package checktest builds small snapshots for the tests of checks, and says what a check finds in them.
package checktest

import (
	"slices"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// UUIDs in the healthy cloud.
const (
	Compute = "c0000000-0000-4000-8000-000000000001" // provider and hypervisor of host cn1
	Server  = "50000000-0000-4000-8000-000000000001" // runs on cn1
	Storage = "d0000000-0000-4000-8000-000000000001" // sharing provider
	Project = "0123456789abcdef0123456789abcdef"

	// Aggregate is a host aggregate of cn1, mirrored in Placement; the storage is shared through it.
	Aggregate = "a0000000-0000-4000-8000-000000000001"
)

// Taken is when every test snapshot was taken.
func Taken() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// Cloud returns a healthy cloud: host cn1 with one server, and a sharing provider with the server's disk.
func Cloud() *snapshot.Snapshot {
	s := snapshot.Empty(Taken())
	launched := Taken().Add(-time.Hour)
	s.Placement = snapshot.Service{Microversion: "1.39", Newest: "1.39"}
	s.Compute = snapshot.Service{Microversion: "2.69", Newest: "2.93"}
	s.TraitHolders = map[string][]string{
		snapshot.TraitComputeNode: {Compute}, snapshot.TraitSharing: {Storage}, snapshot.TraitDisabled: {},
	}
	s.InventoryMap, s.UsageMap = map[string]map[string]openstack.Inventory{}, map[string]map[string]int{}
	AddProvider(s, openstack.Provider{UUID: Compute, Name: "cn1", Generation: 3}, "VCPU", 10)
	Offer(s, Compute, "MEMORY_MB", 8192)
	AddProvider(s, openstack.Provider{UUID: Storage, Name: "ceph", Generation: 3}, "DISK_GB", 1000)
	s.HypervisorList = []openstack.Hypervisor{{
		UUID: Compute, Name: "cn1", ServiceHost: "cn1", Type: "QEMU", State: "up", Status: "enabled",
		VCPUs: 10, MemoryMB: 8192, LocalGB: 1000,
	}}
	s.AggregateList = []openstack.Aggregate{{ID: 1, UUID: Aggregate, Name: "rack1", Hosts: []string{"cn1"}}}
	s.MembershipMap, s.EveryMembership = map[string][]string{Compute: {Aggregate}, Storage: {Aggregate}}, true
	s.ServiceList = []openstack.ComputeService{{Binary: "nova-compute", Host: "cn1", State: "up", Status: "enabled"}}
	s.ServerList = []openstack.Server{{
		UUID: Server, Name: "s1", Status: "ACTIVE", VMState: "active", Host: "cn1", Node: "cn1", ProjectID: Project,
		LaunchedAt: &launched, Created: launched,
		Flavor: openstack.Flavor{Name: "m1.small", VCPUs: 1, RAM: 2048, Disk: 20, ExtraSpecs: map[string]string{}},
	}}
	Hold(s, Server, Compute, "VCPU", 1)
	Hold(s, Server, Compute, "MEMORY_MB", 2048)
	Hold(s, Server, Storage, "DISK_GB", 20)
	return s
}

// AddProvider adds a provider with one inventory at ratio 1. A provider without RootUUID is its own root.
func AddProvider(s *snapshot.Snapshot, p openstack.Provider, class string, total int) {
	if p.RootUUID == "" {
		p.RootUUID = p.UUID
	}
	s.ProviderList = append(s.ProviderList, p)
	s.InventoryMap[p.UUID] = map[string]openstack.Inventory{}
	s.UsageMap[p.UUID] = map[string]int{}
	if class != "" {
		Offer(s, p.UUID, class, total)
	}
}

// Offer adds an inventory at ratio 1 to a provider.
func Offer(s *snapshot.Snapshot, provider, class string, total int) {
	s.InventoryMap[provider][class] = openstack.Inventory{
		Total: total, MinUnit: 1, MaxUnit: total, StepSize: 1, AllocationRatio: 1,
	}
	s.UsageMap[provider][class] = 0
}

// Hold gives a consumer an amount of a class on a provider, at consumer generation 1.
func Hold(s *snapshot.Snapshot, consumer, provider, class string, amount int) {
	s.UsageMap[provider][class] += amount
	for _, a := range s.AllocationList {
		if a.ConsumerUUID == consumer && a.ProviderUUID == provider {
			a.Resources[class] += amount
			return
		}
	}
	s.AllocationList = append(s.AllocationList, openstack.Allocation{
		ConsumerUUID: consumer, ConsumerGeneration: 1, ProviderUUID: provider, Resources: map[string]int{class: amount},
	})
}

// Release takes all that a consumer holds.
func Release(s *snapshot.Snapshot, consumer string) {
	s.AllocationList = slices.DeleteFunc(s.AllocationList, func(a openstack.Allocation) bool {
		if a.ConsumerUUID != consumer {
			return false
		}
		for class, amount := range a.Resources {
			s.UsageMap[a.ProviderUUID][class] -= amount
		}
		return true
	})
}

// LookTwice gives the snapshot a second look at all that the checks suspect, with nothing changed in between.
func LookTwice(s *snapshot.Snapshot, checks ...*check.Check) {
	suspects := check.Suspects(s, checks, check.Defaults())
	look := &snapshot.Look{
		Services: s.ServiceList, Parts: map[snapshot.Part]snapshot.Status{snapshot.Services: s.Parts[snapshot.Services]},
		Owners:  map[string]openstack.Owner{},
		TakenAt: s.TakenAt.Add(10 * time.Second), Consumers: map[string][]openstack.Allocation{},
		Types: map[string]string{}, Servers: map[string]*openstack.Server{}, Providers: map[string]*snapshot.ProviderLook{},
	}
	for _, uuid := range suspects.Consumers {
		look.Consumers[uuid], look.Types[uuid] = slices.Clone(s.Held(uuid)), "unknown"
		look.Servers[uuid] = nil
		if server, ok := s.Server(uuid); ok {
			look.Servers[uuid] = &server
		}
	}
	for _, o := range s.IncompleteList {
		look.Owners[o.ConsumerUUID] = o
	}
	for _, uuid := range suspects.Providers {
		look.Providers[uuid] = nil
		p, ok := s.Provider(uuid)
		if !ok {
			continue
		}
		look.Providers[uuid] = lookAt(s, p)
	}
	s.Second = look
}

// agree makes what providers show of consumers what those consumers show: nothing changes between the two readings of one
// look.
func agree(l *snapshot.Look) {
	for uuid, p := range l.Providers {
		if p == nil {
			continue
		}
		p.Allocations = slices.DeleteFunc(p.Allocations, func(a openstack.Allocation) bool {
			_, looked := l.Consumers[a.ConsumerUUID]
			return looked
		})
		for _, held := range l.Consumers {
			elsewhere := func(a openstack.Allocation) bool { return a.ProviderUUID != uuid }
			p.Allocations = append(p.Allocations, slices.DeleteFunc(slices.Clone(held), elsewhere)...)
		}
	}
}

// lookAt is what a second look sees of a provider that nobody has changed.
func lookAt(s *snapshot.Snapshot, p openstack.Provider) *snapshot.ProviderLook {
	look := &snapshot.ProviderLook{
		Provider: p, Inventories: s.InventoryMap[p.UUID], Usages: s.UsageMap[p.UUID],
		Allocations: append([]openstack.Allocation{}, s.HeldOn(p.UUID)...), Traits: []string{}, Aggregates: s.MembershipMap[p.UUID],
	}
	for trait, holders := range s.TraitHolders {
		if slices.Contains(holders, p.UUID) {
			look.Traits = append(look.Traits, trait)
		}
	}
	return look
}

// Case is one snapshot and what the check is to say about it.
type Case struct {
	Name string
	// Change makes the case from the healthy cloud.
	Change func(*snapshot.Snapshot)
	// Between changes what the second look sees; nil if nothing changed.
	Between func(*snapshot.Look)
	// Want lists the UUIDs of the findings' subjects; none for a quiet case.
	Want []string
	// NotJudged lists the UUIDs that the check says it leaves alone.
	NotJudged []string
}

// Run runs the cases, and the healthy cloud as one more.
func Run(t *testing.T, c *check.Check, cases []Case) {
	t.Helper()
	if !slices.ContainsFunc(cases, func(tc Case) bool { return len(tc.Want) == 0 }) {
		t.Errorf("%s has no quiet case: add one without Want, close to where it finds something", c.ID)
	}
	cases = append(cases, Case{Name: "a healthy cloud", Change: func(*snapshot.Snapshot) {}})
	for _, tc := range cases {
		t.Run(tc.Name, func(t *testing.T) {
			s := Cloud()
			tc.Change(s)
			LookTwice(s, c)
			if tc.Between != nil {
				tc.Between(s.Second)
				agree(s.Second)
			}
			v := check.Run(s, []*check.Check{c}, check.Defaults())
			if !v.Complete() {
				t.Fatalf("not run: %v", v.NotRun)
			}
			var got, left []string
			for _, f := range v.Findings {
				got = append(got, f.Subject.UUID)
				remedy(t, f)
			}
			for _, n := range v.NotJudged {
				left = append(left, n.Examples...)
			}
			if !slices.Equal(got, tc.Want) {
				t.Errorf("found %v, want %v", got, tc.Want)
			}
			if !slices.Equal(left, tc.NotJudged) {
				t.Errorf("not judged %v, want %v", left, tc.NotJudged)
			}
		})
	}
}
