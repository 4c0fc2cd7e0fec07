// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// NoRoom says why Placement refuses to give a consumer these shares: a provider has no room for what they are beyond what the consumer
// holds there. Empty if all have, or if usages or capacities were not read.
func NoRoom(s *snapshot.Snapshot, consumer string, shares ...openstack.Allocation) string {
	if !s.Usable(snapshot.Capacities) || !s.Usable(snapshot.Usages) {
		return ""
	}
	has := map[string]map[string]int{}
	for _, a := range s.Held(consumer) {
		has[a.ProviderUUID] = a.Resources
	}
	for _, a := range shares {
		offered, used := s.Capacity(a.ProviderUUID), s.Usage(a.ProviderUUID)
		for _, class := range slices.Sorted(maps.Keys(a.Resources)) {
			more := a.Resources[class] - has[a.ProviderUUID][class]
			capacity, offers := offered[class]
			if offers && more > 0 && used[class]+more > capacity {
				return fmt.Sprintf("%s has no room for %d more of %s: %d of %d are used", Places(s, []openstack.Allocation{a}), more, class,
					used[class], capacity)
			}
		}
	}
	return ""
}

// RoomFirst is the remedy for a server that can't get its shares as there is no room for them; false if there is. Nova's ironic driver
// reserves the whole of a node that has an instance, and writes that back after a while.
func RoomFirst(s *snapshot.Snapshot, server openstack.Server, shares []openstack.Allocation) (Remedy, bool) {
	why := NoRoom(s, server.UUID, shares...)
	if why == "" {
		return Remedy{}, false
	}
	if class := reserved(s, server, shares); class != "" {
		owner := openstack.Owner{ConsumerUUID: server.UUID, ProjectID: server.ProjectID, UserID: server.UserID}
		return Remedy{
			Text: fmt.Sprintf("Set reserved of %s on %s to 0, with placement_inventory or inventory set --amend. Right after that, before nova-compute "+
				"reserves the node again, write what server %s is to hold there: Placement gives nothing of a node that is reserved", class,
				Places(s, shares), server.UUID),
			Command: Rewrite(owner, shares),
		}, true
	}
	return Remedy{Text: fmt.Sprintf("First make room for server %s: %s. Take away what does not belong there, move other servers away, or raise the "+
		"capacity. Then audit again", server.UUID, why)}, true
}

// reserved names the class of a bare-metal node that nobody holds and that is reserved; empty if the shares are not all of one.
func reserved(s *snapshot.Snapshot, server openstack.Server, shares []openstack.Allocation) string {
	if len(shares) != 1 || len(shares[0].Resources) != 1 || !BareMetal(s, server) {
		return ""
	}
	for class := range shares[0].Resources {
		if s.Capacity(shares[0].ProviderUUID)[class] == 0 && s.Usage(shares[0].ProviderUUID)[class] == 0 {
			return class
		}
	}
	return ""
}
