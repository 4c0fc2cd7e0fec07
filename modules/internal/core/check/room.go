// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// shortage is a class of which a provider has less left than a consumer is to get there.
type shortage struct {
	provider, class      string
	more, used, capacity int
}

// NoRoom says why Placement refuses to give a consumer these shares: a provider has no room for what they are beyond what the consumer
// holds there. Empty if all have, or if usages or capacities were not read: what was read in part only may be used.
func NoRoom(s *snapshot.Snapshot, consumer string, shares ...openstack.Allocation) string {
	short, found := shortageOf(s, consumer, shares)
	if !found {
		return ""
	}
	return fmt.Sprintf("%s has no room for %d more of %s: %d of %d are used", Places(s, []openstack.Allocation{{ProviderUUID: short.provider}}),
		short.more, short.class, short.used, short.capacity)
}

func shortageOf(s *snapshot.Snapshot, consumer string, shares []openstack.Allocation) (shortage, bool) {
	if !s.Has(snapshot.Capacities) || !s.Has(snapshot.Usages) {
		return shortage{}, false
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
				return shortage{a.ProviderUUID, class, more, used[class], capacity}, true
			}
		}
	}
	return shortage{}, false
}

// RoomFirst is the remedy for a server that can't get its shares as there is no room for them; false if there is. Of bare metal it
// looks only at the class of the node: that is all that Nova claims of it.
func RoomFirst(s *snapshot.Snapshot, server openstack.Server, shares []openstack.Allocation) (Remedy, bool) {
	metal := BareMetal(s, server)
	if metal {
		shares = ofMetal(s, shares)
	}
	short, full := shortageOf(s, server.UUID, shares)
	if !full {
		return Remedy{}, false
	}
	if metal && len(shares) == 1 && short.capacity == 0 && short.used == 0 {
		return unreserve(s, server, shares[0], short.class), true
	}
	who, why, before := Named(server.Name, server.UUID), NoRoom(s, server.UUID, shares...), ""
	if metal && short.capacity == 0 {
		before = "; set reserved of both nodes to 0 right before"
	}
	lost := strays(s, server.UUID, short)
	switch {
	case len(lost) > 0:
		return Remedy{Text: fmt.Sprintf("First make room for server %s: %s. Give it and %s, which runs elsewhere (PLC103, PLC104), what each is to hold "+
			"in one POST /allocations of Placement at microversion 1.28 to 1.37, with the generation of each: that may be all that the other "+
			"holds%s. Then audit again", who, why, strings.Join(lost, " and "), before)}, true
	case metal:
		return Remedy{Text: fmt.Sprintf("First make room for server %s: %s. Take away what the other consumer holds of that node (PLC101), for a node "+
			"of bare metal is one server's. Then audit again", who, why)}, true
	case !slices.Contains(append(snapshot.Hosting(), "DISK_GB"), short.class):
		return Remedy{Text: fmt.Sprintf("First make room for server %s: %s. Take away what does not belong there, or move another server with such a "+
			"device away: a device has no more than it has. Then audit again", who, why)}, true
	}
	return Remedy{Text: fmt.Sprintf("First make room for server %s: %s. Take away what does not belong there, move other servers away, or raise the "+
		"capacity. Then audit again", who, why)}, true
}

// ofMetal leaves of shares what bare-metal nodes offer: one custom class each.
func ofMetal(s *snapshot.Snapshot, shares []openstack.Allocation) []openstack.Allocation {
	if !s.Has(snapshot.Capacities) {
		return nil
	}
	var left []openstack.Allocation
	for _, a := range shares {
		offered := s.Capacity(a.ProviderUUID)
		a.Resources = maps.Clone(a.Resources)
		maps.DeleteFunc(a.Resources, func(class string, _ int) bool {
			_, offers := offered[class]
			return !offers || !strings.HasPrefix(class, "CUSTOM_")
		})
		if len(a.Resources) > 0 {
			left = append(left, a)
		}
	}
	return left
}

// unreserve is the remedy for a server whose bare-metal node is reserved and held by nobody. Nova's ironic driver reserves the whole of
// a node that has an instance, and writes that back after a while.
func unreserve(s *snapshot.Snapshot, server openstack.Server, share openstack.Allocation, class string) Remedy {
	generation := "null"
	if held := s.Held(server.UUID); len(held) > 0 {
		generation = fmt.Sprint(Generation(held))
	}
	return Remedy{
		Text: fmt.Sprintf("Set reserved of %s on %s to 0. Right after that, before nova-compute reserves the node again, write what server %s is to "+
			"hold: PUT /allocations/%s at microversion 1.28 to 1.37 with %d of %s of that provider as all of its allocations, project_id %s, user_id %s "+
			"and consumer_generation %s. Set reserved to 1 again if the write is refused: the scheduler takes the node for free", class,
			Places(s, []openstack.Allocation{share}), Named(server.Name, server.UUID), server.UUID, share.Resources[class], class, server.ProjectID, server.UserID, generation),
		Command: foreign.Command("openstack resource provider inventory set --amend --resource=%s %s", class+":reserved=0", share.ProviderUUID),
	}
}

// strays names the servers that hold some of what is short and run elsewhere, with nothing under way: PLC103 and PLC104 are about them.
func strays(s *snapshot.Snapshot, consumer string, short shortage) []string {
	for _, part := range snapshot.ForComputeRoots(snapshot.Allocations, snapshot.Servers, snapshot.Migrations) {
		if !s.Usable(part) {
			return nil
		}
	}
	compute, hosted := s.ComputeOf(short.provider)
	var names []string
	for _, a := range s.HeldOn(short.provider) {
		server, is := s.Server(a.ConsumerUUID)
		node, known := s.NodeOf(server)
		if is && known && hosted && a.ConsumerUUID != consumer && a.Resources[short.class] > 0 && node.UUID != compute.UUID &&
			s.Busy(server, time.Duration(math.MaxInt64)) == "" {
			names = append(names, "server "+Named(server.Name, server.UUID))
		}
	}
	slices.Sort(names)
	return names
}
