// SPDX-License-Identifier: Apache-2.0

package flavor_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

func TestUnhealable(t *testing.T) {
	for spec, want := range map[string]string{
		"resources:VGPU=1":           "vGPUs (exit code 8)",
		"resources1:VGPU=1":          "vGPUs (exit code 8)",
		"resources:VGPU=0":           "",
		"accel:device_profile=gpu":   "device profile (exit code 8)",
		"pci_passthrough:alias=a:1":  "PCI devices",
		"resources_nic:CUSTOM_NIC=1": "nested providers",
		"resources:CUSTOM_BM=1":      "",
		"hw:cpu_policy=dedicated":    "",
	} {
		key, value, _ := strings.Cut(spec, "=")
		f := openstack.Flavor{ExtraSpecs: map[string]string{key: value}}
		if got := flavor.Unhealable(f); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q", spec, got)
		}
		if movable := !strings.HasPrefix(key, "accel"); flavor.Movable(f) != movable {
			t.Errorf("%s: movable %v", spec, !movable)
		}
	}
	if got := flavor.Unhealable(openstack.Flavor{}); got != "" {
		t.Errorf("hidden extra specs: %q", got)
	}
}
