// SPDX-License-Identifier: Apache-2.0

package orphanedchild_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/orphanedchild"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/staleprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const (
	old   = "c0000000-0000-4000-8000-000000000009"
	child = "e0000000-0000-4000-8000-000000000001"
	leaf  = "e0000000-0000-4000-8000-000000000002"
)

// plain adds a root without any trait, and a provider below it.
func plain(class string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: old, Name: "cn9"}, class, 10)
		below(s, child, "cn9_gpu0", old, old)
	}
}

// stale adds a compute root that no compute node stands behind, and a provider below it.
func stale(s *snapshot.Snapshot) {
	plain("VCPU")(s)
	s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], old)
}

func below(s *snapshot.Snapshot, uuid, name, parent, root string) {
	checktest.AddProvider(s, openstack.Provider{UUID: uuid, Name: name, ParentUUID: parent, RootUUID: root}, "VGPU", 4)
}

func all(changes ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for _, change := range changes {
			change(s)
		}
	}
}

func TestOrphanedChild(t *testing.T) {
	checktest.Run(t, orphanedchild.Check(), []checktest.Case{
		{Name: "below a host that is gone", Change: stale, Want: []string{child}},
		{
			Name:   "two levels below it",
			Change: all(stale, func(s *snapshot.Snapshot) { below(s, leaf, "cn9_gpu0_pf0", child, old) }), Want: []string{child, leaf},
		},
		{
			Name:   "below a host that lives",
			Change: func(s *snapshot.Snapshot) { below(s, child, "cn1_gpu0", checktest.Compute, checktest.Compute) },
		},
		{Name: "below another service's host", Change: plain("VCPU"), NotJudged: []string{child}},
		{Name: "below what no compute service ever offered", Change: plain("CUSTOM_FPGA")},
		{
			Name:   "no provider has the trait: nova-compute is older",
			Change: all(plain("VCPU"), func(s *snapshot.Snapshot) { delete(s.TraitHolders, snapshot.TraitComputeNode) }), Want: []string{child},
		},
		{
			Name: "below a sharing provider",
			Change: all(stale, func(s *snapshot.Snapshot) {
				s.TraitHolders[snapshot.TraitSharing] = append(s.TraitHolders[snapshot.TraitSharing], old)
			}),
		},
		{
			Name: "Blazar's",
			Change: all(stale, func(s *snapshot.Snapshot) {
				s.ProviderList = slices.DeleteFunc(s.ProviderList, func(p openstack.Provider) bool { return p.UUID == child })
				below(s, child, "blazar_cn9", old, old)
			}), NotJudged: []string{child},
		},
		{
			Name: "a new host that is not mapped to its cell yet",
			Change: all(stale, func(s *snapshot.Snapshot) {
				s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "cn9", State: "up"})
			}), NotJudged: []string{child},
		},
		{
			Name:   "its root is not in the list",
			Change: func(s *snapshot.Snapshot) { below(s, child, "cn9_gpu0", old, old) },
		},
	})
}

func TestOrphanedChildAtTheSecondLook(t *testing.T) {
	checktest.Run(t, orphanedchild.Check(), []checktest.Case{
		{
			Name: "deleted between the looks", Change: stale,
			Between: func(l *snapshot.Look) { l.Providers[child] = nil },
		},
		{
			Name: "its compute node appears between the looks", Change: stale,
			Between: func(l *snapshot.Look) {
				l.Parts[snapshot.Hypervisors] = snapshot.Status{Read: true}
				l.Hypervisors = []openstack.Hypervisor{{UUID: old, Name: "cn9", ServiceHost: "cn9"}}
			},
		},
		{
			Name: "a new host starts between the looks", Change: stale,
			Between: func(l *snapshot.Look) {
				l.Services = append(l.Services, openstack.ComputeService{Binary: "nova-compute", Host: "cn9", State: "up"})
			}, NotJudged: []string{child},
		},
	})
}

// The finding follows from that of its root, says what has to go first, and who is in the way.
func TestWayOut(t *testing.T) {
	s, checks := checktest.Cloud(), []*check.Check{orphanedchild.Check(), staleprovider.Check()}
	all(stale, func(s *snapshot.Snapshot) { below(s, leaf, "cn9_gpu0_pf0", child, old) })(s)
	checktest.Hold(s, checktest.Server, child, "VGPU", 2)
	checktest.LookTwice(s, checks...)
	findings := check.Run(s, checks, check.Defaults()).Findings
	i := slices.IndexFunc(findings, func(f check.Finding) bool { return f.Subject.UUID == child })
	f := findings[i]
	if !slices.Equal(f.Because, []string{"PLC201:provider:" + old}) {
		t.Errorf("because %v", f.Because)
	}
	if !strings.HasPrefix(f.Remedy.Text, "See who holds") || !strings.HasSuffix(f.Remedy.Command, "--allocations "+child) {
		t.Errorf("the remedy does not say who holds it: %+v", f.Remedy)
	}
	if !strings.Contains(f.Message, "VGPU 2") {
		t.Errorf("the message does not say what is held: %s", f.Message)
	}
}

// What is empty goes from the leaves up.
func TestLeafFirst(t *testing.T) {
	s, c := checktest.Cloud(), orphanedchild.Check()
	all(stale, func(s *snapshot.Snapshot) { below(s, leaf, "cn9_gpu0_pf0", child, old) })(s)
	checktest.LookTwice(s, c)
	for _, f := range check.Run(s, []*check.Check{c}, check.Defaults()).Findings {
		first, want := f.Remedy.Text, []string{leaf, "from the leaves up"}
		if f.Subject.UUID == leaf {
			want = []string{"before its parent cn9_gpu0 (" + child + ")"}
		}
		for _, word := range want {
			if !strings.Contains(first, word) {
				t.Errorf("%s: the remedy does not say %q: %s", f.Subject.Name, word, first)
			}
		}
		if (f.Subject.UUID == leaf) != (f.Remedy.Command == "openstack resource provider delete "+leaf) {
			t.Errorf("%s: %s", f.Subject.Name, f.Remedy.Command)
		}
	}
}

// Of two roots that nothing shows to be this Nova's, nothing is deleted, and what hangs together is kept together.
func TestUnprovenKeepsParent(t *testing.T) {
	s, c := checktest.Cloud(), orphanedchild.Check()
	stale(s)
	checktest.AddProvider(s, openstack.Provider{UUID: "c0000000-0000-4000-8000-000000000008", Name: "cn8"}, "VCPU", 10)
	s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], "c0000000-0000-4000-8000-000000000008")
	checktest.LookTwice(s, c)
	findings := check.Run(s, []*check.Check{c}, check.Defaults()).Findings
	if len(findings) != 1 || !strings.Contains(findings[0].Remedy.Text, "2 roots have no compute node") ||
		!strings.Contains(findings[0].Remedy.Text, "Keep it and its parent cn9 ("+old+") until then") {
		t.Errorf("%+v", findings)
	}
}
