// SPDX-License-Identifier: Apache-2.0

package snapshot

import "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"

// HeldParts are what HeldAmounts rests on.
func HeldParts() []Part { return []Part{Usages, Allocations} }

// HeldAmounts returns what is held on a provider by resource class: what Placement counts as used, or if that is less, what its
// allocations add up to. Placement counts no usage of a class without inventory, but still holds its allocations, and refuses
// to delete the provider. Needs Usages and Allocations.
func (s *Snapshot) HeldAmounts(provider string) map[string]int {
	held := map[string]int{}
	for _, a := range s.HeldOn(provider) {
		for class, n := range a.Resources {
			held[class] += n
		}
	}
	for class, n := range s.Usage(provider) {
		if n > held[class] {
			held[class] = n
		}
	}
	return held
}

// HoldersIn returns the providers of a tree on which something is held. Needs Providers, Usages and Allocations.
func (s *Snapshot) HoldersIn(root string) []openstack.Provider {
	var holders []openstack.Provider
	for _, p := range s.Tree(root) {
		if InUse(s.HeldAmounts(p.UUID)) {
			holders = append(holders, p)
		}
	}
	return holders
}

// ChildrenOf returns the providers right below one. Needs Providers.
func (s *Snapshot) ChildrenOf(parent openstack.Provider) []openstack.Provider {
	var children []openstack.Provider
	for _, p := range s.Tree(parent.RootUUID) {
		if p.ParentUUID == parent.UUID {
			children = append(children, p)
		}
	}
	return children
}
