// SPDX-License-Identifier: Apache-2.0

// Package flavor tells what a server should hold in Placement, from its flavor, with Nova's arithmetic.
package flavor

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Expected is what a server should hold, as far as its flavor tells.
type Expected struct {
	// Amounts are by resource class, over all providers together: shared storage may give the DISK_GB. None is 0.
	// Nil where Nova hides the flavor's extra specs: then nothing can be told.
	Amounts map[string]int
	// Open are the classes that the flavor asks for in amounts that it does not tell, sorted. None is in Amounts.
	Open []string
	// Grouped are the amounts that groups of their own ask for, of the classes in Open that are not in Base. A server that holds none
	// of such a class lacks it.
	Grouped map[string]int
	// Unknown says, in words, what the server may hold beyond Amounts and the flavor does not tell. Ports and images may
	// ask for more classes: a class that is neither in Amounts nor in Base proves nothing.
	Unknown []string
	// AnyCPUs are sums of VCPU and PCPU that are right too, split in any way: where the flavor is silent, an image property
	// (hw_cpu_policy, hw_cpu_realtime_mask) splits them. Empty where the flavor settles it.
	AnyCPUs []int
}

// Base lists the classes of which every flavor tells the amount, 0 if it is not in Amounts.
func Base() []string { return []string{"VCPU", "PCPU", "MEMORY_MB", "DISK_GB"} }

// Nothing reports whether the flavor asks for nothing at all, as one with resources:VCPU=0 and its like does.
func (e Expected) Nothing() bool { return len(e.Amounts)+len(e.Unknown) == 0 }

// Expect does Nova's arithmetic (nova/scheduler/utils.py, ResourceRequest.from_request_spec) for the embedded flavor.
func Expect(s openstack.Server) Expected {
	if s.Flavor.ExtraSpecs == nil {
		return Expected{Unknown: []string{"nova hides the extra specs of its flavor"}}
	}
	e := overrides(s.Flavor)
	_, cpus := e.Amounts["VCPU"]
	_, pcpus := e.Amounts["PCPU"]
	if !cpus && !pcpus {
		e.pin(s.Flavor)
	}
	e.fallback("MEMORY_MB", s.Flavor.RAM)
	e.fallback("DISK_GB", disk(s))
	e.add(s.Flavor.ExtraSpecs)
	e.close()
	return e
}

// disk is what the server's disks take of its host, in GiB. Swap is rounded up (nova/compute/utils.py,
// convert_mb_to_ceil_gb). A root disk on a volume takes nothing.
func disk(s openstack.Server) int {
	const gib = 1024 // MiB
	gb := s.Flavor.Ephemeral + (s.Flavor.Swap+gib-1)/gib
	if !s.FromVolume {
		gb += s.Flavor.Disk
	}
	return gb
}

// resourceKey takes apart the key of an extra spec that asks for resources, as Nova's pattern does. A suffix makes a group
// of its own, which may come from another provider than the rest.
func resourceKey(key string) (suffix, class string, ok bool) {
	const longest = 64
	odd := func(c rune) bool {
		return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-')
	}
	rest, ok := strings.CutPrefix(key, "resources")
	suffix, class, several := strings.Cut(rest, ":")
	return suffix, class, ok && several && len(suffix) <= longest && !strings.ContainsFunc(suffix, odd)
}

// overrides reads what the flavor asks for in so many words, zeros too. Nova leaves out what it can't read.
func overrides(f openstack.Flavor) Expected {
	e := Expected{Amounts: map[string]int{}}
	for _, key := range slices.Sorted(maps.Keys(f.ExtraSpecs)) {
		suffix, class, ok := resourceKey(key)
		n, err := strconv.Atoi(strings.TrimSpace(f.ExtraSpecs[key]))
		switch {
		case !ok, err != nil, n < 0:
		case suffix != "":
			e.open(class, class+" in a group of its own")
			e.group(class, n)
		case !Known(class):
			e.open(class, fmt.Sprintf("%s, which may be no resource class", class))
		default:
			e.Amounts[class] = n
		}
	}
	return e
}

func (e *Expected) group(class string, n int) {
	if n == 0 || !Known(class) || slices.Contains(Base(), class) {
		return
	}
	if e.Grouped == nil {
		e.Grouped = map[string]int{}
	}
	e.Grouped[class] += n
}

func (e *Expected) open(class, why string) {
	e.Open = append(e.Open, class)
	e.Unknown = append(e.Unknown, why)
}

// Known reports whether Nova takes this for a resource class: a custom one, or one of os-resource-classes 1.1.0.
func Known(class string) bool {
	return strings.HasPrefix(class, "CUSTOM_") || slices.Contains([]string{
		"VCPU", "MEMORY_MB", "DISK_GB", "PCI_DEVICE", "SRIOV_NET_VF", "NUMA_SOCKET", "NUMA_CORE", "NUMA_THREAD",
		"NUMA_MEMORY_MB", "IPV4_ADDRESS", "VGPU", "VGPU_DISPLAY_HEAD", "NET_BW_EGR_KILOBIT_PER_SEC",
		"NET_BW_IGR_KILOBIT_PER_SEC", "PCPU", "MEM_ENCRYPTION_CONTEXT", "FPGA", "PGPU",
		"NET_PACKET_RATE_KILOPACKET_PER_SEC", "NET_PACKET_RATE_EGR_KILOPACKET_PER_SEC",
		"NET_PACKET_RATE_IGR_KILOPACKET_PER_SEC",
	}, class)
}

func (e *Expected) fallback(class string, amount int) {
	if _, given := e.Amounts[class]; !given {
		e.Amounts[class] = amount
	}
}

// Yes reports whether Nova reads a text as true (oslo.utils, bool_from_string).
func Yes(text string) bool {
	return slices.Contains([]string{"1", "t", "true", "on", "y", "yes"}, strings.ToLower(strings.TrimSpace(text)))
}

// add puts in what other extra specs ask for, and says what they leave open.
func (e *Expected) add(specs map[string]string) {
	if Yes(specs["hw:mem_encryption"]) {
		e.Amounts["MEM_ENCRYPTION_CONTEXT"] = 1
	}
	for class, n := range pmem(specs["hw:pmem"]) {
		e.Amounts[class] = n
	}
	for _, other := range []struct{ key, words string }{
		{"accel:device_profile", "its device profile"},
		{"pci_passthrough:alias", "its PCI devices"},
	} {
		if specs[other.key] != "" {
			e.Unknown = append(e.Unknown, other.words)
		}
	}
}

// pmem counts persistent memory namespaces by class: hw:pmem=4GB,4GB asks for two of CUSTOM_PMEM_NAMESPACE_4GB.
func pmem(labels string) map[string]int {
	amounts := map[string]int{}
	if labels == "" {
		return amounts
	}
	odd := regexp.MustCompile(`[^0-9A-Za-z]+`) // os_resource_classes, normalize_name
	for label := range strings.SplitSeq(labels, ",") {
		if label = strings.TrimSpace(label); label != "" {
			amounts["CUSTOM_PMEM_NAMESPACE_"+strings.ToUpper(odd.ReplaceAllString(label, "_"))]++
		}
	}
	return amounts
}

// close takes out what is open and what is 0. Nova adds no VCPU where a group asks for PCPU, nor the other way round.
func (e *Expected) close() {
	cpu := func(class string) bool { return class == "VCPU" || class == "PCPU" }
	if slices.ContainsFunc(e.Open, cpu) {
		e.Open, e.AnyCPUs = append(e.Open, "VCPU", "PCPU"), nil
	}
	slices.Sort(e.Open)
	e.Open = slices.Compact(e.Open)
	maps.DeleteFunc(e.Amounts, func(class string, n int) bool { return n == 0 || slices.Contains(e.Open, class) })
}
