// SPDX-License-Identifier: Apache-2.0

package unplaced

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// say puts the group into a sentence, and names the command that explains it.
func (g *Group) say() {
	of := ""
	if g.Project != "" {
		of = " of project " + g.Project
	}
	if g.Flavor != "" {
		of += " with flavor " + foreign.Line(g.Flavor)
	}
	word := "request"
	if g.Count > 1 {
		word = "requests"
	}
	g.Message = fmt.Sprintf("%d %s%s %s", g.Count, word, of, g.why())
	switch {
	case len(g.Servers) > 0:
		g.Command = foreign.Command("placement why --server %s", g.Servers[0])
	case g.Flavor != "":
		g.Command = foreign.Command("placement why --flavor=%s", g.Flavor)
	default:
		g.Message += "; no line that was read names the server, which the log of nova-conductor does"
	}
}

// why says what ended the search.
func (g *Group) why() string {
	switch {
	case g.Stage == Candidates:
		return "got no allocation candidates: Placement has no host that has room, traits and aggregates for it at once"
	case g.Stage == Filters && g.Filter != "":
		why := "had allocation candidates, and the filter " + g.Filter + " of Nova removed the last of them"
		if about := looksAt()[g.Filter]; about != "" {
			why += ": it looks at " + about
		}
		return why
	case g.Stage == Filters:
		return "had allocation candidates, and the filters of Nova removed all of them"
	}
	return "found no host; the log of nova-scheduler says why, and was not read"
}

// looksAt says what the filters of Nova decide by (nova/scheduler/filters, releases 26 to 33).
func looksAt() map[string]string {
	return map[string]string{
		"AggregateImagePropertiesIsolation": "the properties of the image and the metadata of host aggregates",
		"AggregateInstanceExtraSpecsFilter": "the extra specs of the flavor and the metadata of host aggregates",
		"AggregateIoOpsFilter":              "how many builds and moves a host has at once",
		"AggregateMultiTenancyIsolation":    "the project and filter_tenant_id of host aggregates",
		"AggregateNumInstancesFilter":       "how many servers a host has",
		"AggregateTypeAffinityFilter":       "the name of the flavor and instance_type of host aggregates",
		"AvailabilityZoneFilter":            "the availability zone of the request and of the host",
		"ComputeCapabilitiesFilter":         "the extra specs of the flavor and what the hypervisor reports",
		"ComputeFilter":                     "whether nova-compute is up and enabled",
		"DifferentHostFilter":               "the hint different_host of the request",
		"ImagePropertiesFilter":             "the architecture and the hypervisor type that the image asks for",
		"IoOpsFilter":                       "how many builds and moves a host has at once",
		"IsolatedHostsFilter":               "isolated_hosts and isolated_images of nova.conf",
		"JsonFilter":                        "the hint query of the request",
		"MetricsFilter":                     "the metrics that nova-compute reports",
		"NUMATopologyFilter":                "whether the NUMA cells of a host have the CPUs, the memory and the huge pages",
		"NumInstancesFilter":                "how many servers a host has",
		"PciPassthroughFilter":              "whether a host has the PCI devices",
		"SameHostFilter":                    "the hint same_host of the request",
		"ServerGroupAffinityFilter":         "the host of the other servers of its server group",
		"ServerGroupAntiAffinityFilter":     "the hosts of the other servers of its server group",
		"SimpleCIDRAffinityFilter":          "the hint build_near_host_ip of the request",
	}
}
