// SPDX-License-Identifier: Apache-2.0

package renamedprovider_test

import (
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

func named(provider, hypervisor string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { s.ProviderList[0].Name, s.HypervisorList[0].Name = provider, hypervisor }
}

func TestRenamedProvider(t *testing.T) {
	compute := []string{checktest.Compute}
	checktest.Run(t, renamedprovider.Check(), []checktest.Case{
		{Name: "another name", Change: named("cn1-old", "cn1"), Want: compute},
		{Name: "a full name", Change: named("cn1", "cn1.example.com"), Want: compute},
		{Name: "another case", Change: named("CN1", "cn1")},
		{
			Name: "renamed back between the looks", Change: named("cn1-old", "cn1"),
			Between: func(l *snapshot.Look) { l.Providers[checktest.Compute].Provider.Name = "cn1" },
		},
	})
}

// A host says what it likes of its name, and a person pastes the remedy.
func TestNameInRemedy(t *testing.T) {
	const given, none = "openstack resource provider set --name=", ""
	for name, want := range map[string]string{
		"cn1.example.com":           given + "cn1.example.com " + checktest.Compute,
		"--os-auth-url=http://evil": given + "--os-auth-url=http://evil " + checktest.Compute,
		"Süd_1":                     given + "Süd_1 " + checktest.Compute,
		"cn$(touch${IFS}/tmp/ran)":  none,
		"cn1;touch ran #":           none,
		"it's":                      none,
		"cn1 --os-token=x":          none,
		"cn\ufffd1":                 none,
	} {
		s, c := checktest.Cloud(), renamedprovider.Check()
		named("cn1-old", name)(s)
		checktest.LookTwice(s, c)
		found := check.Run(s, []*check.Check{c}, check.Defaults()).Findings
		if len(found) != 1 || found[0].Remedy.Command != want || strings.Contains(found[0].Remedy.Text, "openstack") {
			t.Errorf("%q: %+v", name, found)
		}
	}
}

// Placement refuses a name that another provider has: that one makes way first.
func TestTakenName(t *testing.T) {
	const other, hostless = "c0000000-0000-4000-8000-000000000009", "PLC203:provider:"
	node := func(name string) func(*snapshot.Snapshot) {
		return func(s *snapshot.Snapshot) {
			s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: other, Name: name, ServiceHost: "host-2", State: "up"})
		}
	}
	for name, tc := range map[string]struct {
		change        func(*snapshot.Snapshot)
		parent        string
		text, because string
	}{
		"by nobody's root":  {func(*snapshot.Snapshot) {}, "", "First free the name cn1: resource provider " + other + " has it (PLC203)", hostless + other},
		"by another node's": {node("cn1-old"), "", "First free the name cn1", hostless + other},
		"by a namesake's":   {node("CN1"), "", "Give one of the hosts host-2 and cn1 another name", ""},
		"by a child":        {func(*snapshot.Snapshot) {}, checktest.Compute, "First find out which service made resource provider " + other, ""},
	} {
		s, c := checktest.Cloud(), renamedprovider.Check()
		named("cn1-old", "cn1")(s)
		checktest.AddProvider(s, openstack.Provider{UUID: other, Name: "cn1", ParentUUID: tc.parent, RootUUID: tc.parent}, "VCPU", 10)
		tc.change(s)
		checktest.LookTwice(s, c, uuidmismatch.Check())
		because := []string{}
		if tc.because != "" {
			because = append(because, tc.because)
		}
		for _, f := range check.Run(s, []*check.Check{c, uuidmismatch.Check()}, check.Defaults()).Findings {
			if f.ID == "PLC204" && f.Subject.UUID == checktest.Compute &&
				(!strings.Contains(f.Remedy.Text, tc.text) || f.Remedy.Command != "" || !slices.Equal(f.Because, because)) {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}
