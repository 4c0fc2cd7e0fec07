// SPDX-License-Identifier: Apache-2.0

package filters_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/filters"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
)

type words = map[string]string

// Only filters that have something to say of the flavor and the image are named.
func TestOfFlavor(t *testing.T) {
	for name, c := range map[string]struct {
		specs, image words
		want         []string
	}{
		"plain":             {nil, nil, nil},
		"huge pages":        {words{"hw:mem_page_size": "large"}, nil, []string{"NUMATopologyFilter"}},
		"pages of an image": {nil, words{"hw_mem_page_size": "large"}, []string{"NUMATopologyFilter"}},
		"nodes":             {words{"hw:numa_nodes": "2"}, nil, []string{"NUMATopologyFilter"}},
		"pinned by image":   {nil, words{"hw_cpu_policy": "dedicated"}, []string{"NUMATopologyFilter"}},
		"pinned by amount":  {words{"resources:PCPU": "2"}, nil, []string{"NUMATopologyFilter"}},
		"no pinned ones":    {words{"resources1:PCPU": "0"}, nil, nil},
		"shared":            {words{"hw:cpu_policy": "shared"}, words{"hw_disk_bus": "scsi"}, nil},
		"capabilities":      {words{"capabilities:hypervisor_type": "QEMU", "x\n": "y"}, nil, []string{"capabilities:hypervisor_type (ComputeCapabilitiesFilter)"}},
		"address bits":      {words{"hw:maxphysaddr_bits": "42"}, nil, []string{"hw:maxphysaddr_bits (Compute"}},
		"an architecture":   {nil, words{"hw_architecture": "aarch64"}, []string{"hw_architecture (ImagePropertiesFilter)"}},
	} {
		is(t, name, filters.OfFlavor(openstack.Flavor{ExtraSpecs: c.specs}, c.image), c.want)
	}
}

// is wants as many sentences, each with its part.
func is(t *testing.T, name string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %q", name, got)
		return
	}
	for i := range got {
		if !strings.Contains(got[i], want[i]) || strings.ContainsAny(got[i], "\n\x1b") {
			t.Errorf("%s: no %q in %q", name, want[i], got[i])
		}
	}
}

type metadataCase struct {
	specs, image, metadata words
	want                   []string
}

// What the metadata of host aggregates decides is named with the hosts. cn1 is in the aggregate, cn2 in one without metadata.
func TestOfAggregates(t *testing.T) {
	const scoped = "aggregate_instance_extra_specs:"
	decides(t, map[string]metadataCase{
		"nothing":            {nil, nil, words{"availability_zone": "az1"}, nil},
		"an isolated one":    {nil, nil, words{"trait:CUSTOM_GOLD": "required"}, []string{"host aggregate one (cn1) is left out: it has trait:CUSTOM_GOLD=required"}},
		"one that is ours":   {words{"trait:CUSTOM_GOLD": "required"}, nil, words{"trait:CUSTOM_GOLD": "required"}, nil},
		"ours by a group":    {words{"resources_A:VGPU": "1", "trait_A:CUSTOM_GOLD": "required"}, nil, words{"trait:CUSTOM_GOLD": "required"}, nil},
		"one not required":   {nil, nil, words{"trait:CUSTOM_GOLD": "forbidden"}, nil},
		"a spec that fits":   {words{scoped + "ssd": "true"}, nil, words{"ssd": "false, true"}, []string{"whose aggregates have ssd=true (cn1)"}},
		"a spec that is not": {words{scoped + "ssd": "true"}, nil, words{"ssd": "false"}, []string{"whose aggregates have ssd=true (no host)"}},
		"no such key":        {words{scoped + "ssd": "true"}, nil, nil, []string{"(no host)"}},
		"without a scope":    {words{"ssd": "true"}, nil, words{"ssd": "true"}, []string{"ssd=true (cn1)"}},
		"of something else":  {words{"group_policy": "none"}, nil, words{"ssd": "true"}, nil},
		"another scope":      {words{"hw:ssd": "true"}, nil, words{"ssd": "true"}, nil},
		"two specs":          {words{scoped + "ssd": "true", "fast": "<or> a <or> b"}, nil, words{"ssd": "true", "fast": "b"}, []string{"fast=<or> a <or> b, ssd=true (cn1)"}},
		"another flavor":     {nil, nil, words{"instance_type": "large, huge"}, []string{"whether Nova leaves out cn1: instance_type"}},
		"the flavor":         {nil, nil, words{"instance_type": "large, small"}, nil},
		"another image":      {nil, words{"os_distro": "debian", "name": "x"}, words{"os_distro": "windows", "name": "one"}, []string{"whether Nova leaves out cn1: the aggregates there are for other"}},
		"the image":          {nil, words{"os_distro": "debian"}, words{"os_distro": "windows,debian"}, nil},
		"an image of none":   {nil, words{"os_distro": "debian"}, words{"ssd": "true"}, nil},
	})
}

func decides(t *testing.T, cases map[string]metadataCase) {
	t.Helper()
	for name, c := range cases {
		f := openstack.Flavor{Name: "small", VCPUs: 1, ExtraSpecs: c.specs}
		r, _ := scheduler.OfFlavor(f, false, c.image, "2.93")
		is(t, name, filters.OfAggregates(f, c.image, r, []openstack.Aggregate{{Name: "one", Hosts: []string{"cn1"}, Metadata: c.metadata}, {Name: "two", Hosts: []string{"cn2"}}}), c.want)
	}
}

// The operators of extra specs are those of Nova (scheduler/filters/extra_specs_ops.py).
func TestOperators(t *testing.T) {
	for wanted, values := range map[string][2]string{ // one that it takes, and one that it does not
		"ssd": {"ssd", "hdd"}, "= 4": {"5", "3"}, "== 4": {"4.0", "5"}, "!= 4": {"5", "4"}, ">= 4": {"4", "x"}, "<= 4": {"4", "5"},
		"s== a": {"a", "b"}, "s!= a": {"b", "a"}, "s< b": {"a", "b"}, "s<= b": {"b", "c"}, "s> b": {"c", "b"}, "s>= b": {"b", "a"},
		"<in> b": {"abc", "ac"}, "<all-in> a c": {"abc", "ab"}, "<or> a <or> b": {"b", "<or>"}, "s= a": {"s= a", "a"}, "": {"", "a"}, "a b": {"a b", "a"},
	} {
		for i, value := range values {
			f := openstack.Flavor{Name: "small", VCPUs: 1, ExtraSpecs: words{"aggregate_instance_extra_specs:k": wanted}}
			r, _ := scheduler.OfFlavor(f, false, nil, "2.93")
			got := filters.OfAggregates(f, nil, r, []openstack.Aggregate{{Hosts: []string{"cn1"}, Metadata: words{"k": value}}})
			if takes := strings.Contains(strings.Join(got, ""), "(cn1)"); takes != (i == 0) {
				t.Errorf("%s: %q %v", wanted, value, takes)
			}
		}
	}
	if got := filters.OfAggregates(openstack.Flavor{ExtraSpecs: words{"aggregate_instance_extra_specs:k": "<in>"}}, nil, &candidates.Request{},
		[]openstack.Aggregate{{Hosts: []string{"cn1"}, Metadata: words{"k": "<in>"}}}); !strings.Contains(strings.Join(got, ""), "no host") {
		t.Error(got)
	}
}
