// SPDX-License-Identifier: Apache-2.0

package uuidmismatch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/renamedprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/uuidmismatch"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const old = "c0000000-0000-4000-8000-000000000009"

func add(p openstack.Provider) func(*snapshot.Snapshot) {
	p.UUID = old
	return func(s *snapshot.Snapshot) { checktest.AddProvider(s, p, "VCPU", 10) }
}

// twins gives Nova a second hypervisor of the name cn1, and that name to a provider. The healthy cloud's own has another one then.
func twins(named string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{
			UUID: "c0000000-0000-4000-8000-000000000002", Name: "cn1", ServiceHost: "cn1-new", State: "up",
		})
		if named == old {
			holding(checktest.Server)(s)
		}
	}
}

// holding adds a provider with the name of cn1, whose own is gone, of which a consumer holds something.
func holding(consumer string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.ProviderList = s.ProviderList[1:]
		add(openstack.Provider{Name: "cn1"})(s)
		checktest.Hold(s, consumer, old, "VCPU", 1)
	}
}

func TestUUIDMismatch(t *testing.T) {
	checktest.Run(t, uuidmismatch.Check(), []checktest.Case{
		{Name: "the name of a hypervisor, another UUID", Change: add(openstack.Provider{Name: "cn1"}), Want: []string{old}},
		{Name: "names are compared without case", Change: add(openstack.Provider{Name: "CN1"}), Want: []string{old}},
		{Name: "two hypervisors of its name, and it is one of them", Change: twins(checktest.Compute)},
		{Name: "two hypervisors of its name, and it is neither", Change: twins(old), Want: []string{old}},
		{Name: "another domain", Change: add(openstack.Provider{Name: "cn1.example.com"})},
		{Name: "nested", Change: add(openstack.Provider{Name: "cn1", ParentUUID: checktest.Compute, RootUUID: checktest.Compute})},
		{
			Name: "deleted between the looks", Change: add(openstack.Provider{Name: "cn1"}),
			Between: func(l *snapshot.Look) { l.Providers[old] = nil },
		},
	})
}

// Nothing can be moved to a provider that does not exist: one that is held makes way, and none of a live compute node is deleted.
func TestRemedy(t *testing.T) {
	held := holding(checktest.Server)
	see := "openstack resource provider show --allocations " + old
	node := func(name string) openstack.Hypervisor {
		return openstack.Hypervisor{UUID: old, Name: name, ServiceHost: name, State: "up"}
	}
	for name, tc := range map[string]struct {
		change        func(*snapshot.Snapshot)
		text, command string
	}{
		"empty": {add(openstack.Provider{Name: "cn1"}), "Delete resource provider cn1", "openstack resource provider delete " + old},
		"held":  {held, "another name, so that nova-compute on cn1 can create its own", "openstack resource provider set --name=cn1-stale-c0000000 " + old},
		"held, and its host is down": {
			func(s *snapshot.Snapshot) { held(s); s.HypervisorList[0].State = "down" },
			"Start nova-compute on cn1 if that host still exists", "openstack compute service list --service=nova-compute --host=cn1",
		},
		"held, and the host's own has another name": {
			func(s *snapshot.Snapshot) {
				s.ProviderList[0].Name, s.HypervisorList[0].State = "cn1-old", "down"
				add(openstack.Provider{Name: "cn1"})(s)
				checktest.Hold(s, checktest.Server, old, "VCPU", 1)
			},
			"another name, so that resource provider cn1-old (" + checktest.Compute + ") can take its name (PLC204)",
			"openstack resource provider set --name=cn1-stale-c0000000 " + old,
		},
		"another live node's": {
			func(s *snapshot.Snapshot) {
				add(openstack.Provider{Name: "cn1"})(s)
				s.HypervisorList = append(s.HypervisorList, node("cn2"))
			}, "its own hypervisor, cn2 (PLC204)", "",
		},
		"held, and something is below it": { // names are unique: the root's new name would not free those
			func(s *snapshot.Snapshot) {
				held(s)
				checktest.AddProvider(s, openstack.Provider{UUID: "child", Name: "cn1_0000:81:00.0", ParentUUID: old, RootUUID: old}, "CUSTOM_PCI", 1)
			}, "and that their allocations belong on its new provider. Do not rename it alone: names are unique in Placement, and what is to be made below the new one needs those of cn1_0000:81:00.0", see,
		},
		"held, by nobody that Nova knows": {holding("60000000-0000-4000-8000-000000000001"), "See who holds resources", see},
		"held, and two hypervisors have its name": {
			twins(old), "Give all but one of the hosts cn1 (" + checktest.Compute + ") and cn1-new", "openstack --os-compute-api-version 2.53 hypervisor list --matching=cn1",
		},
		"two names that are swapped": {
			func(s *snapshot.Snapshot) {
				add(openstack.Provider{Name: "cn1"})(s)
				s.ProviderList[0].Name, s.HypervisorList = "cn2", append(s.HypervisorList, node("cn2"))
			}, "a temporary name: its own, cn2,", "openstack resource provider set --name=cn1-swapped-c0000000 " + old,
		},
	} {
		s, c := checktest.Cloud(), uuidmismatch.Check()
		tc.change(s)
		checktest.LookTwice(s, c)
		r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
		if !strings.Contains(r.Text, tc.text) || r.Command != tc.command {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// The option owned says whose a provider is where nobody that Nova knows holds anything of it.
func TestOwned(t *testing.T) {
	s, c := checktest.Cloud(), uuidmismatch.Check()
	holding("60000000-0000-4000-8000-000000000001")(s)
	checktest.LookTwice(s, c)
	settings := check.Defaults()
	settings.Owners.Owned.Providers = []string{"cn*"}
	f := check.Run(s, []*check.Check{c}, settings).Findings[0]
	if !strings.Contains(f.Remedy.Command, "--name=cn1-stale-c0000000") || f.Evidence["keeps_name"] != nil {
		t.Errorf("%+v", f)
	}
}

// Where names are swapped, or go round among several, PLC203 comes first, and each has the next one for its cause; else PLC204 does.
func TestOrder(t *testing.T) {
	for name, tc := range map[string]struct {
		names []string // of the providers of cn1, cn2 and so on
		first string
	}{
		"swapped":     {[]string{"cn2", "cn1"}, "PLC203"},
		"in a round":  {[]string{"cn2", "cn3", "cn1"}, "PLC203"},
		"with an end": {[]string{"cn2", "cn3"}, "PLC204"},
	} {
		s, both := checktest.Cloud(), []*check.Check{uuidmismatch.Check(), renamedprovider.Check()}
		rename(s, tc.names)
		checktest.LookTwice(s, both...)
		found := check.Run(s, both, check.Defaults()).Findings
		first := slices.DeleteFunc(slices.Clone(found), func(f check.Finding) bool { return len(f.Because) > 0 })
		others := slices.ContainsFunc(first, func(f check.Finding) bool { return f.ID != tc.first })
		if len(found) < 3 || len(first) == 0 || others {
			t.Errorf("%s: of %d findings these follow from nothing: %+v", name, len(found), first)
		}
	}
}

// rename makes hosts cn1, cn2 and so on, whose providers have these names.
func rename(s *snapshot.Snapshot, names []string) {
	s.ProviderList[0].Name = names[0]
	for i, name := range names[1:] {
		uuid, own := fmt.Sprintf("c0000000-0000-4000-8000-00000000010%d", i), fmt.Sprintf("cn%d", i+2)
		checktest.AddProvider(s, openstack.Provider{UUID: uuid, Name: name}, "VCPU", 10)
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: uuid, Name: own, ServiceHost: own, State: "up"})
	}
}
