// SPDX-License-Identifier: Apache-2.0

package checktest

import (
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// PointAt is the provider of cn1 as it was read seconds after the watch began, of that generation, with its inventories
// written that long ago.
func PointAt(seconds, generation int) snapshot.Point {
	at := Taken().Add(time.Duration(seconds) * time.Second)
	return snapshot.Point{
		At: at, Before: generation, After: generation, Written: at.Add(-time.Second),
		Consumers: map[string]int{Server: 1}, Traits: []string{snapshot.TraitComputeNode},
		Inventories: map[string]openstack.Inventory{
			"VCPU":    {Total: 10, MinUnit: 1, MaxUnit: 10, StepSize: 1, AllocationRatio: 1},
			"DISK_GB": {Total: 1000, MinUnit: 1, MaxUnit: 1000, StepSize: 1, AllocationRatio: 1},
		},
	}
}

// Watched makes these points what was seen of a provider.
func Watched(s *snapshot.Snapshot, provider string, points ...snapshot.Point) {
	g := snapshot.Growth{First: points[0].Before - 1, Last: points[len(points)-1].After, Changes: len(points), Points: points}
	s.Watch = &snapshot.Watch{
		Begun: Taken(), Ended: points[len(points)-1].At, Samples: len(points) + 1, Grown: map[string]snapshot.Growth{provider: g},
	}
}

// Fought makes it known that two writers gave the provider of cn1 8 and 16 VCPU in turns, three minutes apart.
func Fought(s *snapshot.Snapshot) {
	const apart = 180
	var points []snapshot.Point
	for i, total := range []int{16, 8, 16, 8} {
		p := PointAt(apart*i, 4+i)
		p.Inventories["VCPU"] = openstack.Inventory{Total: total, MinUnit: 1, MaxUnit: 16, StepSize: 1, AllocationRatio: 1}
		points = append(points, p)
	}
	Watched(s, Compute, points...)
}
