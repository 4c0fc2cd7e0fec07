// SPDX-License-Identifier: Apache-2.0

package overcapacity_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/overcapacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func offer(i openstack.Inventory, used int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.InventoryMap[checktest.Compute]["VCPU"] = i
		s.UsageMap[checktest.Compute]["VCPU"] = used
	}
}

func TestOverCapacity(t *testing.T) {
	host := []string{checktest.Compute}
	checktest.Run(t, overcapacity.Check(), []checktest.Case{
		{Name: "total below used", Change: offer(openstack.Inventory{Total: 2, AllocationRatio: 1}, 3), Want: host},
		{Name: "reserved above total, and nothing used", Change: offer(openstack.Inventory{Total: 2, Reserved: 3, AllocationRatio: 1}, 0)},
		{Name: "exactly full", Change: offer(openstack.Inventory{Total: 3, AllocationRatio: 1}, 3)},
		{Name: "reserved too high", Change: offer(openstack.Inventory{Total: 4, Reserved: 2, AllocationRatio: 1}, 3), Want: host},
		{Name: "ratio 0", Change: offer(openstack.Inventory{Total: 4, AllocationRatio: 0}, 1), Want: host},
		{Name: "capacity 3.9 is 3", Change: offer(openstack.Inventory{Total: 3, AllocationRatio: 1.3}, 4), Want: host},
		{Name: "capacity 3.9 gives 3", Change: offer(openstack.Inventory{Total: 3, AllocationRatio: 1.3}, 3)},
		{
			Name: "a bare-metal node with an instance",
			Change: func(s *snapshot.Snapshot) {
				s.InventoryMap[checktest.Compute] = map[string]openstack.Inventory{
					"CUSTOM_BAREMETAL": {Total: 1, Reserved: 1, MinUnit: 1, MaxUnit: 1, StepSize: 1, AllocationRatio: 1},
				}
				s.UsageMap[checktest.Compute] = map[string]int{"CUSTOM_BAREMETAL": 1}
			},
		},
		{
			Name: "raised between the looks", Change: offer(openstack.Inventory{Total: 2, AllocationRatio: 1}, 3),
			Between: func(l *snapshot.Look) {
				l.Providers[checktest.Compute].Inventories = map[string]openstack.Inventory{"VCPU": {Total: 8, AllocationRatio: 1}}
			},
		},
	})
}

// Nova's newest microversion tells how old Placement is, and so whether servers can be moved away.
func TestBlocksMoves(t *testing.T) {
	for newest, want := range map[string]string{"2.93": "yes", "2.96": "yes", "2.100": "unknown", "2.103": "no", "": "unknown"} {
		s, c := checktest.Cloud(), overcapacity.Check()
		offer(openstack.Inventory{Total: 2, AllocationRatio: 1}, 3)(s)
		s.Compute.Newest = newest
		checktest.LookTwice(s, c)
		f := check.Run(s, []*check.Check{c}, check.Defaults()).Findings[0]
		if f.Evidence["blocks_moves"] != want {
			t.Errorf("nova %q: blocks_moves is %v, want %s", newest, f.Evidence["blocks_moves"], want)
		}
		if moves := strings.Contains(f.Remedy.Text, "move servers away"); moves != (want != "yes") {
			t.Errorf("nova %q: %s", newest, f.Remedy.Text)
		}
		if says := strings.Contains(f.Message, "to move servers away"); says != (want != "no") {
			t.Errorf("nova %q: message %q", newest, f.Message)
		}
	}
}
