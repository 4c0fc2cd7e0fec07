// SPDX-License-Identifier: Apache-2.0

package scheduler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
)

const plainQuery, usedHosts = "resources=DISK_GB%3A20%2CMEMORY_MB%3A2048%2CVCPU%3A4", "&root_required=%21COMPUTE_STATUS_DISABLED"

type flavorCase struct {
	specs, image map[string]string
	want         string
}

func TestOfFlavor(t *testing.T) {
	asksFor(t, map[string]flavorCase{
		"plain":   {nil, nil, plainQuery + usedHosts},
		"a trait": {map[string]string{"trait:CUSTOM_SSD": "required", "trait:CUSTOM_OLD": "forbidden", "trait:X": "maybe"}, nil, "required=CUSTOM_SSD%2C%21CUSTOM_OLD&" + plainQuery + usedHosts},
		"dedicated": {
			map[string]string{"hw:cpu_policy": "dedicated", "hw:cpu_thread_policy": "isolate"},
			nil,
			"required=%21HW_CPU_HYPERTHREADING&resources=DISK_GB%3A20%2CMEMORY_MB%3A2048%2CPCPU%3A4" + usedHosts,
		},
		"a TPM":      {map[string]string{"hw:tpm_version": "2.0"}, nil, "required=COMPUTE_SECURITY_TPM_2_0&" + plainQuery + usedHosts},
		"bare metal": {map[string]string{"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0", "resources:CUSTOM_BM": "1"}, nil, "resources=CUSTOM_BM%3A1" + usedHosts},
	})
}

func TestOfFlavorWithImage(t *testing.T) {
	asksFor(t, map[string]flavorCase{
		"the image": {nil, map[string]string{"trait:CUSTOM_SSD": "required", "trait:CUSTOM_OLD": "forbidden", "hw_disk_bus": "scsi"}, "required=CUSTOM_SSD&" + plainQuery + usedHosts},
		"an image with its own CPUs": {
			nil,
			map[string]string{"hw_cpu_policy": "dedicated", "hw_cpu_thread_policy": "require"},
			"required=HW_CPU_HYPERTHREADING&resources=DISK_GB%3A20%2CMEMORY_MB%3A2048%2CPCPU%3A4" + usedHosts,
		},
		"an image that is encrypted": {
			nil,
			map[string]string{"hw_mem_encryption": "true", "os_secure_boot": "required", "hw_tpm_version": "1.2"},
			"required=COMPUTE_SECURITY_TPM_1_2%2CCOMPUTE_SECURITY_UEFI_SECURE_BOOT&resources=DISK_GB%3A20%2CMEMORY_MB%3A2048%2CMEM_ENCRYPTION_CONTEXT%3A1%2CVCPU%3A4" + usedHosts,
		},
		"the flavor before the image": {map[string]string{"os:secure_boot": "disabled"}, map[string]string{"os_secure_boot": "required"}, plainQuery + usedHosts},
	})
}

func TestOfFlavorWithGroups(t *testing.T) {
	asksFor(t, map[string]flavorCase{
		"a group": {
			map[string]string{"resources_GPU:VGPU": "1", "trait_GPU:CUSTOM_A100": "required"},
			nil,
			"required_GPU=CUSTOM_A100&" + plainQuery + "&resources_GPU=VGPU%3A1" + usedHosts,
		},
		"two groups": {
			map[string]string{"resources1:VGPU": "1", "resources2:VGPU": "1", "group_policy": "isolate"},
			nil,
			"group_policy=isolate&" + plainQuery + "&resources1=VGPU%3A1&resources2=VGPU%3A1" + usedHosts,
		},
		"a class with and without": {
			map[string]string{"resources:VGPU": "1", "resources1:VGPU": "2"},
			nil,
			"resources=DISK_GB%3A20%2CMEMORY_MB%3A2048%2CVCPU%3A4%2CVGPU%3A1&resources1=VGPU%3A2" + usedHosts,
		},
		"defaults in a group": {
			map[string]string{"resources1:VCPU": "2", "resources1:MEMORY_MB": "512"},
			nil,
			"resources=DISK_GB%3A20&resources1=MEMORY_MB%3A512%2CVCPU%3A2" + usedHosts,
		},
		"an unknown class in a group": {map[string]string{"resources1:CPU": "2", "resources1:VGPU": "1"}, nil, plainQuery + "&resources1=VGPU%3A1" + usedHosts},
		"an unknown class alone":      {map[string]string{"resources1:CPU": "2"}, nil, plainQuery + usedHosts},
		"no groups":                   {map[string]string{"resources_\x1b[2J:VGPU": "1", "resources_a\nb:VGPU": "1", "trait_é:CUSTOM_A100": "required"}, nil, plainQuery + usedHosts},
	})
}

// Placement refuses several groups of a flavor without a policy, and Nova ignores a policy that is none.
func TestRefused(t *testing.T) {
	const two = "the flavor has 2 groups with resources and no group_policy: Placement refuses its request"
	groups := func(more ...string) map[string]string {
		specs := map[string]string{"resources1:VGPU": "1", "resources2:VGPU": "1"}
		for i := 0; i < len(more); i += 2 {
			specs[more[i]] = more[i+1]
		}
		return specs
	}
	for name, c := range map[string]struct {
		specs     map[string]string
		why, help string
	}{
		"no policy":               {groups(), two, "Set group_policy to none or isolate"},
		"a bad policy":            {groups("group_policy", "any"), two, "Set group_policy to none or isolate"},
		"none":                    {groups("group_policy", "none"), "", ""},
		"isolate":                 {groups("group_policy", "isolate"), "", ""},
		"one is empty":            {groups("resources2:VGPU", "0"), "", ""},
		"one is of nothing known": {map[string]string{"resources1:VGPU": "1", "resources2:CPU": "1"}, "", ""},
		"one group":               {map[string]string{"resources1:VGPU": "1"}, "", ""},
		"traits alone":            {map[string]string{"trait1:CUSTOM_A": "required"}, "the flavor asks for traits in group 1 and for no resources there", "Ask for resources in group 1"},
		"traits beside groups": {
			map[string]string{"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources1:CUSTOM_BM": "1", "trait:CUSTOM_A": "required"},
			"the flavor asks for traits in the group without a suffix", "Ask for resources in the group without a suffix",
		},
	} {
		r, _ := scheduler.OfFlavor(openstack.Flavor{VCPUs: 4, RAM: 2048, ExtraSpecs: c.specs}, false, nil, "2.93")
		why, help := scheduler.Refused(r)
		if (why == "") != (c.why == "") || !strings.HasPrefix(why, c.why) || !strings.HasPrefix(help, c.help) {
			t.Errorf("%s: %q, %q", name, why, help)
		}
		if got := r.Query().Get("group_policy"); (got != "") != (name == "none" || name == "isolate") {
			t.Errorf("%s: group_policy %q", name, got)
		}
	}
}

// A class of a group that Nova may not know is named, and not asked for.
func TestStrangeClass(t *testing.T) {
	_, open := scheduler.OfFlavor(openstack.Flavor{VCPUs: 1, ExtraSpecs: map[string]string{"resources1:CPU": "2", "resources1:VGPU": "1"}}, false, nil, "2.93")
	if want := []string{"CPU in group 1, which may be no resource class"}; !slices.Equal(open, want) {
		t.Errorf("%q", open)
	}
}

// A flavor becomes the query that Nova sends, without its limit.
func asksFor(t *testing.T, cases map[string]flavorCase) {
	t.Helper()
	for name, c := range cases {
		specs := c.specs
		if specs == nil {
			specs = map[string]string{}
		}
		r, _ := scheduler.OfFlavor(openstack.Flavor{VCPUs: 4, RAM: 2048, Disk: 20, ExtraSpecs: specs}, false, c.image, "2.93")
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

// What only Nova's configuration makes of an image is said, and asked for nowhere.
func TestImageIsOpen(t *testing.T) {
	_, open := scheduler.OfFlavor(openstack.Flavor{VCPUs: 1, ExtraSpecs: map[string]string{}}, false, map[string]string{"hw_vif_model": "e1000-82545em", "hw_disk_bus": "scsi", "hw_machine_type": "q35", "disk_format": "qcow2"}, "2.93")
	want := []string{
		"hw_disk_bus of the image: the trait COMPUTE_STORAGE_BUS_SCSI is required only if nova.conf has image_metadata_prefilter",
		"hw_vif_model of the image: the trait COMPUTE_NET_VIF_MODEL_E1000_82545EM is required only if nova.conf has image_metadata_prefilter",
		"disk_format of the image: the trait COMPUTE_IMAGE_TYPE_QCOW2 is required only if nova.conf has query_placement_for_image_type_support",
	}
	if !slices.Equal(open, want) {
		t.Errorf("%q", open)
	}
}

func TestUnfit(t *testing.T) {
	const gib = 1 << 30
	image := func(change func(*openstack.Image)) openstack.Image {
		i := openstack.Image{Status: "active", MinRAM: 2048, MinDisk: 20, Size: 20 * gib}
		change(&i)
		return i
	}
	for name, c := range map[string]struct {
		change        func(*openstack.Image)
		disk          int
		volume        bool
		refused, open string
	}{
		"all just fits":        {func(*openstack.Image) {}, 20, false, "", ""},
		"no content":           {func(i *openstack.Image) { i.Status = "queued" }, 20, true, "the image is queued, not active", ""},
		"memory":               {func(i *openstack.Image) { i.MinRAM++ }, 20, true, "the image needs 2049 MiB of memory (min_ram), and the flavor has 2048 MiB", ""},
		"disk":                 {func(i *openstack.Image) { i.MinDisk++ }, 20, false, "the image needs a root disk of 21 GiB (min_disk), and that of the flavor has 20 GiB", ""},
		"size":                 {func(i *openstack.Image) { i.Size++ }, 20, false, "the image has 21474836481 bytes, and the root disk of the flavor 20 GiB", ""},
		"no root disk":         {func(*openstack.Image) {}, 0, false, "", "zero_disk_flavor"},
		"a volume":             {func(i *openstack.Image) { i.Size++ }, 0, true, "", "whether the volume has the 20 GiB"},
		"a volume of any size": {func(i *openstack.Image) { i.MinDisk = 0 }, 0, true, "", ""},
	} {
		refused, open := scheduler.Unfit(openstack.Flavor{RAM: 2048, Disk: c.disk}, c.volume, image(c.change))
		if said := strings.Join(open, "; "); refused != c.refused || (said == "") != (c.open == "") || !strings.Contains(said, c.open) {
			t.Errorf("%s: refused %q, open %q", name, refused, open)
		}
	}
}

// Host aggregates name projects; whether that keeps one out of anywhere, no API tells.
func TestTenancy(t *testing.T) {
	const ours, theirs = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
	of := func(name, key, value string) openstack.Aggregate {
		return openstack.Aggregate{Name: name, Metadata: map[string]string{key: value}}
	}
	for name, c := range map[string]struct {
		aggregates []openstack.Aggregate
		want       []string
	}{
		"none":   {nil, []string{"no host aggregate names it"}},
		"zone":   {[]openstack.Aggregate{of("z", "availability_zone", ours)}, []string{"no host aggregate names it"}},
		"own":    {[]openstack.Aggregate{of("a", "filter_tenant_id", ours)}, []string{"has to land in the host aggregates that name it (a)"}},
		"dashes": {[]openstack.Aggregate{of("a", "filter_tenant_id2", theirs+", 01234567-89ab-cdef-0123-456789abcdef")}, []string{"(a)"}},
		"others": {[]openstack.Aggregate{of("b\n", "filter_tenant_id", theirs)}, []string{"no host aggregate names it", "kept out of the host aggregates of other projects (b)"}},
		"both":   {[]openstack.Aggregate{of("a", "filter_tenant_id", ours), of("b", "filter_tenant_id", theirs)}, []string{"(a)", "(b)"}},
	} {
		got := scheduler.Tenancy(ours, c.aggregates)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q", name, got)
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], c.want[i]) {
				t.Errorf("%s: no %q in %q", name, c.want[i], got[i])
			}
		}
	}
}
