// SPDX-License-Identifier: Apache-2.0

package flavor_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

type specs map[string]string

// small is a server with 4 CPUs, 2 GiB of memory and disks of 20 and 5 GiB.
func small(extra specs) openstack.Server {
	return openstack.Server{Flavor: openstack.Flavor{VCPUs: 4, RAM: 2048, Disk: 20, Ephemeral: 5, ExtraSpecs: extra}}
}

// changed is what small should hold, but for these classes; 0 takes one away.
func changed(classes map[string]int) map[string]int {
	amounts := map[string]int{"VCPU": 4, "MEMORY_MB": 2048, "DISK_GB": 25}
	for class, n := range classes {
		amounts[class] = n
		if n == 0 {
			delete(amounts, class)
		}
	}
	return amounts
}

type amountCase struct {
	specs specs
	want  map[string]int // beside the plain flavor's
}

func TestExpectedAmounts(t *testing.T) {
	expects(t, map[string]amountCase{
		"a plain flavor":         {specs{}, nil},
		"shared CPUs":            {specs{"hw:cpu_policy": "shared"}, nil},
		"encrypted":              {specs{"hw:mem_encryption": "True"}, map[string]int{"MEM_ENCRYPTION_CONTEXT": 1}},
		"not encrypted":          {specs{"hw:mem_encryption": "false"}, nil},
		"persistent memory":      {specs{"hw:pmem": "4GB, big-one,4GB"}, map[string]int{"CUSTOM_PMEM_NAMESPACE_4GB": 2, "CUSTOM_PMEM_NAMESPACE_BIG_ONE": 1}},
		"other keys of the sort": {specs{"resources;1:VCPU": "9", "resource:VCPU": "9", "hw:resources:VCPU": "9"}, nil},
	})
}

func TestExpectedPinned(t *testing.T) {
	pinned := map[string]int{"VCPU": 0, "PCPU": 4}
	expects(t, map[string]amountCase{
		"dedicated CPUs":      {specs{"hw:cpu_policy": "dedicated"}, pinned},
		"emulator isolated":   {specs{"hw:cpu_policy": "dedicated", "hw:emulator_threads_policy": "isolate"}, map[string]int{"VCPU": 0, "PCPU": 5}},
		"emulator shared":     {specs{"hw:cpu_policy": "dedicated", "hw:emulator_threads_policy": "share"}, pinned},
		"isolated, not alone": {specs{"hw:cpu_policy": "shared", "hw:emulator_threads_policy": "isolate"}, nil},
		"mixed":               {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "1-3"}, map[string]int{"VCPU": 1, "PCPU": 3}},
		"mixed, isolated": {
			specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "1-3", "hw:emulator_threads_policy": "isolate"},
			map[string]int{"VCPU": 1, "PCPU": 4},
		},
		"mixed, exclusion": {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "^0-1"}, map[string]int{"VCPU": 2, "PCPU": 2}},
		"mixed, a list":    {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": " 0-3,^2, ^2 "}, map[string]int{"VCPU": 1, "PCPU": 3}},
	})
}

func TestExpectedOverrides(t *testing.T) {
	pinned := map[string]int{"VCPU": 0, "PCPU": 4}
	expects(t, map[string]amountCase{
		"overrides":             {specs{"resources:VCPU": "8", "resources:DISK_GB": "7"}, map[string]int{"VCPU": 8, "DISK_GB": 7}},
		"dedicated by override": {specs{"resources:PCPU": "4"}, pinned},
		"override removes":      {specs{"resources:DISK_GB": "0"}, map[string]int{"DISK_GB": 0}},
		"bare metal": {
			specs{"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0", "resources:CUSTOM_BM": "1"},
			map[string]int{"VCPU": 0, "MEMORY_MB": 0, "DISK_GB": 0, "CUSTOM_BM": 1},
		},
		"a vGPU":               {specs{"resources:VGPU": "1"}, map[string]int{"VGPU": 1}},
		"what Nova can't read": {specs{"resources:VCPU": "many", "resources:DISK_GB": "-1", "resources VCPU": "9", "trait:VCPU": "8"}, nil},
	})
}

func expects(t *testing.T, cases map[string]amountCase) {
	t.Helper()
	for name, tc := range cases {
		e := flavor.Expect(small(tc.specs))
		if diff := cmp.Diff(changed(tc.want), e.Amounts); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(e.Open)+len(e.Unknown) > 0 {
			t.Errorf("%s: open %v, unknown %v", name, e.Open, e.Unknown)
		}
	}
}

func TestExpectedDisk(t *testing.T) {
	for name, tc := range map[string]struct {
		volume bool
		swap   int
		want   int
	}{
		"no swap": {false, 0, 25}, "a little swap": {false, 1, 26}, "a GiB of swap": {false, 1024, 26},
		"and a bit more": {false, 1025, 27}, "from a volume": {true, 0, 5}, "from a volume, with swap": {true, 512, 6},
	} {
		server := small(specs{})
		server.FromVolume, server.Flavor.Swap = tc.volume, tc.swap
		if got := flavor.Expect(server).Amounts["DISK_GB"]; got != tc.want {
			t.Errorf("%s: DISK_GB %d, want %d", name, got, tc.want)
		}
	}
}

// What a flavor leaves to others is open: never an amount to be held to.
// What groups ask for of one class adds up; CPUs, memory and disk may be held otherwise, and 0 is nothing.
func TestExpectedGroups(t *testing.T) {
	e := flavor.Expect(small(specs{"resources1:VGPU": "1", "resources2:VGPU": "2", "resources_a:CUSTOM_X": "0", "resources3:PCPU": "2", "resources4:CPU": "1"}))
	if diff := cmp.Diff(map[string]int{"VGPU": 3}, e.Grouped); diff != "" {
		t.Error(diff)
	}
}

type partCase struct {
	specs   specs
	open    []string
	unknown []string
	gone    map[string]int
}

func TestExpectedInGroups(t *testing.T) {
	expectsInPart(t, map[string]partCase{
		"a numbered group": {specs{"resources1:VGPU": "1"}, []string{"VGPU"}, []string{"VGPU in a group of its own"}, nil},
		"a named group": {
			specs{"resources_NIC-a:CUSTOM_X": "1"},
			[]string{"CUSTOM_X"},
			[]string{"CUSTOM_X in a group of its own"},
			nil,
		},
		"memory in a group": {
			specs{"resources1:MEMORY_MB": "1", "resources:MEMORY_MB": "7"},
			[]string{"MEMORY_MB"},
			[]string{"MEMORY_MB in a group of its own"},
			map[string]int{"MEMORY_MB": 0},
		},
		"CPUs in a group": {
			specs{"resources1:PCPU": "2"},
			[]string{"PCPU", "VCPU"},
			[]string{"PCPU in a group of its own"},
			map[string]int{"VCPU": 0},
		},
	})
}

func TestExpectedUnknown(t *testing.T) {
	expectsInPart(t, map[string]partCase{
		"no class": {specs{"resources:CPU": "2"}, []string{"CPU"}, []string{"CPU, which may be no resource class"}, nil},
		"devices": {
			specs{"accel:device_profile": "gpu", "pci_passthrough:alias": "nic:1"},
			nil,
			[]string{"its device profile", "its PCI devices"},
			nil,
		},
		"hidden extra specs": {nil, nil, []string{"nova hides the extra specs of its flavor"}, map[string]int{"VCPU": 0, "MEMORY_MB": 0, "DISK_GB": 0}},
	})
}

func expectsInPart(t *testing.T, cases map[string]partCase) {
	t.Helper()
	for name, tc := range cases {
		e := flavor.Expect(small(tc.specs))
		want := flavor.Expected{Amounts: changed(tc.gone), Open: tc.open, Unknown: tc.unknown}
		if diff := cmp.Diff(want, e, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(e, "AnyCPUs", "Grouped")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if e.Nothing() {
			t.Errorf("%s: it asks for nothing", name)
		}
	}
}

type cpuCase struct {
	specs specs
	vcpu  int
	any   []int
}

// Where an image may have a say, any split of the CPUs is right.
func TestExpectedCPUs(t *testing.T) {
	expectsCPUs(t, map[string]cpuCase{
		"silent":                {specs{}, 4, []int{4}},
		"silent, isolated":      {specs{"hw:emulator_threads_policy": "isolate"}, 4, []int{4, 5}},
		"shared":                {specs{"hw:cpu_policy": "shared"}, 4, nil},
		"dedicated":             {specs{"hw:cpu_policy": "dedicated"}, 0, nil},
		"mixed":                 {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "0"}, 3, nil},
		"mixed, realtime":       {specs{"hw:cpu_policy": "mixed", "hw:cpu_realtime_mask": "^0"}, 1, []int{4}},
		"mixed, mask elsewhere": {specs{"hw:cpu_policy": "mixed", "hw:emulator_threads_policy": "isolate"}, 4, []int{5}},
		"mixed, mask too wide":  {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "0-99999999999"}, 4, []int{4}},
		"mixed, mask backwards": {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "3-1"}, 4, []int{4}},
		"mixed, no mask at all": {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "most"}, 4, []int{4}},
		"mixed, half a mask":    {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "0,3-1"}, 4, []int{4}},
		"mixed, all excluded":   {specs{"hw:cpu_policy": "mixed", "hw:cpu_dedicated_mask": "^0-3"}, 4, []int{4}},
		"an override":           {specs{"resources:VCPU": "4"}, 4, nil},
		"in a group":            {specs{"resources1:VCPU": "4"}, 0, nil},
	})
}

func expectsCPUs(t *testing.T, cases map[string]cpuCase) {
	t.Helper()
	for name, tc := range cases {
		e := flavor.Expect(small(tc.specs))
		if e.Amounts["VCPU"] != tc.vcpu {
			t.Errorf("%s: VCPU %d, want %d", name, e.Amounts["VCPU"], tc.vcpu)
		}
		if diff := cmp.Diff(tc.any, e.AnyCPUs); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestExpectedNothing(t *testing.T) {
	none := specs{"resources:VCPU": "0", "resources:MEMORY_MB": "0", "resources:DISK_GB": "0"}
	if e := flavor.Expect(small(none)); !e.Nothing() {
		t.Errorf("it asks for %v", e)
	}
	none["resources1:VGPU"] = "1"
	if e := flavor.Expect(small(none)); e.Nothing() {
		t.Error("a group of its own is nothing")
	}
	if e := flavor.Expect(small(specs{})); e.Nothing() {
		t.Error("a plain flavor asks for nothing")
	}
}
