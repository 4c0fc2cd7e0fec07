// SPDX-License-Identifier: Apache-2.0

package unitviolation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/emptyprovider"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/overcapacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/unitviolation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// units sets those of the host's memory, of which the server holds 2048.
func units(smallest, largest, step int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		i := s.InventoryMap[checktest.Compute]["MEMORY_MB"]
		i.MinUnit, i.MaxUnit, i.StepSize = smallest, largest, step
		s.InventoryMap[checktest.Compute]["MEMORY_MB"] = i
	}
}

func TestUnitViolation(t *testing.T) {
	server := []string{checktest.Server}
	checktest.Run(t, unitviolation.Check(), []checktest.Case{
		{Name: "above max_unit", Change: units(1, 2047, 1), Want: server},
		{Name: "at max_unit", Change: units(1, 2048, 1)},
		{Name: "below min_unit", Change: units(2049, 8192, 1), Want: server},
		{Name: "at min_unit", Change: units(2048, 8192, 1)},
		{Name: "between steps", Change: units(1, 8192, 1000), Want: server},
		{Name: "on a step", Change: units(1, 8192, 512)},
		{
			Name:   "no inventory of the class",
			Change: func(s *snapshot.Snapshot) { delete(s.InventoryMap[checktest.Compute], "MEMORY_MB") }, Want: server,
		},
		{
			Name:   "no inventory at all",
			Change: func(s *snapshot.Snapshot) { s.InventoryMap[checktest.Storage] = map[string]openstack.Inventory{} }, Want: server,
		},
	})
}

func TestUnitViolationOfConsumers(t *testing.T) {
	checktest.Run(t, unitviolation.Check(), []checktest.Case{
		{
			Name: "over capacity is another fault",
			Change: func(s *snapshot.Snapshot) {
				i := s.InventoryMap[checktest.Compute]["MEMORY_MB"]
				i.Reserved = i.Total
				s.InventoryMap[checktest.Compute]["MEMORY_MB"] = i
			},
		},
		{
			Name: "each consumer once, whatever it is",
			Change: func(s *snapshot.Snapshot) {
				checktest.Hold(s, "another", checktest.Compute, "VCPU", 11)
				checktest.Hold(s, "another", checktest.Storage, "DISK_GB", 1001)
				checktest.Hold(s, "a third", checktest.Compute, "VCPU", 10)
			}, Want: []string{"another"},
		},
		{
			Name: "a bare-metal node with an instance",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: "node", Name: "node"}, "CUSTOM_BM", 1)
				i := s.InventoryMap["node"]["CUSTOM_BM"]
				i.Reserved = 1
				s.InventoryMap["node"]["CUSTOM_BM"] = i
				checktest.Hold(s, "metal", "node", "CUSTOM_BM", 1)
			},
		},
	})
}

func TestUnitViolationAtTheSecondLook(t *testing.T) {
	checktest.Run(t, unitviolation.Check(), []checktest.Case{
		{
			Name: "resized between the looks", Change: units(1, 1024, 1),
			Between: func(l *snapshot.Look) {
				l.Consumers[checktest.Server] = []openstack.Allocation{{
					ConsumerUUID: checktest.Server, ConsumerGeneration: 2, ProviderUUID: checktest.Compute,
					Resources: map[string]int{"MEMORY_MB": 1024},
				}}
			},
		},
		{
			Name: "written again between the looks", Change: units(1, 1024, 1),
			Between: func(l *snapshot.Look) {
				for i := range l.Consumers[checktest.Server] {
					l.Consumers[checktest.Server][i].ConsumerGeneration++
				}
			},
		},
		{
			Name: "gone between the looks", Change: units(1, 1024, 1),
			Between: func(l *snapshot.Look) { l.Consumers[checktest.Server] = nil },
		},
	})
}

// An inventory that is not there reads otherwise than one with other units.
func TestWords(t *testing.T) {
	for want, change := range map[string]func(*snapshot.Snapshot){
		"MEMORY_MB 2048 on cn1 (" + checktest.Compute + "), which grants 1 to 1024 in steps of 8": units(1, 1024, 8),
		"which has no inventory of that class":                                                    func(s *snapshot.Snapshot) { delete(s.InventoryMap[checktest.Compute], "VCPU") },
	} {
		s, c := checktest.Cloud(), unitviolation.Check()
		change(s)
		checktest.LookTwice(s, c)
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		if !strings.Contains(f.Message, want) {
			t.Errorf("%q does not say %q", f.Message, want)
		}
		if gone := strings.Contains(want, "no inventory"); gone != strings.Contains(f.Remedy.Text, "Bring back the inventory of VCPU") {
			t.Errorf("remedy %q", f.Remedy.Text)
		}
	}
}

// A cloud of which only Placement could be read has findings too: the check needs no servers.
func TestWithoutNova(t *testing.T) {
	s, c := checktest.Cloud(), unitviolation.Check()
	units(1, 1024, 1)(s)
	checktest.LookTwice(s, c)
	s.MarkFailed(snapshot.Servers, "no nova")
	s.Second.Servers = nil
	if v := check.Run(s, []*check.Check{c}, check.Defaults()); len(v.Findings) != 1 || !v.Complete() {
		t.Errorf("found %v, not run %v", v.Findings, v.NotRun)
	}
}

// The command makes the units fit; a server that can't be migrated gets no such advice, and an orphan no new units.
func TestRemedy(t *testing.T) {
	for name, tc := range map[string]struct {
		change        func(*snapshot.Snapshot)
		text, command string
		never         string
	}{
		"a server": {
			units(1, 1024, 1), "cn1 (" + checktest.Compute + ") fit what s1 (" + checktest.Server + ") holds, or cold-migrate the server",
			"openstack resource provider inventory set --amend --resource=MEMORY_MB:max_unit=2048 " + checktest.Compute, "PLC101",
		},
		"bare metal": {
			func(s *snapshot.Snapshot) { units(1, 1024, 3000)(s); s.HypervisorList[0].Type = "ironic" }, "Restart the nova-compute of bare-metal node cn1", "",
			"migrate",
		},
		"bare metal of another class": {
			func(s *snapshot.Snapshot) {
				delete(s.InventoryMap[checktest.Compute], "MEMORY_MB")
				s.HypervisorList[0].Type = "ironic"
			}, "Compare the resource class of node cn1 in Ironic with MEMORY_MB", "openstack baremetal node show cn1 --fields resource_class", "restarted",
		},
		"nobody": {func(s *snapshot.Snapshot) { units(1, 1024, 1)(s); s.ServerList = nil }, "PLC101", "", "fit"},
	} {
		s, c := checktest.Cloud(), unitviolation.Check()
		tc.change(s)
		checktest.LookTwice(s, c)
		r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
		if !strings.Contains(r.Text, tc.text) || r.Command != tc.command || strings.Contains(r.Text, tc.never) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// An inventory that is gone or has shrunk is one fault, not one for each consumer.
func TestBecause(t *testing.T) {
	for cause, change := range map[string]func(*snapshot.Snapshot){
		"PLC301": func(s *snapshot.Snapshot) {
			checktest.Offer(s, checktest.Compute, "MEMORY_MB", 2000)
			s.UsageMap[checktest.Compute]["MEMORY_MB"] = 2048
		},
		"PLC207": func(s *snapshot.Snapshot) { s.InventoryMap[checktest.Compute] = map[string]openstack.Inventory{} },
	} {
		s, all := checktest.Cloud(), []*check.Check{unitviolation.Check(), overcapacity.Check(), emptyprovider.Check()}
		change(s)
		checktest.LookTwice(s, all...)
		found := check.Run(s, all, check.Defaults()).Findings
		because := found[slices.IndexFunc(found, func(f check.Finding) bool { return f.ID == "PLC110" })].Because
		if want := cause + ":provider:" + checktest.Compute; !slices.Contains(because, want) {
			t.Errorf("%v lacks %s", because, want)
		}
	}
}
