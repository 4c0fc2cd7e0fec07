// SPDX-License-Identifier: Apache-2.0

package countedbyeach_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/countedbyeach"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// offer adds a compute node for each of the totals; with a share of the CPUs of the one before if makes differ.
func offer(differ bool, totals ...int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for i, total := range totals {
			uuid, cpus := fmt.Sprint("node", i), 16
			if differ {
				cpus += i
			}
			checktest.AddProvider(s, openstack.Provider{UUID: uuid, Name: uuid}, "DISK_GB", total)
			s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{
				UUID: uuid, Name: uuid, ServiceHost: uuid, Type: "QEMU", VCPUs: cpus, MemoryMB: 65536, LocalGB: total,
			})
		}
	}
}

// all changes the disk of all nodes.
func all(change func(*snapshot.Snapshot), disk func(*openstack.Inventory)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		change(s)
		for uuid, inventories := range s.InventoryMap {
			if i, there := inventories["DISK_GB"]; there && strings.HasPrefix(uuid, "node") {
				disk(&i)
				inventories["DISK_GB"] = i
			}
		}
	}
}

func TestCountedByEach(t *testing.T) {
	one := []string{"node0"}
	checktest.Run(t, countedbyeach.Check(), []checktest.Case{
		{Name: "a pool", Change: offer(false, 200000, 200000, 200000), Want: one},
		{Name: "a pool that was read at different times", Change: offer(false, 200100, 200000, 199990), Want: one},
		{Name: "two nodes", Change: offer(false, 200000, 200000)},
		{Name: "equal disks of their own", Change: offer(false, 1000, 1000, 1000, 1000, 1000)},
		{Name: "large equal disks of one make", Change: offer(false, 8000, 8000, 8000)},
		{Name: "large equal disks of different makes", Change: offer(true, 8000, 8000, 8000), Want: one},
		{Name: "equal disks of different makes", Change: offer(true, 2000, 2000, 2000)},
		{Name: "huge disks of different size", Change: offer(false, 100000, 150000, 200000)},
		{
			Name:   "each is limited to its part",
			Change: all(offer(false, 200000, 200000, 200000, 200000), func(i *openstack.Inventory) { i.AllocationRatio = 0.25 }),
		},
		{
			Name: "VMware", Change: func(s *snapshot.Snapshot) {
				offer(false, 200000, 200000, 200000)(s)
				for i := range s.HypervisorList {
					s.HypervisorList[i].Type = "VMware vCenter Server"
				}
			},
		},
	})
}

func TestCountedByEachAtTheSecondLook(t *testing.T) {
	checktest.Run(t, countedbyeach.Check(), []checktest.Case{
		{
			Name: "limited between the looks", Change: offer(false, 200000, 200000, 200000),
			Between: func(l *snapshot.Look) {
				l.Providers["node0"].Inventories = map[string]openstack.Inventory{"DISK_GB": {Total: 60000, AllocationRatio: 1}}
			},
		},
	})
}

func TestWords(t *testing.T) {
	s, c := checktest.Cloud(), countedbyeach.Check()
	offer(false, 200000, 200000, 200000)(s)
	checktest.LookTwice(s, c)
	f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
	for _, want := range []string{"3 providers of one size offer the same DISK_GB 200000, each for itself and without a sharing provider", "counted 3 times, 600000 in all"} {
		if !strings.Contains(f.Message, want) {
			t.Errorf("message %q does not say %q", f.Message, want)
		}
	}
}
