// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"regexp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// TraitOneTimeUse marks a PCI device that Nova gives out once: it sets reserved to total at the first allocation, and leaves it
// so when the server is gone, until somebody has made the device fit for the next (one_time_use in [pci]device_spec, Nova since
// 2025.2).
const TraitOneTimeUse = "HW_PCI_ONE_TIME_USE"

// OneTimeUse reports whether a provider is a device that is given out once. Where Placement was not asked for the trait, as for
// a snapshot that an earlier version saved, likely tells that it looks like one: a PCI device with everything reserved.
func (s *Snapshot) OneTimeUse(p openstack.Provider, inventories map[string]openstack.Inventory) (is, likely bool) {
	if s.Parts[Traits].Read && s.KnowsTrait(TraitOneTimeUse) {
		return s.HasTrait(p.UUID, TraitOneTimeUse), false
	}
	return false, PCIDevice(p) && allReserved(inventories)
}

// PCIDevice reports whether a provider has the name that nova-compute gives to a PCI device that Placement tracks: that of the
// compute node and the address (nova/compute/pci_placement_translator.py).
func PCIDevice(p openstack.Provider) bool {
	return !p.IsRoot() && regexp.MustCompile(`_[0-9A-Fa-f]{4}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]$`).MatchString(p.Name)
}

func allReserved(inventories map[string]openstack.Inventory) bool {
	for _, i := range inventories {
		if i.Reserved != i.Total {
			return false
		}
	}
	return len(inventories) > 0
}

// NovasDevice reports whether a provider has the name that nova-compute gives to a device of its own: a PCI device, or a physical
// GPU that is divided (NODE_pci_0000_84_00_0, nova/virt/libvirt/driver.py).
func NovasDevice(p openstack.Provider) bool {
	gpu := regexp.MustCompile(`_pci_[0-9a-f]{4}_[0-9a-f]{2}_[0-9a-f]{2}_[0-9a-f]$`)
	return PCIDevice(p) || !p.IsRoot() && gpu.MatchString(p.Name)
}
