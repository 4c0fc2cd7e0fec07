// SPDX-License-Identifier: Apache-2.0

package ratiodrift_test

import (
	"fmt"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/ratiodrift"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func uuid(n int) string { return fmt.Sprintf("c0000000-0000-4000-8000-00000000000%d", n) }
func host(n int) string { return fmt.Sprintf("cn%d", n) }

// hosts makes host cn1 and others, all in rack1, with these ratios of VCPU.
func hosts(ratios ...float64) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.AggregateList[0].Hosts = nil
		for i, ratio := range ratios {
			n := i + 1
			if n > 1 {
				checktest.AddProvider(s, openstack.Provider{UUID: uuid(n), Name: host(n)}, "MEMORY_MB", 10)
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{
					UUID: uuid(n), Name: host(n), ServiceHost: host(n), Type: "QEMU", State: "up",
				})
			}
			s.InventoryMap[uuid(n)]["VCPU"] = with(ratio)
			s.AggregateList[0].Hosts = append(s.AggregateList[0].Hosts, host(n))
		}
	}
}

func with(ratio float64) openstack.Inventory {
	return openstack.Inventory{Total: 10, MinUnit: 1, MaxUnit: 10, StepSize: 1, AllocationRatio: ratio}
}

// and adds an aggregate of some of the hosts.
func and(before func(*snapshot.Snapshot), members ...int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		before(s)
		a := openstack.Aggregate{ID: 2, UUID: "small", Name: "small"}
		for _, n := range members {
			a.Hosts = append(a.Hosts, host(n))
		}
		s.AggregateList = append(s.AggregateList, a)
	}
}

func changed(before, change func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		before(s)
		change(s)
	}
}

func TestRatioDrift(t *testing.T) {
	checktest.Run(t, ratiodrift.Check(), []checktest.Case{
		{Name: "one of three", Change: hosts(16, 4, 16), Want: []string{uuid(2)}},
		{Name: "all alike", Change: hosts(16, 16, 16)},
		{Name: "one of two: the lower ratio is the usual", Change: hosts(4, 16), Want: []string{uuid(2)}},
		{Name: "and in the other order", Change: hosts(16, 4), Want: []string{uuid(1)}},
		{Name: "two of four: the lower ratio is the usual", Change: hosts(16, 4, 16, 4), Want: []string{uuid(1), uuid(3)}},
		{Name: "alike in single precision", Change: hosts(1.2, 1.2000000476837158, 1.2)},
		{Name: "not alike in the sixth digit", Change: hosts(1.2, 1.20001, 1.2), Want: []string{uuid(2)}},
		{Name: "a single host", Change: hosts(16)},
		{
			Name:   "not in an aggregate",
			Change: changed(hosts(16, 4, 16), func(s *snapshot.Snapshot) { s.AggregateList = nil }),
		},
		{
			Name:   "the only one that offers the class",
			Change: changed(hosts(16, 16), func(s *snapshot.Snapshot) { s.InventoryMap[uuid(1)]["PCPU"] = with(1) }),
		},
		{Name: "a group in the aggregate that has its ratio in common", Change: and(hosts(16, 16, 16, 4, 4), 4, 5)},
		{Name: "a group of one has nothing in common", Change: and(hosts(16, 16, 16, 4, 4), 4), Want: []string{uuid(4), uuid(5)}},
		{Name: "two that differ are no group", Change: and(hosts(16, 16, 16, 4), 1, 4), Want: []string{uuid(1), uuid(4)}},
		{Name: "usual in the large one, odd in the small one", Change: and(hosts(16, 16, 16, 4, 4), 3, 4, 5), Want: []string{uuid(3)}},
		{
			Name:   "bare metal by its hypervisor",
			Change: changed(hosts(16, 4, 16), func(s *snapshot.Snapshot) { s.HypervisorList[1].Type = "ironic" }),
		},
		{
			Name: "bare metal by its inventory",
			Change: changed(hosts(16, 4, 16), func(s *snapshot.Snapshot) {
				metal := openstack.Inventory{Total: 1, MaxUnit: 1, AllocationRatio: 1}
				for n := 1; n <= 3; n++ {
					s.InventoryMap[uuid(n)] = map[string]openstack.Inventory{"CUSTOM_METAL": metal}
				}
				metal.AllocationRatio = 2
				s.InventoryMap[uuid(2)]["CUSTOM_METAL"] = metal
			}),
		},
		{
			Name:   "a host without provider",
			Change: changed(hosts(16, 4), func(s *snapshot.Snapshot) { s.ProviderList = s.ProviderList[:2] }),
		},
	})
}

func TestRatioDriftAtTheSecondLook(t *testing.T) {
	checktest.Run(t, ratiodrift.Check(), []checktest.Case{
		{
			Name: "set right between the looks", Change: hosts(16, 4, 16),
			Between: func(l *snapshot.Look) {
				l.Providers[uuid(2)].Inventories = map[string]openstack.Inventory{"VCPU": with(16)}
			},
		},
		{
			Name: "taken out of the aggregate between the looks", Change: hosts(16, 4, 16),
			Between: func(l *snapshot.Look) {
				l.Parts[snapshot.Aggregates] = snapshot.Status{Read: true}
				l.Aggregates = []openstack.Aggregate{{Name: "rack1", Hosts: []string{"cn1", "cn3"}}}
			},
		},
	})
}

func TestEvidence(t *testing.T) {
	s, c := checktest.Cloud(), ratiodrift.Check()
	hosts(16, 4, 16)(s)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	ratios, _ := f.Evidence["ratios"].([]map[string]any)
	if len(ratios) != 1 || ratios[0]["usual_ratio"] != 16.0 || ratios[0]["allocation_ratio"] != 4.0 ||
		ratios[0]["hosts_with_it"] != 2 || ratios[0]["hosts"] != 3 || ratios[0]["class"] != "VCPU" {
		t.Errorf("evidence %v", ratios)
	}
}

// A ratio that is odd in a small aggregate and in a large one is told of both.
func TestOddInBoth(t *testing.T) {
	s, c := checktest.Cloud(), ratiodrift.Check()
	and(hosts(16, 4, 16, 16), 1, 2, 3)(s)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	if ratios, _ := f.Evidence["ratios"].([]map[string]any); len(ratios) != 2 {
		t.Errorf("evidence %v", ratios)
	}
}
