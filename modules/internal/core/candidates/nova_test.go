// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// A flavor becomes the query that Nova sends, without its limit.
func TestOfFlavor(t *testing.T) {
	const plain, off = "resources=DISK_GB%3A20%2CMEMORY_MB%3A2048%2CVCPU%3A4", "&root_required=%21COMPUTE_STATUS_DISABLED"
	for name, c := range map[string]struct {
		specs, image map[string]string
		want         string
	}{
		"plain":     {nil, nil, plain + off},
		"a trait":   {map[string]string{"trait:CUSTOM_SSD": "required", "trait:CUSTOM_OLD": "forbidden", "trait:X": "maybe"}, nil, "required=CUSTOM_SSD&required=%21CUSTOM_OLD&" + plain + off},
		"the image": {nil, map[string]string{"trait:CUSTOM_SSD": "required", "trait:CUSTOM_OLD": "forbidden", "hw_disk_bus": "scsi"}, "required=CUSTOM_SSD&" + plain + off},
		"a group": {
			map[string]string{"resources_GPU:VGPU": "1", "trait_GPU:CUSTOM_A100": "required"},
			nil,
			"required_GPU=CUSTOM_A100&" + plain + "&resources_GPU=VGPU%3A1" + off,
		},
		"two groups": {
			map[string]string{"resources1:VGPU": "1", "resources2:VGPU": "1", "group_policy": "isolate"},
			nil,
			"group_policy=isolate&" + plain + "&resources1=VGPU%3A1&resources2=VGPU%3A1" + off,
		},
		"dedicated": {
			map[string]string{"hw:cpu_policy": "dedicated", "hw:cpu_thread_policy": "isolate"},
			nil,
			"required=%21HW_CPU_HYPERTHREADING&resources=DISK_GB%3A20%2CMEMORY_MB%3A2048%2CPCPU%3A4" + off,
		},
		"no groups":  {map[string]string{"resources_\x1b[2J:VGPU": "1", "resources_a\nb:VGPU": "1", "trait_é:CUSTOM_A100": "required"}, nil, plain + off},
		"a TPM":      {map[string]string{"hw:tpm_version": "2.0"}, nil, "required=COMPUTE_SECURITY_TPM_2_0&" + plain + off},
		"bare metal": {map[string]string{"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0", "resources:CUSTOM_BM": "1"}, nil, "resources=CUSTOM_BM%3A1" + off},
	} {
		specs := c.specs
		if specs == nil {
			specs = map[string]string{}
		}
		r, _ := candidates.OfFlavor(openstack.Flavor{VCPUs: 4, RAM: 2048, Disk: 20, ExtraSpecs: specs}, false, c.image)
		if got := r.Query().Encode(); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// A zone is one of the host aggregates that have it; a zone without any is Nova's alone.
func TestZone(t *testing.T) {
	all := []openstack.Aggregate{
		{UUID: "b", Metadata: map[string]string{"availability_zone": "az1"}}, {UUID: "a", Metadata: map[string]string{"availability_zone": "az1"}}, {UUID: "c"},
	}
	for zone, want := range map[string]string{"az1": "member_of=in%3Aa%2Cb&resources=VCPU%3A1", "az2": "resources=VCPU%3A1", "nova": "resources=VCPU%3A1"} {
		r := &candidates.Request{Groups: []candidates.Group{{Resources: map[string]int{"VCPU": 1}}}}
		if is := r.Zone(zone, all); r.Query().Encode() != want || is != (zone == "az1") {
			t.Errorf("%s: %v %s", zone, is, r.Query().Encode())
		}
	}
}
