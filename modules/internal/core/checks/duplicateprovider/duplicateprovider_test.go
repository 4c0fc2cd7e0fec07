// SPDX-License-Identifier: Apache-2.0

package duplicateprovider_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/duplicateprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const twin = "c0000000-0000-4000-8000-000000000007"

// root adds a compute root that no hypervisor stands behind.
func root(name string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: twin, Name: name}, "VCPU", 10)
		s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], twin)
	}
}

// node adds a compute root with a hypervisor of host cn1, or of another host.
func node(name, host, kind string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		root(name)(s)
		s.HypervisorList[0].Type = kind
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: twin, Name: name, ServiceHost: host, Type: kind})
	}
}

// sites makes these the compute nodes, and cn1.c a root without one.
func sites(alive ...string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.ProviderList[0].Name, s.HypervisorList[0].Name, s.HypervisorList[0].ServiceHost = alive[0], alive[0], alive[0]
		for _, name := range alive[1:] {
			s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: name, Name: name, ServiceHost: name})
		}
		root("cn1.c")(s)
	}
}

func TestDuplicateProvider(t *testing.T) {
	checktest.Run(t, duplicateprovider.Check(), []checktest.Case{
		{Name: "the full name of a live host", Change: root("cn1.example.com"), Want: []string{twin}},
		{Name: "in capitals", Change: root("CN1.example.com"), Want: []string{twin}},
		{Name: "another host", Change: root("cn10")},
		{Name: "the same name: that is a uuid-mismatch", Change: root("cn1")},
		{Name: "two compute nodes of one host", Change: node("cn1.example.com", "cn1", "QEMU"), Want: []string{checktest.Compute}},
		{Name: "two hosts of one name in two domains", Change: node("cn1.b.example.com", "cn1.b.example.com", "QEMU")},
		{Name: "a dead host of one site, its number alive in two others", Change: sites("cn1.a", "cn1.b"), NotJudged: []string{twin}},
		{Name: "a dead host of one of two sites", Change: sites("cn1.b", "cn2.b", "cn2.c"), NotJudged: []string{twin}},
		{Name: "a domain that changed, half of the hosts so far", Change: sites("cn1.b", "cn2.b", "cn3.c"), Want: []string{twin}},
		{Name: "bare metal", Change: node("cn1.node", "cn1", "ironic")},
		{
			Name: "addresses have no short form",
			Change: func(s *snapshot.Snapshot) {
				s.ProviderList[0].Name, s.HypervisorList[0].Name = "10.0.0.5", "10.0.0.5"
				root("10.0.0.77")(s)
			},
		},
		{
			Name: "no compute service's",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: twin, Name: "cn1.zun"}, "VCPU", 10)
			},
		},
	})
}

func TestDuplicateProviderAtTheSecondLook(t *testing.T) {
	checktest.Run(t, duplicateprovider.Check(), []checktest.Case{
		{
			Name: "deleted between the looks", Change: root("cn1.example.com"),
			Between: func(l *snapshot.Look) { l.Providers[twin] = nil },
		},
	})
}

// A provider whose compute node Nova still has can't be deleted to good effect: nova-compute has to be registered anew.
func TestRemedy(t *testing.T) {
	for _, tc := range []struct {
		change  func(*snapshot.Snapshot)
		deletes bool
	}{{root("cn1.example.com"), true}, {node("cn1.example.com", "cn1", "QEMU"), false}} {
		s := checktest.Cloud()
		tc.change(s)
		checktest.LookTwice(s, duplicateprovider.Check())
		findings := check.Run(s, []*check.Check{duplicateprovider.Check()}, check.Defaults()).Findings
		if len(findings) != 1 {
			t.Fatalf("found %v", findings)
		}
		r := findings[0].Remedy
		if strings.Contains(r.Command, "provider delete "+twin) != tc.deletes || strings.Contains(r.Text, "delete its service") == tc.deletes {
			t.Errorf("remedy %+v", r)
		}
	}
}
