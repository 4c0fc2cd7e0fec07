// SPDX-License-Identifier: Apache-2.0

package filters

import (
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// OfGroup says which hosts the server group of a server rules out. hosts are those of its members, by server. With anti-affinity Nova takes no
// host that has too many of the other members, but for that of the server; with affinity it takes those that have a member
// (nova/scheduler/filters/affinity_filter.py). Soft policies rule nothing out.
func OfGroup(g openstack.ServerGroup, server string, hosts map[string]string) []string {
	others, all := map[string]int{}, []string{}
	for member, host := range hosts {
		if host == "" {
			continue
		}
		all = append(all, host)
		if member != server {
			others[host]++
		}
	}
	delete(others, hosts[server])
	maps.DeleteFunc(others, func(_ string, n int) bool { return n < g.MaxPerHost })
	name := "its server group " + foreign.Line(g.Name)
	switch {
	case g.Policy == "anti-affinity" && len(others) > 0:
		return []string{"whether Nova leaves out " + hostList(slices.Collect(maps.Keys(others))) + ": other servers of " + name +
			" (anti-affinity) are there; ServerGroupAntiAffinityFilter decides, which is on by default"}
	case g.Policy == "affinity" && len(all) > 0:
		slices.Sort(all)
		return []string{"whether Nova leaves out all hosts but " + hostList(slices.Compact(all)) + ": servers of " + name +
			" (affinity) are there; ServerGroupAffinityFilter decides, which is on by default"}
	}
	return nil
}
