// SPDX-License-Identifier: Apache-2.0

package triage_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
)

const (
	cn2, lost   = "c0000000-0000-4000-8000-000000000002", "c0000000-0000-4000-8000-000000000003"
	numa, pci   = "e0000000-0000-4000-8000-000000000001", "e0000000-0000-4000-8000-000000000002"
	s3          = "50000000-0000-4000-8000-000000000003"
	s2, move    = "50000000-0000-4000-8000-000000000002", "70000000-0000-4000-8000-000000000001"
	old, orphan = "c0000000-0000-4000-8000-000000000009", "b0000000-0000-4000-8000-000000000001"
)

// cloud is two hosts of rack1 and rack2, cn1 with a NUMA node and a device in it, what the old name of cn2 left behind,
// a compute node without a provider, a server that moves from cn2, and one on a host of rack2 that Nova does not show.
func cloud() *snapshot.Snapshot {
	s := checktest.Cloud()
	checktest.AddProvider(s, openstack.Provider{UUID: cn2, Name: "cn2.new.org"}, "VCPU", 10)
	checktest.AddProvider(s, openstack.Provider{UUID: numa, Name: "cn1_NUMA", ParentUUID: checktest.Compute, RootUUID: checktest.Compute}, "", 0)
	checktest.AddProvider(s, openstack.Provider{UUID: pci, Name: "cn1_PCI", ParentUUID: numa, RootUUID: checktest.Compute}, "VGPU", 1)
	checktest.AddProvider(s, openstack.Provider{UUID: old, Name: "CN2.old.org"}, "VCPU", 10)
	s.HypervisorList = append(s.HypervisorList,
		openstack.Hypervisor{UUID: cn2, Name: "cn2.new.org", ServiceHost: "cn2", State: "up"},
		openstack.Hypervisor{UUID: lost, Name: "cn3", ServiceHost: "cn3", State: "up"})
	s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "cn4"},
		openstack.ComputeService{Binary: "nova-scheduler", Host: "ctl1"})
	s.AggregateList = append(s.AggregateList, openstack.Aggregate{ID: 2, UUID: "A0000000-0000-4000-8000-000000000002", Name: "rack2", Hosts: []string{"cn2", "away"}})
	s.ServerList = append(s.ServerList, openstack.Server{UUID: s2, Name: "s2", Host: "cn2", Node: "cn2.new.org"},
		openstack.Server{UUID: s3, Name: "s3", Host: "away", Node: "away"})
	s.MigrationList = []openstack.Migration{{UUID: move, ServerUUID: s2, SourceHost: "cn2", DestHost: "cn3"}}
	checktest.Hold(s, orphan, pci, "VGPU", 1)
	return s
}

func subjects() map[string]check.Subject {
	of := func(kind check.SubjectType, uuid string) check.Subject { return check.Subject{Type: kind, UUID: uuid} }
	return map[string]check.Subject{
		"cn1": of(check.OfProvider, checktest.Compute), "cn2": of(check.OfProvider, cn2), "numa": of(check.OfProvider, numa),
		"pci": of(check.OfProvider, pci), "old": of(check.OfProvider, old), "cn3": of(check.OfProvider, lost),
		"ceph": of(check.OfProvider, checktest.Storage), "s1": of(check.OfServer, checktest.Server), "s2": of(check.OfServer, s2),
		"s3":     of(check.OfServer, s3),
		"orphan": of(check.OfConsumer, orphan), "move": of(check.OfConsumer, move), "cell": of(check.OfCell, ""),
	}
}

type scopeCase struct {
	names triage.Names
	want  []string // beside the cell, which is always in it
}

func TestScope(t *testing.T) {
	inScope(t, map[string]scopeCase{
		"a provider by name":      {triage.Names{Providers: []string{"CN1"}}, []string{"cn1", "numa", "orphan", "pci", "s1"}},
		"a provider by UUID":      {triage.Names{Providers: []string{cn2}}, []string{"cn2", "move", "s2"}},
		"a nested provider":       {triage.Names{Providers: []string{"cn1_NUMA"}}, []string{"numa", "orphan", "pci"}},
		"shared storage":          {triage.Names{Providers: []string{"ceph"}}, []string{"ceph", "s1"}},
		"a node without provider": {triage.Names{Providers: []string{"cn3"}}, []string{"cn3"}},
		"a host":                  {triage.Names{Hosts: []string{"cn1"}}, []string{"cn1", "numa", "orphan", "pci", "s1"}},
		"a host with an old name": {triage.Names{Hosts: []string{"cn2"}}, []string{"cn2", "move", "old", "s2"}},
		"where something goes to": {triage.Names{Hosts: []string{"cn3"}}, []string{"cn3", "move"}},
		"a host without node":     {triage.Names{Hosts: []string{"cn4"}}, nil},
		"an aggregate by name":    {triage.Names{Aggregates: []string{"rack2"}}, []string{"cn2", "move", "old", "s2", "s3"}},
		"an aggregate by number":  {triage.Names{Aggregates: []string{"2"}}, []string{"cn2", "move", "old", "s2", "s3"}},
		"an aggregate by UUID":    {triage.Names{Aggregates: []string{checktest.Aggregate}}, []string{"cn1", "numa", "orphan", "pci", "s1"}},
		"several":                 {triage.Names{Providers: []string{"ceph"}, Hosts: []string{"cn3"}}, []string{"ceph", "cn3", "move", "s1"}},
	})
}

func inScope(t *testing.T, cases map[string]scopeCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			scope, unknown := c.names.Resolve(cloud())
			got := []string{}
			for name, subject := range subjects() {
				if scope.Holds(subject) {
					got = append(got, name)
				}
			}
			slices.Sort(got)
			want := append([]string{"cell"}, c.want...)
			slices.Sort(want)
			if !slices.Equal(got, want) || unknown != nil {
				t.Errorf("got %v, want %v; unknown %v", got, want, unknown)
			}
		})
	}
}

func TestUnknownNames(t *testing.T) {
	_, unknown := triage.Names{
		Providers: []string{"cn1", "cn9", "x"}, Hosts: []string{"ctl1", "cn2"}, Aggregates: []string{"rack9", "rack1"},
	}.Resolve(cloud())
	want := []triage.Unknown{{"providers", []string{"cn9", "x"}}, {"hosts", []string{"ctl1"}}, {"aggregates", []string{"rack9"}}}
	if !slices.EqualFunc(unknown, want, func(a, b triage.Unknown) bool {
		return a.Option == b.Option && slices.Equal(a.Names, b.Names)
	}) {
		t.Errorf("unknown %v", unknown)
	}
}

// What tells who is in the scope and could not be read makes the checks not run: they are not quiet, and no name counts as
// unknown. A cell that is down is found all the same.
func TestUnreadScope(t *testing.T) {
	names := triage.Names{Aggregates: []string{"rack9"}}
	for _, part := range []snapshot.Part{snapshot.Providers, snapshot.Hypervisors, snapshot.Aggregates, snapshot.Allocations, snapshot.Servers} {
		s := cloud()
		s.MarkFailed(part, "403 Forbidden")
		scope, unknown := names.Resolve(s)
		ofConsumers := part == snapshot.Allocations || part == snapshot.Servers
		for kind, runs := range map[check.SubjectType]bool{check.OfProvider: ofConsumers, check.OfServer: false, check.OfConsumer: false, check.OfCell: true} {
			quiet := &check.Check{ID: "PLC1", Subject: kind, Run: func(*check.Pass) {}}
			if v := check.Run(s, names.Limit([]*check.Check{quiet}, scope), check.Defaults()); v.Complete() != runs {
				t.Errorf("without %s a check of %s: not run %v", part, kind, v.NotRun)
			}
		}
		if !ofConsumers && unknown != nil {
			t.Errorf("without %s unknown: %v", part, unknown)
		}
	}
}

// Without names the checks are what they were.
func TestNoScope(t *testing.T) {
	all := []*check.Check{{ID: "PLC1"}}
	if limited := (triage.Names{}).Limit(all, nil); limited[0] != all[0] {
		t.Error("a check was changed")
	}
}
