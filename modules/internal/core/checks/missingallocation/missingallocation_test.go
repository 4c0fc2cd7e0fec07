// SPDX-License-Identifier: Apache-2.0

package missingallocation_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// bare takes the server's allocation and changes the server.
func bare(change func(*openstack.Server)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.Release(s, checktest.Server)
		change(&s.ServerList[0])
	}
}

func TestMissingAllocation(t *testing.T) {
	same := func(*openstack.Server) {}
	server, alone := []string{checktest.Server}, []string{checktest.Server}
	checktest.Run(t, missingallocation.Check(), []checktest.Case{
		{Name: "an active server holds nothing", Change: bare(same), Want: server},
		{Name: "stopped", Change: bare(func(v *openstack.Server) { v.Status, v.VMState = "SHUTOFF", "stopped" }), Want: server},
		{Name: "in ERROR after it ran", Change: bare(func(v *openstack.Server) { v.Status = "ERROR" }), Want: server},
		{Name: "rescued", Change: bare(func(v *openstack.Server) { v.Status = "RESCUE" }), Want: server},
		{
			Name: "a custom class is all that the flavor asks for",
			Change: bare(func(v *openstack.Server) {
				v.Flavor.ExtraSpecs = map[string]string{
					"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0", "resources:CUSTOM_BM": "1",
				}
			}), Want: server,
		},
		{Name: "no host: shelved offloaded", Change: bare(func(v *openstack.Server) { v.Host, v.Status = "", "SHELVED_OFFLOADED" })},
		{Name: "a task is under way", Change: bare(func(v *openstack.Server) { v.TaskState = "spawning" }), NotJudged: alone},
		{Name: "being built", Change: bare(func(v *openstack.Server) { v.Status = "BUILD" }), NotJudged: alone},
		{Name: "in ERROR, never ran", Change: bare(func(v *openstack.Server) { v.Status, v.LaunchedAt = "ERROR", nil }), NotJudged: alone},
		{Name: "soft-deleted", Change: bare(func(v *openstack.Server) { v.Status = "SOFT_DELETED" }), NotJudged: alone},
		{
			Name: "the flavor asks for nothing",
			Change: bare(func(v *openstack.Server) {
				v.Flavor.ExtraSpecs = map[string]string{"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0"}
			}), NotJudged: alone,
		},
		{
			Name: "a move is in progress",
			Change: func(s *snapshot.Snapshot) {
				bare(same)(s)
				s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Status: "migrating"}}
			}, NotJudged: alone,
		},
		{
			Name: "a move has ended",
			Change: func(s *snapshot.Snapshot) {
				bare(same)(s)
				s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Status: "reverted"}}
			}, Want: server,
		},
		{
			Name: "deleted between the looks", Change: bare(same),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server] = nil },
		},
		{
			Name: "healed between the looks", Change: bare(same),
			Between: func(l *snapshot.Look) {
				l.Consumers[checktest.Server] = []openstack.Allocation{{
					ConsumerUUID: checktest.Server, ProviderUUID: checktest.Compute, Resources: map[string]int{"VCPU": 1},
				}}
			},
		},
		{
			Name: "moved to another host between the looks", Change: bare(same),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].Host = "cn2" },
		},
	})
}

// Builds and tasks leave a missing allocation unjudged, and those of days excuse nothing.
func TestStuck(t *testing.T) {
	for name, change := range map[string]func(*openstack.Server){
		"a task": func(v *openstack.Server) { v.TaskState = "spawning" }, "a build": func(v *openstack.Server) { v.Status = "BUILD" },
	} {
		since := func(days int) func(*snapshot.Snapshot) {
			return bare(func(v *openstack.Server) { change(v); v.Created = checktest.Taken().AddDate(0, 0, -days) })
		}
		checktest.Run(t, missingallocation.Check(), []checktest.Case{
			{Name: name, Change: since(2), Want: []string{checktest.Server}},
			{Name: name + " that is young", Change: since(0), NotJudged: []string{checktest.Server}},
		})
	}
}

// What is advised works for that server: heal_allocations refuses some flavors, and Nova migrates no bare metal.
// Nothing is done with a server that Nova does not find, before it has its mapping back.
func TestLostMapping(t *testing.T) {
	s, c := checktest.Cloud(), missingallocation.Check()
	checktest.Release(s, checktest.Server)
	checktest.LookTwice(s, c)
	s.Second.Lost = []string{checktest.Server}
	r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
	if !strings.HasPrefix(r.Text, "First give server s1 ("+checktest.Server+") its instance mapping back (PLC508)") || r.Command != "" {
		t.Errorf("%+v", r)
	}
}

// metal makes the host a bare-metal node of which so much is reserved, and that another consumer may hold.
func metal(reserved int, holder string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		bare(func(v *openstack.Server) {
			v.Flavor.ExtraSpecs = map[string]string{
				"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0", "resources:CUSTOM_BM": "1",
			}
		})(s)
		s.HypervisorList[0].Type, s.ServerList[0].UserID = "ironic", "u"
		s.InventoryMap[checktest.Compute] = map[string]openstack.Inventory{
			"CUSTOM_BM": {Total: 1, Reserved: reserved, MinUnit: 1, MaxUnit: 1, StepSize: 1, AllocationRatio: 1},
		}
		s.UsageMap[checktest.Compute] = map[string]int{"CUSTOM_BM": 0}
		if holder != "" {
			checktest.Hold(s, holder, checktest.Compute, "CUSTOM_BM", 1)
		}
	}
}

// A node of bare metal is freed, and never made bigger. What was not read may be used.
func TestRemedyOfBareMetal(t *testing.T) {
	const unreserve = "openstack resource provider inventory set --amend --resource=CUSTOM_BM:reserved=0 " + checktest.Compute
	plain := func(reserved int, holder string) func(*snapshot.Snapshot) { // a flavor that does not set the rest to 0
		return func(s *snapshot.Snapshot) {
			metal(reserved, holder)(s)
			s.ServerList[0].Flavor.ExtraSpecs = map[string]string{"resources:CUSTOM_BM": "1"}
		}
	}
	partly := func(s *snapshot.Snapshot) {
		plain(1, "")(s)
		s.UsageMap, s.Parts[snapshot.Usages], s.Blind = nil, snapshot.Status{Partial: true}, &snapshot.Blind{}
	}
	for name, tc := range map[string]struct {
		change        func(*snapshot.Snapshot)
		text, command string
	}{
		"reserved":                      {metal(1, ""), "Set reserved of CUSTOM_BM on cn1", unreserve},
		"what is to be written then":    {metal(1, ""), "with 1 of CUSTOM_BM of that provider as all of its allocations, project_id " + checktest.Project + ", user_id u and consumer_generation null", unreserve},
		"if that is refused":            {metal(1, ""), "Set reserved to 1 again if the write is refused", unreserve},
		"reserved, for a plain flavor":  {plain(1, ""), "Set reserved of CUSTOM_BM on cn1", unreserve},
		"held by another":               {metal(1, "other"), "Take away what the other consumer holds of that node (PLC101)", ""},
		"held by another, not reserved": {plain(0, "other"), "Take away what the other consumer holds of that node (PLC101)", ""},
		"usages that were read in part": {partly, "Write what its flavor asks for on the provider of its node", ""},
	} {
		s, c := checktest.Cloud(), missingallocation.Check()
		tc.change(s)
		checktest.LookTwice(s, c)
		r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
		if !strings.Contains(r.Text, tc.text) || r.Command != tc.command || strings.Contains(r.Text, "capacity") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestRemedy(t *testing.T) {
	const heal = "nova-manage placement heal_allocations --instance " + checktest.Server
	asks := func(key, value string) func(*snapshot.Snapshot) {
		return bare(func(v *openstack.Server) { v.Flavor.ExtraSpecs = map[string]string{key: value} })
	}
	local := func(change func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
		return func(s *snapshot.Snapshot) { change(s); checktest.Offer(s, checktest.Compute, "DISK_GB", 100) }
	}
	for name, tc := range map[string]struct {
		change        func(*snapshot.Snapshot)
		text, command string
	}{
		"plain":             {local(bare(func(*openstack.Server) {})), "from its flavor", heal},
		"shared storage":    {bare(func(*openstack.Server) {}), "which offers no DISK_GB", "openstack server migrate " + checktest.Server},
		"a vGPU":            {asks("resources:VGPU", "1"), "exit code 8", "openstack server migrate " + checktest.Server},
		"a vGPU in a group": {asks("resources2:VGPU", "1"), "exit code 8", "openstack server migrate " + checktest.Server},
		"no vGPU":           {local(asks("resources:VGPU", "0")), "from its flavor", heal},
		"a device profile":  {asks("accel:device_profile", "gpu"), "unshelve", "openstack server shelve " + checktest.Server},
		"a PCI device":      {asks("pci_passthrough:alias", "a100:1"), "leaves out PCI devices", "openstack server migrate " + checktest.Server},
		"bare metal": {func(s *snapshot.Snapshot) {
			asks("resources1:CUSTOM_BM", "1")(s)
			s.HypervisorList[0].Type = "ironic"
		}, "PUT /allocations/" + checktest.Server, ""},
		"a full host": {
			local(bare(func(v *openstack.Server) { v.Flavor.VCPUs = 11 })), "has no room for 11 more of VCPU: 0 of 10 are used",
			"openstack server migrate " + checktest.Server,
		},
		"bare metal with room": {metal(0, ""), "from its flavor", heal},
		"bare metal whose host is down": {func(s *snapshot.Snapshot) {
			bare(func(v *openstack.Server) { v.Host = "old" })(s)
			s.HypervisorList[0].Type = "ironic"
			s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "old", State: "down"})
		}, "PLC111", ""},
		"a host that nobody has": {bare(func(v *openstack.Server) { v.Host = "old" }), "PLC111", ""},
		"a migration holds its share": {func(s *snapshot.Snapshot) {
			bare(func(*openstack.Server) {})(s)
			s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Status: "error", SourceHost: "cn1", SourceNode: "cn1"}}
			checktest.Hold(s, "m", checktest.Compute, "VCPU", 1)
		}, "POST /allocations", ""},
	} {
		s, c := checktest.Cloud(), missingallocation.Check()
		tc.change(s)
		checktest.LookTwice(s, c)
		r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
		if !strings.Contains(r.Text, tc.text) || r.Command != tc.command || !strings.Contains(r.Text, checktest.Server) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}
