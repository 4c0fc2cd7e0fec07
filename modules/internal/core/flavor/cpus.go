// SPDX-License-Identifier: Apache-2.0

package flavor

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// pin splits the flavor's CPUs into shared and dedicated ones. Emulator threads with a CPU of their own take one more,
// but only where there are dedicated ones.
func (e *Expected) pin(f openstack.Flavor) {
	more := 0
	if f.ExtraSpecs["hw:emulator_threads_policy"] == "isolate" {
		more = 1
	}
	switch f.ExtraSpecs["hw:cpu_policy"] {
	case "dedicated":
		e.Amounts["PCPU"] = f.VCPUs + more
	case "mixed":
		n, told := dedicated(f)
		e.Amounts["VCPU"], e.Amounts["PCPU"] = f.VCPUs-n, n+more
		if !told {
			e.AnyCPUs = []int{f.VCPUs + more}
		}
	case "shared":
		e.Amounts["VCPU"] = f.VCPUs
	default:
		e.Amounts["VCPU"] = f.VCPUs
		e.AnyCPUs = slices.Compact([]int{f.VCPUs, f.VCPUs + more})
	}
}

// dedicated counts the dedicated CPUs of a flavor that has both kinds. Without a mask of its own the realtime mask counts,
// which an image may replace.
func dedicated(f openstack.Flavor) (n int, told bool) {
	if mask := f.ExtraSpecs["hw:cpu_dedicated_mask"]; mask != "" {
		return masked(mask, f.VCPUs)
	}
	n, _ = masked(f.ExtraSpecs["hw:cpu_realtime_mask"], f.VCPUs)
	return n, false
}

// masked counts the CPUs that a mask such as "0-3,^2" names; one that begins with a caret takes away from all
// (nova/virt/hardware.py, parse_cpu_spec). False if Nova would refuse it.
func masked(mask string, cpus int) (int, bool) {
	named, taken := map[int]bool{}, map[int]bool{}
	if strings.HasPrefix(strings.TrimSpace(mask), "^") {
		mask = fmt.Sprintf("0-%d,%s", cpus-1, mask)
	}
	for rule := range strings.SplitSeq(mask, ",") {
		rule = strings.TrimSpace(rule)
		if rule == "" {
			continue
		}
		rest, excludes := strings.CutPrefix(rule, "^")
		first, last, ok := span(rest)
		if !ok || last >= cpus {
			return 0, false
		}
		for cpu := first; cpu <= last; cpu++ {
			named[cpu] = named[cpu] || !excludes
			taken[cpu] = taken[cpu] || excludes
		}
	}
	n := 0
	for cpu := range named {
		if named[cpu] && !taken[cpu] {
			n++
		}
	}
	return n, n > 0
}

// span reads "4" or "4-7".
func span(text string) (first, last int, ok bool) {
	from, to, several := strings.Cut(text, "-")
	if !several {
		to = from
	}
	first, err := strconv.Atoi(strings.TrimSpace(from))
	last, wrong := strconv.Atoi(strings.TrimSpace(to))
	return first, last, err == nil && wrong == nil && 0 <= first && first <= last
}
