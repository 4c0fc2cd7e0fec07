// SPDX-License-Identifier: Apache-2.0

package missingownertrait_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingownertrait"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const (
	second = "c0000000-0000-4000-8000-000000000002"
	node   = snapshot.TraitComputeNode
	owner  = snapshot.TraitOwner
)

// with adds cn2 with these traits to cn1, which has COMPUTE_NODE and OWNER_NOVA.
func with(state string, traits ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2", State: state})
		s.TraitHolders[snapshot.TraitOwner] = []string{checktest.Compute}
		for _, trait := range traits {
			s.TraitHolders[trait] = append(s.TraitHolders[trait], second)
		}
	}
}

// nowhere takes a trait from all.
func nowhere(trait string, before func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		before(s)
		s.TraitHolders[trait] = []string{}
	}
}

// device adds a child of cn1, and says who has OWNER_NOVA.
func device(name string, owners ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{
			UUID: "child", Name: name, ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
		}, "VGPU", 1)
		s.TraitHolders[snapshot.TraitOwner] = owners
	}
}

func TestMissingOwnerTrait(t *testing.T) {
	cn2 := []string{second}
	checktest.Run(t, missingownertrait.Check(), []checktest.Case{
		{Name: "both", Change: with("up", node, owner)},
		{Name: "without OWNER_NOVA", Change: with("up", node), Want: cn2},
		{Name: "no compute node has OWNER_NOVA yet", Change: nowhere(owner, with("up", node))},
		{Name: "without COMPUTE_NODE", Change: with("up", owner), Want: cn2},
		{Name: "no compute node has COMPUTE_NODE", Change: nowhere(node, with("up", owner)), Want: []string{checktest.Compute, second}},
		{
			Name:   "no compute node has COMPUTE_NODE, and Nova may be older than it",
			Change: func(s *snapshot.Snapshot) { nowhere(node, with("up", owner))(s); s.Compute.Newest = "2.79" },
		},
		{Name: "none has it, and each nova-compute may be of 2026.2", Change: func(s *snapshot.Snapshot) {
			nowhere(owner, with("up", node))(s)
			s.Compute.Newest = "2.104"
		}, NotJudged: []string{checktest.Compute, second}},
		{
			Name: "a Placement that does not know OWNER_NOVA",
			Change: func(s *snapshot.Snapshot) {
				with("up", node)(s)
				delete(s.TraitHolders, owner)
			},
		},
		{Name: "without both, but down", Change: with("down"), NotJudged: cn2},
	})
}

func TestMissingOwnerTraitOfDevices(t *testing.T) {
	checktest.Run(t, missingownertrait.Check(), []checktest.Case{
		{Name: "a device", Change: device("cn1_0000:2F:00.0", checktest.Compute), Want: []string{"child"}},
		{Name: "a part of a GPU", Change: device("cn1_pci_0000_84_00_0", checktest.Compute), Want: []string{"child"}},
		{Name: "a device that has it", Change: device("cn1_0000:2F:00.0", checktest.Compute, "child")},
		{Name: "a device of a node that lacks it", Change: device("cn1_0000:2F:00.0")},
		{Name: "a node that lacks it, while its device has it", Change: device("cn1_0000:2F:00.0", "child"), Want: []string{checktest.Compute}},
		{Name: "another service's child", Change: device("cn1:Open vSwitch agent", checktest.Compute)},
	})
}

func TestMissingOwnerTraitOfOthers(t *testing.T) {
	checktest.Run(t, missingownertrait.Check(), []checktest.Case{
		{
			Name: "another service's host that has the trait does not count",
			Change: func(s *snapshot.Snapshot) {
				nowhere(owner, with("up", node))(s)
				s.TraitHolders[owner] = []string{checktest.Storage}
			},
		},
		{
			Name: "a nested provider",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: "child", Name: "c", ParentUUID: checktest.Compute, RootUUID: checktest.Compute}, "VGPU", 1)
			},
		},
		{
			Name:   "a compute node without provider",
			Change: func(s *snapshot.Snapshot) { with("up")(s); s.ProviderList = s.ProviderList[:2] },
		},
	})
}

func TestMissingOwnerTraitAtTheSecondLook(t *testing.T) {
	cn2 := []string{second}
	checktest.Run(t, missingownertrait.Check(), []checktest.Case{
		{
			Name: "set between the looks", Change: with("up", node),
			Between: func(l *snapshot.Look) { l.Providers[second].Traits = []string{node, owner} },
		},
		{
			Name: "its nova-compute goes down between the looks", Change: with("up", node),
			Between: func(l *snapshot.Look) {
				l.Parts[snapshot.Hypervisors] = snapshot.Status{Read: true}
				l.Hypervisors = []openstack.Hypervisor{
					{UUID: checktest.Compute, Name: "cn1", ServiceHost: "cn1", State: "up"},
					{UUID: second, Name: "cn2", ServiceHost: "cn2", State: "down"},
				}
			}, NotJudged: cn2,
		},
	})
}

func TestEvidence(t *testing.T) {
	s, c := checktest.Cloud(), missingownertrait.Check()
	with("up")(s)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	missing, _ := f.Evidence["missing"].([]string)
	have, _ := f.Evidence["compute_nodes_with"].(map[string]int)
	if !slices.Equal(missing, []string{"COMPUTE_NODE", "OWNER_NOVA"}) || have["OWNER_NOVA"] != 1 {
		t.Errorf("evidence %v", f.Evidence)
	}
}
