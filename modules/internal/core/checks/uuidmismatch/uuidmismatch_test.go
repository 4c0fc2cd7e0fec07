// SPDX-License-Identifier: Apache-2.0

package uuidmismatch_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/uuidmismatch"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const old = "c0000000-0000-4000-8000-000000000009"

func add(p openstack.Provider) func(*snapshot.Snapshot) {
	p.UUID = old
	return func(s *snapshot.Snapshot) { checktest.AddProvider(s, p, "VCPU", 10) }
}

func TestUUIDMismatch(t *testing.T) {
	checktest.Run(t, uuidmismatch.Check(), []checktest.Case{
		{Name: "the name of a hypervisor, another UUID", Change: add(openstack.Provider{Name: "cn1"}), Want: []string{old}},
		{Name: "names are compared without case", Change: add(openstack.Provider{Name: "CN1"}), Want: []string{old}},
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
	held := func(s *snapshot.Snapshot) {
		add(openstack.Provider{Name: "cn1"})(s)
		checktest.Hold(s, checktest.Server, old, "VCPU", 1)
	}
	for name, tc := range map[string]struct {
		change        func(*snapshot.Snapshot)
		text, command string
	}{
		"empty": {add(openstack.Provider{Name: "cn1"}), "Delete resource provider cn1", "openstack resource provider delete " + old},
		"held":  {held, "another name, so that nova-compute on cn1 creates its own", "openstack resource provider set --name=cn1-stale-c0000000 " + old},
		"held, and its host is down": {
			func(s *snapshot.Snapshot) { held(s); s.HypervisorList[0].State = "down" },
			"See who holds resources", "openstack resource provider show --allocations " + old,
		},
		"another live node's": {
			func(s *snapshot.Snapshot) {
				add(openstack.Provider{Name: "cn1"})(s)
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: old, Name: "cn2", ServiceHost: "cn2", State: "up"})
			}, "its own hypervisor, cn2 (PLC204)", "",
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
