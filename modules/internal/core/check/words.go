// SPDX-License-Identifier: Apache-2.0

package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Amounts writes resources as a person reads them: "DISK_GB 20, MEMORY_MB 2048, VCPU 1".
func Amounts(resources map[string]int) string {
	words := make([]string, 0, len(resources))
	for _, class := range slices.Sorted(maps.Keys(resources)) {
		words = append(words, fmt.Sprintf("%s %d", class, resources[class]))
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

// Named writes what has a name and a UUID as a person reads it: "cn1 (772c…)", or the UUID alone where the name is not known.
func Named(name, uuid string) string {
	if name == "" {
		return uuid
	}
	return fmt.Sprintf("%s (%s)", name, uuid)
}

// Holdings writes what a consumer holds and where: "VCPU 1 on cn1 (772c…) and DISK_GB 20 on ceph (32cc…)", or "nothing".
func Holdings(s *snapshot.Snapshot, held []openstack.Allocation) string {
	if len(held) == 0 {
		return "nothing"
	}
	words := make([]string, 0, len(held))
	for _, a := range held {
		provider, _ := s.Provider(a.ProviderUUID)
		words = append(words, fmt.Sprintf("%s on %s (%s)", Amounts(a.Resources), provider.Name, a.ProviderUUID))
	}
	slices.Sort(words)
	return strings.Join(words, " and ")
}

// HeldEvidence is what a consumer holds, as data.
func HeldEvidence(s *snapshot.Snapshot, held []openstack.Allocation) []map[string]any {
	out := make([]map[string]any, 0, len(held))
	for _, a := range held {
		provider, _ := s.Provider(a.ProviderUUID)
		out = append(out, map[string]any{
			"provider_uuid": a.ProviderUUID, "provider_name": provider.Name, "resources": a.Resources,
		})
	}
	slices.SortFunc(out, func(a, b map[string]any) int {
		return cmp.Compare(fmt.Sprint(a["provider_uuid"]), fmt.Sprint(b["provider_uuid"]))
	})
	return out
}

// Still is a stamp that changes with whatever Nova or Placement write about a server: with it only a server that stood
// still between the looks is a finding. A consumer's generation alone does not tell, for a consumer created again begins at 1.
func Still(server openstack.Server, held []openstack.Allocation) string {
	return fmt.Sprint(Generation(held), server.Host, server.Status, server.Updated.Unix())
}

// Generation is that of the consumer that holds these; 0 if it holds nothing.
func Generation(held []openstack.Allocation) int {
	if len(held) == 0 {
		return 0
	}
	return held[0].ConsumerGeneration
}
