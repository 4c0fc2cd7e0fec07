// SPDX-License-Identifier: Apache-2.0

package doubleallocation_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/doubleallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const (
	second = "c0000000-0000-4000-8000-000000000002"
	child  = "c0000000-0000-4000-8000-000000000003"
)

// both gives the server a share of a second host too.
func both(change func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2", State: "down"})
		checktest.Hold(s, checktest.Server, second, "VCPU", 1)
		change(s)
	}
}

func moving(status string) func(*snapshot.Snapshot) {
	return both(func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Type: "evacuation", Status: status}}
	})
}

func TestDoubleAllocation(t *testing.T) {
	server := []string{checktest.Server}
	checktest.Run(t, doubleallocation.Check(), []checktest.Case{
		{Name: "two hosts", Change: both(func(*snapshot.Snapshot) {}), Want: server},
		{Name: "left by an evacuation", Change: moving("done"), Want: server},
		{Name: "being evacuated", Change: moving("pre-migrating"), NotJudged: server},
		{Name: "waiting for confirmation", Change: moving("finished"), NotJudged: server},
		{Name: "a task is under way", Change: both(func(s *snapshot.Snapshot) { s.ServerList[0].TaskState = "migrating" }), NotJudged: server},
		{
			Name: "a host and its child",
			Change: func(s *snapshot.Snapshot) {
				checktest.AddProvider(s, openstack.Provider{UUID: child, Name: "cn1_pci", ParentUUID: checktest.Compute, RootUUID: checktest.Compute}, "CUSTOM_PCI", 2)
				checktest.Hold(s, checktest.Server, child, "CUSTOM_PCI", 1)
			},
		},
		{
			Name: "the old share goes between the looks", Change: both(func(*snapshot.Snapshot) {}),
			Between: func(l *snapshot.Look) { l.Consumers[checktest.Server] = l.Consumers[checktest.Server][:1] },
		},
		{
			Name: "a move begins between the looks", Change: both(func(*snapshot.Snapshot) {}),
			Between:   func(l *snapshot.Look) { l.Servers[checktest.Server].TaskState = "migrating" },
			NotJudged: server,
		},
	})
}

const (
	third = "c0000000-0000-4000-8000-000000000004"
	unset = "openstack --os-placement-api-version 1.28 resource provider allocation unset"
)

func nested(s *snapshot.Snapshot) {
	checktest.AddProvider(s, openstack.Provider{UUID: child, Name: "cn2_numa", ParentUUID: second, RootUUID: second}, "VCPU", 8)
	checktest.Hold(s, checktest.Server, child, "VCPU", 1)
}

func three(s *snapshot.Snapshot) {
	checktest.AddProvider(s, openstack.Provider{UUID: third, Name: "cn3"}, "VCPU", 10)
	s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: third, Name: "cn3", ServiceHost: "cn3"})
	checktest.Hold(s, checktest.Server, third, "VCPU", 1)
}

func foreign(s *snapshot.Snapshot) {
	checktest.Release(s, checktest.Server)
	checktest.Hold(s, checktest.Server, checktest.Storage, "DISK_GB", 20)
	checktest.Hold(s, checktest.Server, second, "VCPU", 1)
}

type remedied struct {
	change        func(*snapshot.Snapshot)
	text, command string
}

func TestRemedyOnHosts(t *testing.T) {
	remedies(t, map[string]remedied{
		"two hosts": {both(func(*snapshot.Snapshot) {}), "cn2 (" + second + ")", unset + " --provider " + second + " " + checktest.Server},
		"root and child of another": {
			both(nested), "cn2 (" + second + ") and cn2_numa (" + child + ")",
			unset + " --provider " + second + " --provider " + child + " " + checktest.Server,
		},
		"only the child of another": {
			both(func(s *snapshot.Snapshot) {
				foreign(s)
				checktest.Release(s, checktest.Server)
				checktest.Hold(s, checktest.Server, checktest.Compute, "VCPU", 1)
				nested(s)
			}), "cn2_numa", unset + " --provider " + child + " " + checktest.Server,
		},
		"three hosts": {both(three), "cn3", unset + " --provider " + second + " --provider " + third + " " + checktest.Server},
		"two of which none is its own": {
			both(func(s *snapshot.Snapshot) { foreign(s); three(s) }), "to its own host cn1 (" + checktest.Compute + ")",
			"openstack --os-placement-api-version 1.28 resource provider allocation set --project-id=" + checktest.Project +
				" --user-id=u --allocation=rp=" + checktest.Compute + ",VCPU=1 --allocation=rp=" + checktest.Storage + ",DISK_GB=20 " + checktest.Server,
		},
		"two of which none is its own, and a child": {
			both(func(s *snapshot.Snapshot) { foreign(s); three(s); nested(s) }), "PUT /allocations/" + checktest.Server, "",
		},
	})
}

func TestRemedyOnNoHost(t *testing.T) {
	remedies(t, map[string]remedied{
		"on no host": {
			both(func(s *snapshot.Snapshot) { s.ServerList[0].Host, s.ServerList[0].Status = "", "SHELVED_OFFLOADED" }), "Empty the allocation",
			unset + " " + checktest.Server,
		},
		"no host is known": {both(func(s *snapshot.Snapshot) { s.ServerList[0].Host = "cn9" }), "Find out which host server", ""},
	})
}

func TestRemedyOfEvacuations(t *testing.T) {
	remedies(t, map[string]remedied{
		"an evacuation": {
			moved("evacuation", "done"), "Start nova-compute on cn2: it removes the extra allocation itself. If that host is gone for good, remove what server s1 (" +
				checktest.Server + ") holds on cn2", unset + " --provider " + second + " " + checktest.Server,
		},
		"an evacuation, and the old host is back": {
			both(func(s *snapshot.Snapshot) {
				moved("evacuation", "done")(s)
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2", State: "up"})
			}), "Restart nova-compute on cn2", unset + " --provider " + second + " " + checktest.Server,
		},
		"an evacuation that is completed": {moved("evacuation", "completed"), "Take away what server", unset + " --provider " + second + " " + checktest.Server},
		"an evacuation that failed":       {moved("evacuation", "failed"), "Take away what server", unset + " --provider " + second + " " + checktest.Server},
		"no evacuation":                   {moved("migration", "completed"), "Take away what server", unset + " --provider " + second + " " + checktest.Server},
	})
}

func TestRemedyOfDevices(t *testing.T) {
	remedies(t, map[string]remedied{
		"a class that only the other host has": {
			both(device(nil)), "no resource provider of its own host offers VGPU", unset + " --provider " + second + " --provider " + child + " " + checktest.Server,
		},
		"a device that the flavor does not ask for": {
			both(func(s *snapshot.Snapshot) {
				device(nil)(s)
				s.ServerList[0].Flavor.ExtraSpecs = map[string]string{}
			}), "cn2_gpu (" + child + ")", unset + " --provider " + second + " --provider " + child + " " + checktest.Server,
		},
		"a class that one of its own offers": {
			both(device([]string{own})), "of its own host cn1_gpu (" + own + ") offers that",
			"openstack --os-placement-api-version 1.28 resource provider allocation set --project-id=" + checktest.Project +
				" --user-id=u --allocation=rp=" + checktest.Compute + ",MEMORY_MB=2048,VCPU=1 --allocation=rp=" + checktest.Storage + ",DISK_GB=20" +
				" --allocation=rp=" + own + ",VGPU=1 " + checktest.Server,
		},
		"a class that one of its own has left": {
			both(func(s *snapshot.Snapshot) {
				device([]string{third, own})(s)
				checktest.Hold(s, "other", third, "VGPU", s.InventoryMap[third]["VGPU"].Total)
			}), "of its own host cn1_gpu (" + own + ") offers that",
			"openstack --os-placement-api-version 1.28 resource provider allocation set --project-id=" + checktest.Project +
				" --user-id=u --allocation=rp=" + checktest.Compute + ",MEMORY_MB=2048,VCPU=1 --allocation=rp=" + checktest.Storage + ",DISK_GB=20" +
				" --allocation=rp=" + own + ",VGPU=1 " + checktest.Server,
		},
		"a class that none of its own has left": {
			both(func(s *snapshot.Snapshot) {
				device([]string{own})(s)
				checktest.Hold(s, "other", own, "VGPU", s.InventoryMap[own]["VGPU"].Total)
			}), "First make room for server s1 (" + checktest.Server + "): cn1_gpu (" + own + ") has no room for 1 more of VGPU: 8 of 8 are used. Take away " +
				"what does not belong there, or move another server with such a device away: a device has no more than it has", "",
		},
		"a class that two of its own offer": {both(device([]string{own, third})), "gives it VGPU", ""},
	})
}

func TestRemedyOfStuckMoves(t *testing.T) {
	remedies(t, map[string]remedied{
		"a stuck move": {both(func(s *snapshot.Snapshot) {
			s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Status: "migrating", Updated: checktest.Taken().AddDate(0, 0, -2)}}
		}), "PLC502:consumer:m", ""},
	})
}

// What is advised names every provider that holds a share, and never takes the last one of a server away.
func remedies(t *testing.T, cases map[string]remedied) {
	t.Helper()
	for name, tc := range cases {
		s, c := checktest.Cloud(), doubleallocation.Check()
		tc.change(s)
		s.ServerList[0].UserID = "u"
		checktest.LookTwice(s, c)
		r := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0].Remedy
		if !strings.Contains(r.Text, tc.text) || r.Command != tc.command {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

const own = "c0000000-0000-4000-8000-00000000000f"

// device has a virtual GPU of cn2, and these providers of cn1 that offer one.
func device(offered []string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: child, Name: "cn2_gpu", ParentUUID: second, RootUUID: second}, "VGPU", 8)
		checktest.Hold(s, checktest.Server, child, "VGPU", 1)
		for _, uuid := range offered {
			checktest.AddProvider(s, openstack.Provider{UUID: uuid, Name: "cn1_gpu", ParentUUID: checktest.Compute, RootUUID: checktest.Compute}, "VGPU", 8)
		}
		s.ServerList[0].Flavor.ExtraSpecs = map[string]string{"resources:VGPU": "1"}
	}
}

// moved has a move of that kind from cn2 behind it.
func moved(kind, status string) func(*snapshot.Snapshot) {
	return both(func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Type: kind, Status: status, SourceNode: "cn2"}}
	})
}
