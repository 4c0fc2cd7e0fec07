// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Traits that tell what a provider is. Collect reads the list of holders of each.
const (
	TraitComputeNode = "COMPUTE_NODE"              // set by nova-compute on its root since os-traits 1.1.0 (Train)
	TraitSharing     = "MISC_SHARES_VIA_AGGREGATE" // shares its inventory with all members of its aggregates
	TraitDisabled    = "COMPUTE_STATUS_DISABLED"   // set by nova-compute while its service is disabled (Train)
	TraitOwner       = "OWNER_NOVA"                // set by nova-compute on what it owns (2026.2)
)

// KnownTraits lists the traits whose holders collect reads.
func KnownTraits() []string {
	return []string{TraitComputeNode, TraitSharing, TraitDisabled, TraitOwner, TraitOneTimeUse}
}

// Hosting lists the resource classes that only a compute service offers.
func Hosting() []string { return []string{"VCPU", "PCPU", "MEMORY_MB"} }

// Sharing reports whether the provider shares its inventory through aggregates, as shared storage does.
// Needs Traits.
func (s *Snapshot) Sharing(uuid string) bool { return s.HasTrait(uuid, TraitSharing) }

// ForComputeRoots lists the parts that ComputeRoot and what rests on it need, and more, in reading order: the Needs of a
// check that tells compute roots from others.
func ForComputeRoots(more ...Part) []Part {
	return Subset(append([]Part{Providers, Traits, Capacities, Hypervisors}, more...))
}

// ComputeRoot reports whether the provider is the root of a compute service: it has the trait or a hypervisor has its
// UUID. Where no provider has the trait, because nova-compute is older than it, what only compute services offer counts
// too; elsewhere such a provider is another service's, like Zun's. Needs Providers, Traits, Capacities and Hypervisors.
func (s *Snapshot) ComputeRoot(uuid string) bool {
	p, ok := s.Provider(uuid)
	if !ok || !p.IsRoot() || s.Sharing(uuid) {
		return false
	}
	_, hypervisor := s.Hypervisor(uuid)
	if hypervisor || s.HasTrait(uuid, TraitComputeNode) {
		return true
	}
	return len(s.TraitHolders[TraitComputeNode]) == 0 && s.offersHosting(uuid)
}

// UnclaimedHost reports whether the provider is a root that offers what compute services offer, but is not a ComputeRoot:
// it may be another service's, or left by a nova-compute older than the trait. Needs what ComputeRoot needs.
func (s *Snapshot) UnclaimedHost(uuid string) bool {
	p, ok := s.Provider(uuid)
	return ok && p.IsRoot() && !s.Sharing(uuid) && !s.ComputeRoot(uuid) && s.offersHosting(uuid)
}

func (s *Snapshot) offersHosting(uuid string) bool {
	offered := s.Capacity(uuid)
	return slices.ContainsFunc(Hosting(), func(class string) bool { _, offers := offered[class]; return offers })
}

// InComputeTree reports whether the provider is in the tree of a compute root. Needs what ComputeRoot needs.
func (s *Snapshot) InComputeTree(uuid string) bool {
	root, ok := s.Root(uuid)
	return ok && s.ComputeRoot(root.UUID)
}

// BareMetal reports whether the inventories are those of a bare-metal node: one custom class, one unit. Nova's ironic
// driver sets reserved to total while the node has an instance, so that it looks over capacity and is not.
func BareMetal(inventories map[string]openstack.Inventory) bool {
	if len(inventories) != 1 {
		return false
	}
	for class, i := range inventories {
		return len(class) > 7 && class[:7] == "CUSTOM_" && i.Total == 1 && i.MaxUnit == 1
	}
	return false
}

// InUse reports whether anything is used.
func InUse(usages map[string]int) bool {
	for _, n := range usages {
		if n > 0 {
			return true
		}
	}
	return false
}
