// SPDX-License-Identifier: Apache-2.0

package staleprovider_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/staleprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const old = "c0000000-0000-4000-8000-000000000009"

// add adds a root, and with the trait that makes it a compute service's.
func add(name, class string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: old, Name: name}, class, 10)
		s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], old)
	}
}

// addPlain adds a root without any trait.
func addPlain(name, class string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: old, Name: name}, class, 10)
	}
}

func TestStaleProvider(t *testing.T) {
	checktest.Run(t, staleprovider.Check(), []checktest.Case{
		{Name: "a host that is gone", Change: add("cn9", "VCPU"), Want: []string{old}},
		{Name: "a host without inventory", Change: add("cn9", ""), Want: []string{old}},
		{Name: "another service's host", Change: addPlain("zun1", "VCPU"), NotJudged: []string{old}},
		{
			Name: "no provider has the trait: nova-compute is older",
			Change: func(s *snapshot.Snapshot) {
				addPlain("cn9", "VCPU")(s)
				delete(s.TraitHolders, snapshot.TraitComputeNode)
			}, Want: []string{old},
		},
		{Name: "another domain's name of a live host", Change: add("cn1.old.example.com", "VCPU"), Want: []string{old}},
		{Name: "the name of a live hypervisor under another UUID", Change: add("cn1", "MEMORY_MB"), Want: []string{old}},
		{Name: "no compute service ever offered this", Change: addPlain("fpga-box", "CUSTOM_FPGA")},
	})
}

func TestStaleProviderInTrees(t *testing.T) {
	checktest.Run(t, staleprovider.Check(), []checktest.Case{
		{
			Name: "nested",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{
					UUID: old, Name: "cn1_numa0", ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
				}, "VCPU", 4)
			},
		},
		{
			Name: "sharing",
			Change: func(s *snapshot.Snapshot) {
				add("shared-memory", "MEMORY_MB")(s)
				s.TraitHolders[snapshot.TraitSharing] = append(s.TraitHolders[snapshot.TraitSharing], old)
			},
		},
	})
}

func TestStaleProviderBesideServices(t *testing.T) {
	checktest.Run(t, staleprovider.Check(), []checktest.Case{
		{
			Name: "a new host that is not mapped to its cell yet, under any name",
			Change: func(s *snapshot.Snapshot) {
				add("srv123.dc", "VCPU")(s)
				s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "cn9", State: "up"})
			}, NotJudged: []string{old},
		},
		{
			Name: "a host that is not mapped to its cell has a root of its name: this one is another's",
			Change: func(s *snapshot.Snapshot) {
				const own = "c0000000-0000-4000-8000-000000000008"
				add("srv123.dc", "VCPU")(s)
				checktest.AddProvider(s, openstack.Provider{UUID: own, Name: "cn9.dc"}, "VCPU", 10)
				s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], own)
				s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "cn9", State: "up"})
			}, Want: []string{old}, NotJudged: []string{"c0000000-0000-4000-8000-000000000008"},
		},
		{
			Name: "a service that is down and has no compute node any more",
			Change: func(s *snapshot.Snapshot) {
				add("cn9", "VCPU")(s)
				s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "cn9", State: "down"})
			}, Want: []string{old},
		},
	})
}

func TestStaleProviderAtTheSecondLook(t *testing.T) {
	checktest.Run(t, staleprovider.Check(), []checktest.Case{
		{
			Name: "deleted between the looks", Change: add("cn9", "VCPU"),
			Between: func(l *snapshot.Look) { l.Providers[old] = nil },
		},
		{
			Name: "its compute node appears between the looks", Change: add("cn9", "VCPU"),
			Between: func(l *snapshot.Look) {
				l.Parts = map[snapshot.Part]snapshot.Status{snapshot.Hypervisors: {Read: true}}
				l.Hypervisors = []openstack.Hypervisor{{UUID: old, Name: "cn9", ServiceHost: "cn9"}}
			},
		},
	})
}

// A provider that is still in use is not to be deleted just like that, and the finding says so.
func TestHeldProviderIsNamed(t *testing.T) {
	s, c := checktest.Cloud(), staleprovider.Check()
	add("cn1", "VCPU")(s)
	checktest.Hold(s, checktest.Server, old, "VCPU", 2)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	if !strings.Contains(f.Message, "VCPU 2") || !strings.HasPrefix(f.Remedy.Text, "See who holds resources") || deletes(f) {
		t.Errorf("message %q, remedy %+v: want both to speak of what is held", f.Message, f.Remedy)
	}
	holders, _ := f.Evidence["holders"].([]map[string]any)
	if len(holders) != 1 {
		t.Fatalf("holders %v", holders)
	}
	holder := holders[0]
	if holder["server_name"] != "s1" || holder["server_status"] != "ACTIVE" || holder["host"] != "cn1" {
		t.Errorf("holder %v", holder)
	}
	if f.Evidence["hypervisor_of_that_name"] != checktest.Compute {
		t.Errorf("evidence %v does not name the live hypervisor of that name", f.Evidence)
	}
}

func deletes(f check.Finding) bool {
	return strings.Contains(f.Remedy.Command, "delete") || strings.Contains(strings.ToLower(f.Remedy.Text), "delete")
}

// Of two roots of which nothing shows that they were this Nova's, neither is to be deleted. What Nova shows of one tells.
func TestUnproven(t *testing.T) {
	const other = "c0000000-0000-4000-8000-000000000008"
	two := func(s *snapshot.Snapshot) {
		add("region2-c1", "VCPU")(s)
		checktest.AddProvider(s, openstack.Provider{UUID: other, Name: "region2-c2"}, "VCPU", 10)
		s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], other)
	}
	for name, tc := range map[string]struct {
		change  func(*snapshot.Snapshot)
		deletes bool
	}{
		"two": {two, false},
		"one": {add("region2-c1", "VCPU"), true},
		"a move's end": {func(s *snapshot.Snapshot) {
			two(s)
			s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: "gone", Status: "done", SourceHost: "region2-c2"}}
		}, true},
		"a server's own":  {func(s *snapshot.Snapshot) { two(s); s.ServerList[0].Host = "region2-c2" }, true},
		"in an aggregate": {func(s *snapshot.Snapshot) { two(s); s.MembershipMap[other] = []string{checktest.Aggregate} }, true},
	} {
		s, c := checktest.Cloud(), staleprovider.Check()
		tc.change(s)
		checktest.LookTwice(s, c)
		for _, f := range check.Run(s, []*check.Check{c}, check.Defaults()).Findings {
			n, unproven := f.Evidence["unproven_roots"]
			if f.Subject.UUID == old && (deletes(f) != tc.deletes || unproven == tc.deletes) {
				t.Errorf("%s: %+v, %v unproven", name, f.Remedy, n)
			}
		}
	}
}

// Only a provider that was seen to hold nothing, and under which nothing is, is to be deleted.
func TestDeletion(t *testing.T) {
	child := func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: "child", Name: "cn9_gpu0", ParentUUID: old, RootUUID: old}, "VGPU", 4)
	}
	for name, tc := range map[string]struct {
		change    func(*snapshot.Snapshot)
		held, end string // what the message says is held, how the command ends
	}{
		"empty":           {func(*snapshot.Snapshot) {}, "", "provider delete " + old},
		"used":            {func(s *snapshot.Snapshot) { checktest.Hold(s, "c", old, "VCPU", 2) }, "VCPU 2", "--allocations " + old},
		"with a child":    {child, "", "--in-tree=" + old},
		"a child is used": {func(s *snapshot.Snapshot) { child(s); checktest.Hold(s, "c", "child", "VGPU", 1) }, "", "--allocations child"},
		"its inventory is gone beneath the allocation": {func(s *snapshot.Snapshot) {
			checktest.Hold(s, "c", old, "VCPU", 2)
			s.InventoryMap[old], s.UsageMap[old] = map[string]openstack.Inventory{}, map[string]int{}
		}, "VCPU 2", "--allocations " + old},
		"the allocations were not read": {func(s *snapshot.Snapshot) { s.MarkFailed(snapshot.Allocations, "503") }, "", "--allocations " + old},
	} {
		s, c := checktest.Cloud(), staleprovider.Check()
		add("cn9", "VCPU")(s)
		tc.change(s)
		if s.Parts[snapshot.Allocations].Read {
			checktest.LookTwice(s, c)
		} else {
			s.Second = &snapshot.Look{Providers: map[string]*snapshot.ProviderLook{old: {
				Provider: openstack.Provider{UUID: old, Name: "cn9", RootUUID: old}, Traits: []string{snapshot.TraitComputeNode},
			}}}
		}
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		if !strings.HasSuffix(f.Remedy.Command, tc.end) || deletes(f) != strings.Contains(tc.end, "delete") {
			t.Errorf("%s: remedy %+v", name, f.Remedy)
		}
		if strings.Contains(f.Message, "but holds") != (tc.held != "") || !strings.Contains(f.Message, tc.held) {
			t.Errorf("%s: message %q", name, f.Message)
		}
	}
}

// A compute service of that name that is down is told, and its provider is kept.
func TestServiceDown(t *testing.T) {
	for host, kept := range map[string]bool{"cn9": true, "cn9.example.com": true, "cn8": false} {
		s, c := checktest.Cloud(), staleprovider.Check()
		add("cn9", "VCPU")(s)
		s.ServiceList = append(s.ServiceList, openstack.ComputeService{UUID: "s9", Binary: "nova-compute", Host: host, State: "down"})
		checktest.LookTwice(s, c)
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		told := strings.Contains(f.Message, "compute service of host "+host+", which is down")
		if deletes := strings.Contains(f.Remedy.Command, "provider delete"); told != kept || deletes == kept {
			t.Errorf("%s: %s %+v", host, f.Message, f.Remedy)
		}
	}
}
