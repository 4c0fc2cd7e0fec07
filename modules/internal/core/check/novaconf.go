// SPDX-License-Identifier: Apache-2.0

package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// NovaConf names the options of nova.conf from which nova-compute writes a field of a class, again and again; empty where it
// writes none. It writes reserved in each case, and allocation_ratio where its option is set
// (nova/virt/libvirt/driver.py, update_provider_tree).
func NovaConf(class, field string) string {
	return map[string]string{
		"VCPU reserved":              "[DEFAULT]reserved_host_cpus",
		"PCPU reserved":              "[compute]cpu_dedicated_set",
		"MEMORY_MB reserved":         "[DEFAULT]reserved_host_memory_mb or reserved_huge_pages",
		"DISK_GB reserved":           "[DEFAULT]reserved_host_disk_mb or, for the image cache, [workarounds]reserve_disk_resource_for_image_cache",
		"VCPU allocation_ratio":      "[DEFAULT]cpu_allocation_ratio",
		"MEMORY_MB allocation_ratio": "[DEFAULT]ram_allocation_ratio",
		"DISK_GB allocation_ratio":   "[DEFAULT]disk_allocation_ratio",
	}[class+" "+field]
}

// Whole reports whether nova-compute gives out units of a class that can't be overcommitted, so that it writes the allocation_ratio 1
// (nova/virt/libvirt/driver.py, update_provider_tree; nova/compute/pci_placement_translator.py).
func Whole(class string) bool {
	return slices.Contains([]string{"PCPU", "VGPU", "MEM_ENCRYPTION_CONTEXT", "PCI_DEVICE", "PGPU", "FPGA", "SRIOV_NET_VF"}, class) || strings.HasPrefix(class, "CUSTOM_PCI_")
}

// NovaConfOf names the options from which nova-compute writes a field of these classes: "MEMORY_MB [DEFAULT]…, DISK_GB …".
func NovaConfOf(field string, classes ...string) string {
	var words []string
	for _, class := range classes {
		if option := NovaConf(class, field); option != "" {
			words = append(words, class+" "+option)
		}
	}
	return strings.Join(words, "; ")
}

// NovaWrites reports whether nova-compute of a host writes the inventories of a provider: it is a root and offers what only
// hosts offer.
func NovaWrites(provider openstack.Provider, capacities map[string]int) bool {
	offers := func(class string) bool { return class == "VCPU" || class == "PCPU" || class == "MEMORY_MB" }
	return provider.IsRoot() && slices.ContainsFunc(slices.Collect(maps.Keys(capacities)), offers)
}
