// SPDX-License-Identifier: Apache-2.0

package ratiodrift

import (
	"maps"
	"slices"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// place is where a provider's ratio of one class stands in one aggregate.
type place struct {
	aggregate  openstack.Aggregate
	class      string
	own, usual float64
	like, of   int // hosts with the usual ratio, hosts that offer the class
}

// membersOf returns the inventories of the compute nodes in an aggregate by UUID, without bare metal.
func membersOf(s *snapshot.Snapshot, a openstack.Aggregate) map[string]map[string]openstack.Inventory {
	members := map[string]map[string]openstack.Inventory{}
	for _, host := range a.Hosts {
		for _, h := range s.NodesOf(host) {
			inventories := s.Inventory(h.UUID)
			if _, there := s.Provider(h.UUID); there && h.Type != "ironic" && !snapshot.BareMetal(inventories) {
				members[h.UUID] = inventories
			}
		}
	}
	return members
}

func classes(members map[string]map[string]openstack.Inventory) []string {
	found := map[string]bool{}
	for _, inventories := range members {
		for class := range inventories {
			found[class] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// compare says where each member that offers the class stands.
func compare(a openstack.Aggregate, class string, members map[string]map[string]openstack.Inventory) map[string]place {
	own, count := map[string]float64{}, map[float64]int{}
	for uuid, inventories := range members {
		if i, offers := inventories[class]; offers {
			own[uuid] = rounded(i.AllocationRatio)
			count[own[uuid]]++
		}
	}
	usual := mostCommon(count)
	out := map[string]place{}
	for uuid, ratio := range own {
		out[uuid] = place{aggregate: a, class: class, own: ratio, usual: usual, like: count[usual], of: len(own)}
	}
	return out
}

// mostCommon returns the ratio that most have; of two that are equally common the lower, which promises less.
func mostCommon(count map[float64]int) float64 {
	ratios := slices.Sorted(maps.Keys(count))
	best := ratios[0]
	for _, r := range ratios {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}

// rounded keeps six digits: MariaDB stores ratios in single precision, and shows six (placement/db/sqlalchemy/models.py,
// Inventory.allocation_ratio is a Float).
func rounded(ratio float64) float64 {
	const digits = 6
	out, err := strconv.ParseFloat(strconv.FormatFloat(ratio, 'g', digits, 64), 64)
	if err != nil {
		return ratio
	}
	return out
}
