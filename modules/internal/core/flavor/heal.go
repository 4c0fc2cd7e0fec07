// SPDX-License-Identifier: Apache-2.0

package flavor

import (
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Unhealable says why `nova-manage placement heal_allocations` is no remedy for a server of this flavor; empty if nothing
// speaks against it. It refuses servers with vGPUs and with device profiles (exit code 8), and writes all that it writes on
// the one provider of the compute node.
func Unhealable(f openstack.Flavor) string {
	switch {
	case f.ExtraSpecs == nil:
		return ""
	case f.ExtraSpecs["accel:device_profile"] != "":
		return "heal_allocations refuses servers with a device profile (exit code 8)"
	case asks(f, func(_, class string) bool { return class == "VGPU" }):
		return "heal_allocations refuses servers with vGPUs (exit code 8)"
	case f.ExtraSpecs["pci_passthrough:alias"] != "":
		return "heal_allocations leaves out PCI devices"
	case asks(f, func(suffix, _ string) bool { return suffix != "" }):
		return "heal_allocations leaves out groups of resources, which come from nested providers"
	}
	return ""
}

// Movable reports whether a server of this flavor can be cold-migrated: Nova refuses that for servers with a device profile
// (nova/compute/api.py, block_accelerators), and shelves and unshelves them.
func Movable(f openstack.Flavor) bool { return f.ExtraSpecs["accel:device_profile"] == "" }

func asks(f openstack.Flavor, wanted func(suffix, class string) bool) bool {
	for key, amount := range f.ExtraSpecs {
		suffix, class, ok := resourceKey(key)
		if ok && strings.TrimSpace(amount) != "0" && wanted(suffix, class) {
			return true
		}
	}
	return false
}
