// SPDX-License-Identifier: Apache-2.0

package orphanedallocation

import (
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// novasDevice reports whether what is held below a compute node is known to be a device of Nova's. Cyborg and
// Blazar have providers there too, and theirs are not judged. What tells:
//
//   - the trait OWNER_NOVA, which Nova sets on what it owns since 2026.2;
//   - a class that only Nova makes: CUSTOM_PCI_ with vendor and product (nova/compute/pci_placement_translator.py,
//     _get_rc_for_dev), MEM_ENCRYPTION_CONTEXT (nova/virt/libvirt/driver.py);
//   - a class that Neutron's agents offer and only Nova allocates, for the ports of a server (nova/objects/request_spec.py): Neutron
//     changes what a server holds of it, and never makes a consumer;
//   - the name of a physical GPU: that of the node, and the name that libvirt gives the device, as cn1_pci_0000_84_00_0
//     (nova/virt/libvirt/driver.py, _update_provider_tree_for_vgpu), whatever class [mdev_…]mdev_class makes of it;
//   - the name of a PCI device: that of the node, and the address in upper case, as cn1_0000:81:00.0
//     (pci_placement_translator.py, PciResourceProvider). Cyborg writes addresses as lspci does, in lower case, so that one
//     without letters may be its own: then the class FPGA, which is Cyborg's, proves nothing.
func novasDevice(s *snapshot.Snapshot, compute openstack.Provider, a openstack.Allocation) bool {
	provider, _ := s.Provider(a.ProviderUUID)
	if s.HasTrait(provider.UUID, snapshot.TraitOwner) {
		return true
	}
	ofNova := regexp.MustCompile(`^(CUSTOM_PCI_[0-9A-F]{4}_[0-9A-F]{4}|MEM_ENCRYPTION_CONTEXT|NET_BW_[EI]GR_KILOBIT_PER_SEC|NET_PACKET_RATE_(?:[EI]GR_)?KILOPACKET_PER_SEC)$`)
	for class := range a.Resources {
		if ofNova.MatchString(class) {
			return true
		}
	}
	device, below := strings.CutPrefix(provider.Name, compute.Name+"_")
	_, fpga := a.Resources["FPGA"]
	switch {
	case !below:
		return false
	case regexp.MustCompile(`^pci_[0-9a-f]{4}_[0-9a-f]{2}_[0-9a-f]{2}_[0-7]$`).MatchString(device):
		return true
	}
	return regexp.MustCompile(`^[0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.[0-7]$`).MatchString(device) && !fpga
}
