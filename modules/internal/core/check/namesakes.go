// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// OneName is the remedy for compute nodes that have one name, which Placement takes once. The nova-compute of Zed deletes the old
// compute node when it starts under another name, and ends if that has no resource provider (nova/compute/manager.py,
// update_available_resource). beside is what the check adds.
func OneName(named []openstack.Hypervisor, beside string) Remedy {
	return Remedy{
		Text: fmt.Sprintf("Give all but one of the hosts %s another name: the hypervisors of all are named %s, and Placement takes a name once%s. "+
			"Up to Zed, the nova-compute of such a host may end once with \"No such provider\": start it again. A later one refuses to start "+
			"under another name: delete the compute service of the host, and start it as a new one. Then audit again", nodes(named), named[0].Name, beside),
		Command: foreign.Command("openstack --os-compute-api-version 2.53 hypervisor list --matching=%s", named[0].Name),
	}
}

func nodes(named []openstack.Hypervisor) string {
	words := make([]string, len(named))
	for i, h := range named {
		words[i] = fmt.Sprintf("%s (%s)", h.ServiceHost, h.UUID)
	}
	return strings.Join(words, " and ")
}

// blocks reports whether a compute node can't have a resource provider as this one has its name. Needs Providers and Hypervisors.
func blocks(s *snapshot.Snapshot, provider openstack.Provider) bool {
	return slices.ContainsFunc(s.HypervisorsNamed(provider.Name), func(h openstack.Hypervisor) bool {
		_, there := s.Provider(h.UUID)
		return !there
	})
}
