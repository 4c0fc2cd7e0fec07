// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// UnmappedHosts returns the hosts whose nova-compute is up and has no hypervisor, at most five. os-hypervisors leaves
// out compute nodes whose host is not mapped to a cell (nova/api/openstack/compute/hypervisors.py), and their names
// need not be like the host's: bare metal, VMware, `host` in nova.conf. So each provider without a hypervisor may be
// theirs. Needs Services and Hypervisors.
func (s *Snapshot) UnmappedHosts() []string {
	const most = 5
	var hosts []string
	for _, service := range s.Services() {
		if service.Binary != "nova-compute" || service.State != "up" || len(s.NodesOf(service.Host)) > 0 {
			continue
		}
		if hosts = append(hosts, service.Host); len(hosts) == most {
			break
		}
	}
	return hosts
}

// Abandoned reports whether a root is a compute service's and has no compute node any more. Where that is unknown, doubt
// says why. unmapped is what UnmappedHosts returns. Needs what ComputeRoot needs.
func (s *Snapshot) Abandoned(root string, unmapped []string) (abandoned bool, doubt string) {
	_, live := s.Hypervisor(root)
	switch {
	case live:
		return false, ""
	case s.UnclaimedHost(root):
		return false, "it lacks the trait " + TraitComputeNode + ", which every nova-compute since Train sets: it may belong to " +
			"another service"
	case !s.ComputeRoot(root):
		return false, ""
	case len(unmapped) > 0:
		return false, "nova-compute on " + strings.Join(unmapped, ", ") + " is up, but nova shows no compute node of it; map new " +
			"hosts first: " + foreign.Command("nova-manage cell_v2 discover_hosts")
	}
	return true, ""
}
