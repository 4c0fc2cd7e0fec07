// SPDX-License-Identifier: Apache-2.0

package misplacedallocation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/misplacedallocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const second = "c0000000-0000-4000-8000-000000000002"

// elsewhere puts the server's allocation on a second host.
func elsewhere(change func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
		s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], second)
		checktest.Release(s, checktest.Server)
		checktest.Hold(s, checktest.Server, second, "VCPU", 1)
		change(s)
	}
}

func TestMisplacedAllocation(t *testing.T) {
	same := func(*snapshot.Snapshot) {}
	server := []string{checktest.Server}
	checktest.Run(t, misplacedallocation.Check(), []checktest.Case{
		{Name: "on another host", Change: elsewhere(same), Want: server},
		{Name: "a task is under way", Change: elsewhere(func(s *snapshot.Snapshot) { s.ServerList[0].TaskState = "migrating" }), NotJudged: server},
		{
			Name: "a move is in progress",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				s.MigrationList = []openstack.Migration{{UUID: "m", ServerUUID: checktest.Server, Status: "migrating"}}
			}), NotJudged: server,
		},
		{Name: "its host has no compute node", Change: elsewhere(func(s *snapshot.Snapshot) { s.ServerList[0].Host = "cn9" }), NotJudged: server},
		{
			Name: "bare metal: its node went to another nova-compute",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				s.HypervisorList[0].Type = "ironic"
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "node2", ServiceHost: "cn2", Type: "ironic"})
				s.ServerList[0].Node = "node2"
			}),
		},
		{
			Name: "bare metal: several nodes of one host, told apart by name",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "node2", ServiceHost: "cn1"})
				s.ServerList[0].Node = "node2"
			}),
		},
		{
			Name: "on the wrong one of several nodes",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "node2", ServiceHost: "cn1"})
			}), Want: server,
		},
		{
			Name: "it holds shared disk only",
			Change: elsewhere(func(s *snapshot.Snapshot) {
				checktest.Release(s, checktest.Server)
				checktest.Hold(s, checktest.Server, checktest.Storage, "DISK_GB", 1)
			}),
		},
		{
			Name: "the server arrives there between the looks", Change: elsewhere(func(s *snapshot.Snapshot) {
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2"})
			}),
			Between: func(l *snapshot.Look) { l.Servers[checktest.Server].Host = "cn2" },
		},
	})
}

const move = "70000000-0000-4000-8000-000000000001"

// back puts the server back on cn1, while the migration that ended holds its share there.
func back(status string, age time.Duration) func(*snapshot.Snapshot) {
	return elsewhere(func(s *snapshot.Snapshot) {
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2"})
		s.ServerList[0].UserID = "u"
		s.MigrationList = []openstack.Migration{{
			UUID: move, ServerUUID: checktest.Server, Type: "migration", Status: status, SourceHost: "cn1", SourceNode: "cn1",
			Updated: checktest.Taken().Add(-age),
		}}
		checktest.Hold(s, move, checktest.Compute, "VCPU", 3)
	})
}

func found(t *testing.T, change func(*snapshot.Snapshot)) check.Finding {
	t.Helper()
	s, c := checktest.Cloud(), misplacedallocation.Check()
	change(s)
	checktest.LookTwice(s, c)
	return check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
}

// A share that an ended migration holds is given back in the request that empties the migration: one without the other is
// refused, or lets another server take the room.
func TestReturn(t *testing.T) {
	f := found(t, back("error", 0))
	consumer := func(allocations map[string]any) map[string]any {
		return map[string]any{"allocations": allocations, "project_id": checktest.Project, "user_id": "u", "consumer_generation": 1}
	}
	want := map[string]any{
		"method": "POST", "path": "/allocations", "microversion": "1.28",
		"body": map[string]any{
			move:             consumer(map[string]any{}),
			checktest.Server: consumer(map[string]any{checktest.Compute: map[string]any{"resources": map[string]int{"VCPU": 3}}}),
		},
	}
	if diff := cmp.Diff(want, f.Evidence["request"]); diff != "" {
		t.Error(diff)
	}
	for _, uuid := range []string{move, checktest.Server} {
		if !strings.Contains(f.Remedy.Text, uuid) || f.Remedy.Command != "" {
			t.Errorf("remedy %+v", f.Remedy)
		}
	}
}

func TestRemedy(t *testing.T) {
	f := found(t, elsewhere(func(s *snapshot.Snapshot) { s.ServerList[0].UserID = "u" }))
	want := "openstack --os-placement-api-version 1.28 resource provider allocation set --project-id=" + checktest.Project +
		" --user-id=u --allocation=rp=" + checktest.Compute + ",VCPU=1 " + checktest.Server
	if f.Remedy.Command != want || !strings.Contains(f.Remedy.Text, "from cn2 ("+second+") to its own host cn1") {
		t.Errorf("remedy %+v", f.Remedy)
	}
	f = found(t, elsewhere(func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: "child", Name: "cn2_gpu", ParentUUID: second, RootUUID: second}, "VGPU", 1)
		checktest.Hold(s, checktest.Server, "child", "VGPU", 1)
	}))
	if f.Remedy.Command != "" || !strings.Contains(f.Remedy.Text, "cn2 ("+second+") and cn2_gpu (child)") {
		t.Errorf("remedy %+v", f.Remedy)
	}
	// Placement refuses what its own host has no room for, or does not offer.
	f = found(t, elsewhere(func(s *snapshot.Snapshot) { checktest.Hold(s, "other", checktest.Compute, "VCPU", 10) }))
	if f.Remedy.Command != "" || !strings.Contains(f.Remedy.Text, "has no room for 1 more of VCPU: 10 of 10 are used") {
		t.Errorf("remedy %+v", f.Remedy)
	}
	f = found(t, elsewhere(func(s *snapshot.Snapshot) {
		checktest.Offer(s, second, "CUSTOM_BM", 1)
		checktest.Hold(s, checktest.Server, second, "CUSTOM_BM", 1)
	}))
	if f.Remedy.Command != "" || !strings.Contains(f.Remedy.Text, "with what its flavor asks for") {
		t.Errorf("remedy %+v", f.Remedy)
	}
	f = found(t, elsewhere(func(s *snapshot.Snapshot) {
		s.ProviderList = slices.DeleteFunc(s.ProviderList, func(p openstack.Provider) bool { return p.UUID == checktest.Compute })
	}))
	if f.Remedy.Command != "" || !strings.Contains(f.Remedy.Text, "PLC205") {
		t.Errorf("remedy %+v", f.Remedy)
	}
}

// Where a server that runs elsewhere holds the room, what it holds may be its only allocation: it is not taken away alone.
func TestRemedyOfStrays(t *testing.T) {
	const other = "50000000-0000-4000-8000-000000000002"
	stray := func(host string) func(*snapshot.Snapshot) {
		return elsewhere(func(s *snapshot.Snapshot) {
			s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2", State: "up"})
			s.ServerList = append(s.ServerList, openstack.Server{UUID: other, Name: "s2", Status: "ACTIVE", Host: host, Node: host})
			checktest.Hold(s, other, checktest.Compute, "VCPU", 10)
		})
	}
	for host, want := range map[string]string{"cn2": "and server s2 (" + other + "), which runs elsewhere (PLC103, PLC104), what each is to hold in one POST /allocations", "cn1": "or raise the capacity"} {
		if r := found(t, stray(host)).Remedy; !strings.Contains(r.Text, want) || r.Command != "" {
			t.Errorf("the holder is on %s: %+v", host, r)
		}
	}
	moving := func(s *snapshot.Snapshot) {
		stray("cn2")(s)
		s.ServerList[1].TaskState = "migrating"
	}
	if r := found(t, moving).Remedy; strings.Contains(r.Text, "POST") {
		t.Errorf("the holder is on its way: %+v", r)
	}
}

// A provider without inventory takes nothing.
func TestRemedyWithoutInventory(t *testing.T) {
	f := found(t, elsewhere(func(s *snapshot.Snapshot) {
		s.InventoryMap[checktest.Compute], s.UsageMap[checktest.Compute] = map[string]openstack.Inventory{}, map[string]int{}
	}))
	if f.Remedy.Command != "" || !strings.Contains(f.Remedy.Text, ". First let nova-compute write its inventory (PLC207)") {
		t.Errorf("remedy %+v", f.Remedy)
	}
}

// A move or a task of days excuses nothing, but it has to end before anything is moved.
func TestStuck(t *testing.T) {
	server := []string{checktest.Server}
	task := func(age time.Duration) func(*snapshot.Snapshot) {
		return elsewhere(func(s *snapshot.Snapshot) {
			s.ServerList[0].TaskState, s.ServerList[0].Created = "migrating", checktest.Taken().Add(-age)
		})
	}
	checktest.Run(t, misplacedallocation.Check(), []checktest.Case{
		{Name: "a task of an hour", Change: task(time.Hour), NotJudged: server},
		{Name: "a task of two days", Change: task(48 * time.Hour), Want: server},
		{Name: "a move of an hour", Change: back("migrating", time.Hour), NotJudged: server},
		{Name: "a move of two days", Change: back("migrating", 48*time.Hour), Want: server},
	})
	for want, change := range map[string]func(*snapshot.Snapshot){
		"PLC504:server:" + checktest.Server: task(48 * time.Hour), "PLC502:consumer:" + move: back("migrating", 48*time.Hour),
	} {
		if r := found(t, change).Remedy; !strings.Contains(r.Text, want) || r.Command != "" {
			t.Errorf("remedy %+v", r)
		}
	}
}

// A compute node's provider that was given a parent is still that node's (PLC211).
func TestNestedComputeNode(t *testing.T) {
	checktest.Run(t, misplacedallocation.Check(), []checktest.Case{{
		Name: "the server holds its own node's provider",
		Change: func(s *snapshot.Snapshot) {
			checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
			s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], second)
			s.ProviderList[0].ParentUUID, s.ProviderList[0].RootUUID = second, second
		},
	}})
}
