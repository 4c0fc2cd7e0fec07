// SPDX-License-Identifier: Apache-2.0

package heal

import "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"

// undoable reports whether Placement would give back what a step takes: it does not where the provider has no inventory of it any more, or
// one that allows no such amount. Room is not judged: other steps may make it.
func (p *planner) undoable(d *draft) bool {
	for _, c := range d.Changes {
		back := repair.Change{Op: c.Op, Before: c.After, After: c.Before}
		for uuid := range back.Growth() {
			offered, read := p.Snapshot.InventoryMap[uuid]
			if provider, whole := p.Providers[uuid]; whole {
				offered, read = provider.Inventories, true
			}
			if read && len(back.Unfit(uuid, offered)) > 0 {
				return false
			}
		}
	}
	return true
}
