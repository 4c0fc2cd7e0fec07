// SPDX-License-Identifier: Apache-2.0

package scheduler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
)

// impliedCase is an extra spec, and the traits that Novas make of it: of the group, of the root, or perhaps.
type impliedCase struct {
	specs, image map[string]string
	newest       string
	group, root  []string
	open         []string
}

// What follows is in scheduler/utils.py and scheduler/request_filter.py of Nova 26 (2.93) and 34 (2.104).
func TestImpliedByBothReleases(t *testing.T) {
	const tis, v2, user = "COMPUTE_SECURITY_TPM_TIS", "COMPUTE_SECURITY_TPM_2_0", "COMPUTE_SECURITY_TPM_SECRET_SECURITY_USER"
	tpm := map[string]string{"hw:tpm_version": "2.0"}
	socket := map[string]string{"hw:pci_numa_affinity_policy": "socket"}
	disks := map[string]string{"hw:ephemeral_encryption": "yes", "hw:ephemeral_encryption_format": "luks"}
	encrypted := []string{"COMPUTE_EPHEMERAL_ENCRYPTION", "COMPUTE_EPHEMERAL_ENCRYPTION_LUKS"}
	memory := map[string]string{"hw:mem_encryption": "true"}
	implies(t, map[string]impliedCase{
		"a TPM, Zed":                {tpm, nil, "2.93", []string{v2}, nil, nil},
		"a TPM, current":            {tpm, nil, "2.104", []string{v2, tis}, []string{user}, nil},
		"a TPM, unknown":            {tpm, nil, "", []string{v2}, nil, []string{tis, user}},
		"a TPM, 2025.1":             {tpm, nil, "2.100", []string{v2}, nil, []string{tis}},
		"accelerators, Zed":         {map[string]string{"accel:device_profile": "fpga"}, nil, "2.93", nil, []string{"COMPUTE_ACCELERATORS"}, []string{"its device profile"}},
		"a socket, Zed":             {socket, nil, "2.93", []string{"COMPUTE_SOCKET_PCI_NUMA_AFFINITY"}, nil, nil},
		"a socket, Victoria":        {socket, nil, "2.87", nil, nil, []string{"COMPUTE_SOCKET_PCI_NUMA_AFFINITY"}},
		"another policy":            {map[string]string{"hw:pci_numa_affinity_policy": "required"}, nil, "2.93", nil, nil, nil},
		"a socket of the image":     {nil, map[string]string{"hw_pci_numa_affinity_policy": "socket"}, "2.104", []string{"COMPUTE_SOCKET_PCI_NUMA_AFFINITY"}, nil, nil},
		"encrypted disks, Zed":      {disks, nil, "2.93", nil, encrypted, nil},
		"encrypted disks, Wallaby":  {disks, nil, "2.88", nil, nil, encrypted},
		"disks not encrypted":       {map[string]string{"hw:ephemeral_encryption": "no", "hw:ephemeral_encryption_format": "luks"}, nil, "2.104", nil, nil, nil},
		"encrypted memory, Zed":     {memory, nil, "2.93", nil, nil, nil},
		"encrypted memory, current": {memory, nil, "2.104", []string{"HW_CPU_X86_AMD_SEV"}, nil, nil},
		"encrypted memory, 2025.1":  {memory, nil, "2.100", nil, nil, []string{"HW_CPU_X86_AMD_SEV"}},
	})
}

// What follows is in neither file of Nova 26 (2.93), and in those of 34 (2.104).
func TestImpliedByNewReleases(t *testing.T) {
	ring, sound := map[string]string{"hw:virtio_packed_ring": "true"}, map[string]string{"hw:sound_model": "virtio"}
	wide := map[string]string{"hw:maxphysaddr_mode": "passthrough"}
	stateless := map[string]string{"hw_firmware_stateless": "true", "hw_firmware_type": "uefi"}
	implies(t, map[string]impliedCase{
		"packed queues, Zed":      {ring, nil, "2.93", nil, nil, nil},
		"packed queues, current":  {ring, nil, "2.104", nil, []string{"COMPUTE_NET_VIRTIO_PACKED"}, nil},
		"packed queues, 2024.1":   {ring, nil, "2.96", nil, nil, []string{"COMPUTE_NET_VIRTIO_PACKED"}},
		"addresses, Zed":          {wide, nil, "2.93", nil, nil, nil},
		"addresses, 2024.1":       {wide, nil, "2.96", []string{"COMPUTE_ADDRESS_SPACE_PASSTHROUGH"}, nil, nil},
		"emulated, current":       {map[string]string{"hw:maxphysaddr_mode": "emulate"}, nil, "2.104", []string{"COMPUTE_ADDRESS_SPACE_EMULATED"}, nil, nil},
		"sound, 2024.2":           {sound, nil, "2.96", nil, nil, nil},
		"sound, 2025.1 or 2025.2": {sound, nil, "2.100", nil, nil, []string{"COMPUTE_SOUND_MODEL_VIRTIO"}},
		"sound, 2026.1":           {sound, nil, "2.103", nil, []string{"COMPUTE_SOUND_MODEL_VIRTIO"}, nil},
		"another sound":           {map[string]string{"hw:sound_model": "ich9"}, nil, "2.104", nil, nil, nil},
		"stateless, Zed":          {nil, stateless, "2.93", nil, nil, nil},
		"stateless, 2024.2":       {nil, stateless, "2.96", nil, nil, []string{"COMPUTE_SECURITY_STATELESS_FIRMWARE"}},
		"stateless, current":      {nil, stateless, "2.104", []string{"COMPUTE_SECURITY_STATELESS_FIRMWARE"}, nil, nil},
		"stateless BIOS":          {nil, map[string]string{"hw_firmware_stateless": "true"}, "2.104", nil, nil, nil},
		"a secret of the host": {
			map[string]string{"hw:tpm_version": "2.0", "hw:tpm_model": "tpm-crb", "hw:tpm_secret_security": "host"},
			nil,
			"2.104",
			[]string{"COMPUTE_SECURITY_TPM_2_0", "COMPUTE_SECURITY_TPM_CRB"},
			[]string{"COMPUTE_SECURITY_TPM_SECRET_SECURITY_HOST"},
			nil,
		},
	})
}

// No API shows the version of the oldest nova-compute.
func TestOwned(t *testing.T) {
	for newest, want := range map[string]int{"": 0, "2.93": 0, "2.103": 0, "2.104": 1, "2.110": 1} {
		if got := scheduler.Owned(newest); len(got) != want {
			t.Errorf("%s: %q", newest, got)
		}
	}
}

func implies(t *testing.T, cases map[string]impliedCase) {
	t.Helper()
	for name, c := range cases {
		r, open := scheduler.OfFlavor(openstack.Flavor{VCPUs: 4, RAM: 2048, Disk: 20, ExtraSpecs: c.specs}, false, c.image, c.newest)
		if group := slices.Concat(r.Groups[0].Required...); !slices.Equal(group, c.group) || !slices.Equal(r.RootRequired, c.root) {
			t.Errorf("%s: the group %q, the root %q", name, group, r.RootRequired)
		}
		if len(open) != len(c.open) {
			t.Errorf("%s: %q", name, open)
		}
		for _, want := range c.open {
			if !slices.ContainsFunc(open, func(text string) bool { return strings.Contains(text, want) }) {
				t.Errorf("%s: no %s in %q", name, want, open)
			}
		}
	}
}
