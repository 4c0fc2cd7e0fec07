// SPDX-License-Identifier: Apache-2.0

package flavor

import (
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Plain is what Nova asks for in the group without a suffix (nova/scheduler/utils.py, ResourceRequest.from_request_spec). A group with a
// suffix may ask for the same class: Nova keeps both, and leaves out only the default of a class that any group asks for, be it for 0.
func Plain(s openstack.Server) map[string]int {
	e := overrides(s.Flavor)
	given := func(class string) bool {
		_, plain := e.Amounts[class]
		return plain || slices.Contains(e.Open, class)
	}
	policy := s.Flavor.ExtraSpecs["hw:cpu_policy"]
	if policy == "dedicated" || policy == "mixed" || !given("VCPU") && !given("PCPU") {
		e.pin(s.Flavor)
	}
	if !given("MEMORY_MB") {
		e.Amounts["MEMORY_MB"] = s.Flavor.RAM
	}
	if !given("DISK_GB") {
		e.Amounts["DISK_GB"] = disk(s)
	}
	e.add(s.Flavor.ExtraSpecs)
	maps.DeleteFunc(e.Amounts, func(_ string, n int) bool { return n == 0 })
	return e.Amounts
}
