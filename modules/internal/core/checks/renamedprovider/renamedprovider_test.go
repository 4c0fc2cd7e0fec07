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
	const other, mismatch = "c0000000-0000-4000-8000-000000000009", "PLC203:provider:"
	nothing := func(*snapshot.Snapshot) {}
	node := func(name string) func(*snapshot.Snapshot) {
		return func(s *snapshot.Snapshot) {
			s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: other, Name: name, ServiceHost: "host-2", State: "up"})
		}
	}
	for name, tc := range map[string]struct {
		change        func(*snapshot.Snapshot)
		has, parent   string
		text, because string
	}{
		"by nobody's root":      {nothing, "cn1", "", "First free the name CN1: resource provider cn1 (" + other + ") has it (PLC203)", mismatch + other},
		"in the same case":      {nothing, "CN1", "", "First free the name CN1", mismatch + other},
		"by another node's":     {node("cn9"), "cn1", "", "First free the name CN1", mismatch + other},
		"by a child":            {nothing, "cn1", checktest.Compute, "First find out which service made resource provider cn1 (" + other + ")", ""},
		"by a namesake's":       {node("cn1"), "cn1", "", "Give all but one of the hosts cn1 (" + checktest.Compute + ") and host-2", ""},
		"by nobody, a namesake": {node("cn1"), "cn9", "", "Give all but one of the hosts cn1 (" + checktest.Compute + ") and host-2", ""},
	} {
		s, both := checktest.Cloud(), []*check.Check{renamedprovider.Check(), uuidmismatch.Check()}
		named("cn1-old", "CN1")(s)
		checktest.AddProvider(s, openstack.Provider{UUID: other, Name: tc.has, ParentUUID: tc.parent, RootUUID: tc.parent}, "VCPU", 10)
		tc.change(s)
		checktest.LookTwice(s, both...)
		f, found := findingOf(check.Run(s, both, check.Defaults()).Findings, "PLC204:provider:"+checktest.Compute)
		if !found || !strings.Contains(f.Remedy.Text, tc.text) || strings.Contains(f.Remedy.Command, " set ") || strings.Join(f.Because, " ") != tc.because {
			t.Errorf("%s: %v %+v", name, found, f)
		}
	}
}

func findingOf(all []check.Finding, fingerprint string) (check.Finding, bool) {
	at := slices.IndexFunc(all, func(f check.Finding) bool { return f.Fingerprint == fingerprint })
	if at < 0 {
		return check.Finding{}, false
	}
	return all[at], true
}
