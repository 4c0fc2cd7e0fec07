// SPDX-License-Identifier: Apache-2.0

package scheduler

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
)

// trait is one that Nova's scheduler makes of an extra spec or of a property of the image.
type trait struct {
	name   string
	asked  bool
	of     string // the extra spec or the property
	root   bool   // the root of the tree must have it; else the group without a suffix
	never  string // no Nova adds it whose compute API has this newest microversion, or an older one; empty: unknown of all
	always string // each Nova adds it whose compute API has this newest microversion, or a newer one; empty: each Nova
}

// implied adds the traits that Nova makes of other extra specs and of the image, and says of which it is unknown whether this Nova does.
// newest is the newest microversion of its compute API; empty if that is unknown. The releases by their newest microversion are in Nova's
// api/openstack/compute/rest_api_version_history.rst (2026.2): 2.87 is Ussuri and Victoria, 2.88 Wallaby, 2.93 Zed, 2.95 2023.1 and 2023.2,
// 2.96 2024.1 and 2024.2, 2.100 2025.1 and 2025.2, 2.103 2026.1, 2.104 2026.2.
func implied(specs, properties map[string]string, newest string, g *candidates.Group, r *candidates.Request) (open []string) {
	for _, t := range append(security(specs, properties), devices(specs)...) {
		switch {
		case !t.asked, t.never != "" && newest != "" && atLeast(t.never, newest):
		case t.always != "" && !atLeast(newest, t.always):
			open = append(open, fmt.Sprintf("%s: whether this Nova requires the trait %s; all from microversion %s on do", t.of, t.name, t.always))
		case t.root:
			r.RootRequired = append(r.RootRequired, t.name)
		default:
			g.Required = append(g.Required, []string{t.name})
		}
	}
	threads(specs, g)
	return open
}

// security are the traits of memory encryption, a TPM, firmware and encrypted disks. All but these come from scheduler/utils.py,
// ResourceRequest: TPM_SECRET_SECURITY and EPHEMERAL_ENCRYPTION are of scheduler/request_filter.py.
//
// Nova 26 (Zed) has the version of the TPM, secure boot and the encryption of disks, and no other. Stateless firmware came in 2024.2
// (nova-specs, 2024.2/implemented/libvirt-stateless-firmware), encryption models with SEV-ES in 2025.2, the security of the secret of a TPM
// in 2026.1 (objects/service.py, version 72). The models of a TPM are in 34 (2026.2), and not in Zed.
func security(specs, properties map[string]string) []trait {
	const spec, filter = false, true
	tpm, version, model := specs["hw:tpm_version"] != "", specs["hw:tpm_version"], specs["hw:tpm_model"]
	secret := specs["hw:tpm_secret_security"]
	disks, format := flavor.Yes(specs["hw:ephemeral_encryption"]), specs["hw:ephemeral_encryption_format"]
	memory, by := flavor.Yes(specs["hw:mem_encryption"]), specs["hw:mem_encryption_model"]
	stateless := flavor.Yes(properties["hw_firmware_stateless"]) && properties["hw_firmware_type"] == "uefi"
	return []trait{
		{"COMPUTE_SECURITY_TPM_1_2", version == "1.2", "hw:tpm_version", spec, "", ""},
		{"COMPUTE_SECURITY_TPM_2_0", version == "2.0", "hw:tpm_version", spec, "", ""},
		{"COMPUTE_SECURITY_TPM_TIS", tpm && model != "tpm-crb", "hw:tpm_model", spec, "2.93", "2.104"},
		{"COMPUTE_SECURITY_TPM_CRB", tpm && model == "tpm-crb", "hw:tpm_model", spec, "2.93", "2.104"},
		{"COMPUTE_SECURITY_TPM_SECRET_SECURITY_USER", tpm && (secret == "" || secret == "user"), "hw:tpm_secret_security", filter, "2.100", "2.103"},
		{"COMPUTE_SECURITY_TPM_SECRET_SECURITY_HOST", tpm && secret == "host", "hw:tpm_secret_security", filter, "2.100", "2.103"},
		{"COMPUTE_SECURITY_TPM_SECRET_SECURITY_DEPLOYMENT", tpm && secret == "deployment", "hw:tpm_secret_security", filter, "2.100", "2.103"},
		{"COMPUTE_SECURITY_UEFI_SECURE_BOOT", specs["os:secure_boot"] == "required", "os:secure_boot", spec, "", ""},
		{"COMPUTE_SECURITY_STATELESS_FIRMWARE", stateless, "hw_firmware_stateless of the image", spec, "2.95", "2.100"},
		{"COMPUTE_EPHEMERAL_ENCRYPTION", disks, "hw:ephemeral_encryption", filter, "", "2.93"},
		{"COMPUTE_EPHEMERAL_ENCRYPTION_LUKS", disks && format == "luks", "hw:ephemeral_encryption_format", filter, "", "2.93"},
		{"COMPUTE_EPHEMERAL_ENCRYPTION_LUKSV2", disks && format == "luksv2", "hw:ephemeral_encryption_format", filter, "", "2.93"},
		{"COMPUTE_EPHEMERAL_ENCRYPTION_PLAIN", disks && format == "plain", "hw:ephemeral_encryption_format", filter, "", "2.93"},
		{"HW_CPU_X86_AMD_SEV", memory && (by == "" || by == "amd-sev"), "hw:mem_encryption", spec, "2.95", "2.103"},
		{"HW_CPU_X86_AMD_SEV_ES", memory && by == "amd-sev-es", "hw:mem_encryption_model", spec, "2.95", "2.103"},
		{"HW_CPU_X86_AMD_SEV_SNP", memory && by == "amd-sev-snp", "hw:mem_encryption_model", spec, "2.95", "2.104"},
		{"HW_CPU_X86_INTEL_TDX", memory && by == "intel-tdx", "hw:mem_encryption_model", spec, "2.95", "2.104"},
	}
}

// devices are the traits of accelerators, PCI devices, network queues, addresses and sound. Those of scheduler/request_filter.py are
// required of the root, the others are of scheduler/utils.py, ResourceRequest.
//
// Zed has those of accelerators and of PCI devices, and no other. Addresses came in 2023.2 or 2024.1 (nova-specs has
// libvirt-maxphysaddr-support as implemented in both), sound in 2025.2 (objects/service.py, version 69). Packed queues were approved for
// 2023.2 and 2024.1.
func devices(specs map[string]string) []trait {
	const spec, filter = false, true
	mode := specs["hw:maxphysaddr_mode"]
	return []trait{
		{"COMPUTE_ACCELERATORS", specs["accel:device_profile"] != "", "accel:device_profile", filter, "", "2.82"},
		{"COMPUTE_SOCKET_PCI_NUMA_AFFINITY", specs["hw:pci_numa_affinity_policy"] == "socket", "hw:pci_numa_affinity_policy", spec, "", "2.88"},
		{"COMPUTE_ADDRESS_SPACE_PASSTHROUGH", mode == "passthrough", "hw:maxphysaddr_mode", spec, "2.93", "2.96"},
		{"COMPUTE_ADDRESS_SPACE_EMULATED", mode == "emulate", "hw:maxphysaddr_mode", spec, "2.93", "2.96"},
		{"COMPUTE_NET_VIRTIO_PACKED", flavor.Yes(specs["hw:virtio_packed_ring"]), "hw:virtio_packed_ring", filter, "2.93", "2.100"},
		{"COMPUTE_SOUND_MODEL_VIRTIO", specs["hw:sound_model"] == "virtio", "hw:sound_model", filter, "2.96", "2.103"},
	}
}

// Owned says what the newest releases of Nova ask of each root. From 2026.2 on they require the trait OWNER_NOVA if the oldest nova-compute has
// service version 73 (scheduler/request_filter.py, owner_nova_filter).
func Owned(newest string) []string {
	if !atLeast(newest, "2.104") {
		return nil
	}
	return []string{"whether each root must have the trait OWNER_NOVA: only if every nova-compute is of 2026.2 or newer, which no API shows"}
}

// threads adds what the policy of CPU threads says of hyperthreading (scheduler/utils.py, _translate_pinning_policies).
func threads(specs map[string]string, g *candidates.Group) {
	const hyperthreading = "HW_CPU_HYPERTHREADING"
	if g.Resources["PCPU"] == 0 {
		return
	}
	switch specs["hw:cpu_thread_policy"] {
	case "require":
		g.Required = append(g.Required, []string{hyperthreading})
	case "isolate":
		g.Forbidden = append(g.Forbidden, hyperthreading)
	}
}

// atLeast reports whether a microversion of Nova's compute API is as new as another. All begin with "2.". An empty one is older than all.
func atLeast(version, than string) bool { return minor(version) >= minor(than) }

func minor(version string) int {
	_, text, _ := strings.Cut(version, ".")
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
