// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// remedyOf is the task that heals one finding and nothing else.
func remedyOf(id, fingerprint string) (module string, args map[string]any) {
	return "placement_heal", map[string]any{"checks": []any{id}, "findings": []any{map[string]any{"fingerprint": fingerprint}}}
}

// BareMetal reports whether a server is known to be bare metal: it can't be resized, migrated, shelved or evacuated. Its node
// tells, for another nova-compute may have taken that from the server's host.
func BareMetal(s *snapshot.Snapshot, server openstack.Server) bool {
	if !s.Has(snapshot.Hypervisors) {
		return false
	}
	node, known := s.NodeOf(server)
	if known {
		return node.Type == ironic
	}
	return slices.ContainsFunc(s.Hypervisors(), func(h openstack.Hypervisor) bool { return h.Type == ironic && h.Name == server.Node })
}

const ironic = "ironic" // the type of a hypervisor

// Unhealable says why heal_allocations is no remedy for a server: its flavor speaks against it, or the provider of its host does not
// offer all that the flavor asks for, or has no room for it. Placement refuses what is written then.
func Unhealable(s *snapshot.Snapshot, server openstack.Server) string {
	if why := flavor.Unhealable(server.Flavor); why != "" {
		return why
	}
	if !s.Has(snapshot.Hypervisors) || !s.Has(snapshot.Capacities) {
		return ""
	}
	node, _ := s.NodeOf(server)
	offered, asked := s.Capacity(node.UUID), flavor.Expect(server)
	if len(offered) == 0 {
		return "" // nova-compute writes it first
	}
	for _, class := range slices.Sorted(maps.Keys(asked.Amounts)) {
		if _, there := offered[class]; !there && asked.Amounts[class] > 0 {
			return fmt.Sprintf("heal_allocations writes everything on %s (%s), which offers no %s", node.Name, node.UUID, class)
		}
	}
	if why := NoRoom(s, server.UUID, allOf(node, asked)); why != "" {
		return "heal_allocations writes everything on its own host: " + why
	}
	return ""
}

// allOf is what a flavor asks for, as a share of a node.
func allOf(node openstack.Hypervisor, asked flavor.Expected) openstack.Allocation {
	amounts := maps.Clone(asked.Amounts)
	maps.DeleteFunc(amounts, func(_ string, n int) bool { return n == 0 })
	return openstack.Allocation{ProviderUUID: node.UUID, Resources: amounts}
}
