// SPDX-License-Identifier: Apache-2.0

package disabledtrait_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/disabledtrait"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const second = "c0000000-0000-4000-8000-000000000002"

// host makes cn1 one with that status and state, with the trait or without.
func host(status, state string, trait bool) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.ServiceList[0].Status, s.ServiceList[0].State = status, state
		s.TraitHolders[snapshot.TraitDisabled] = []string{}
		if trait {
			s.TraitHolders[snapshot.TraitDisabled] = []string{checktest.Compute}
		}
	}
}

func TestDisabledTrait(t *testing.T) {
	cn1 := []string{checktest.Compute}
	checktest.Run(t, disabledtrait.Check(), []checktest.Case{
		{Name: "disabled without the trait", Change: host("disabled", "up", false), Want: cn1},
		{Name: "disabled with the trait", Change: host("disabled", "up", true)},
		{Name: "enabled with the trait", Change: host("enabled", "up", true), Want: cn1},
		{Name: "disabled without the trait, but down", Change: host("disabled", "down", false), NotJudged: cn1},
		{Name: "enabled with the trait, but down", Change: host("enabled", "down", true), NotJudged: cn1},
		{Name: "disabled with the trait, and down", Change: host("disabled", "down", true)},
	})
}

func TestDisabledTraitBeforeTrain(t *testing.T) {
	cn1 := []string{checktest.Compute}
	checktest.Run(t, disabledtrait.Check(), []checktest.Case{
		{
			Name: "a nova-compute older than Train",
			Change: func(s *snapshot.Snapshot) {
				host("disabled", "up", false)(s)
				s.TraitHolders[snapshot.TraitComputeNode] = []string{}
			}, NotJudged: cn1,
		},
		{
			Name: "a Placement that does not know the trait",
			Change: func(s *snapshot.Snapshot) {
				host("disabled", "up", false)(s)
				delete(s.TraitHolders, snapshot.TraitDisabled)
			},
		},
	})
}

func TestDisabledTraitOfOneNode(t *testing.T) {
	checktest.Run(t, disabledtrait.Check(), []checktest.Case{
		{
			Name: "another service of the host is disabled",
			Change: func(s *snapshot.Snapshot) {
				s.ServiceList = append(s.ServiceList, openstack.ComputeService{
					Binary: "nova-conductor", Host: "cn1", State: "up", Status: "disabled",
				})
			},
		},
		{
			Name:   "a compute node whose service is gone",
			Change: func(s *snapshot.Snapshot) { host("enabled", "up", true)(s); s.ServiceList = nil },
		},
		{
			Name: "one of two bare-metal nodes of a disabled host",
			Change: func(s *snapshot.Snapshot) {
				host("disabled", "up", true)(s)
				checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "node2"}, "CUSTOM_BAREMETAL", 1)
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "node2", ServiceHost: "cn1", State: "up"})
				s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], second)
			}, Want: []string{second},
		},
		{
			Name:   "a compute node without provider",
			Change: func(s *snapshot.Snapshot) { host("disabled", "up", false)(s); s.ProviderList = s.ProviderList[1:] },
		},
	})
}

func TestDisabledTraitAtTheSecondLook(t *testing.T) {
	cn1 := []string{checktest.Compute}
	checktest.Run(t, disabledtrait.Check(), []checktest.Case{
		{
			Name: "the trait is set between the looks", Change: host("disabled", "up", false),
			Between: func(l *snapshot.Look) {
				l.Providers[checktest.Compute].Traits = []string{snapshot.TraitComputeNode, snapshot.TraitDisabled}
			},
		},
		{
			Name: "the trait is taken away between the looks", Change: host("enabled", "up", true),
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute].Traits = []string{snapshot.TraitComputeNode} },
		},
		{
			Name: "the service is enabled again between the looks", Change: host("disabled", "up", false),
			Between: func(l *snapshot.Look) {
				l.Services = []openstack.ComputeService{{Binary: "nova-compute", Host: "cn1", State: "up", Status: "enabled"}}
			},
		},
		{
			Name: "the service goes down between the looks", Change: host("disabled", "up", false),
			Between: func(l *snapshot.Look) {
				l.Services = []openstack.ComputeService{{Binary: "nova-compute", Host: "cn1", State: "down", Status: "disabled"}}
			}, NotJudged: cn1,
		},
	})
}
