// SPDX-License-Identifier: Apache-2.0

package database

import (
	"maps"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// The rows of a consumer on a provider are one allocation in whichever order they come, and equal amounts are one map.
func TestHeldInAnyOrder(t *testing.T) {
	p := newStock(nil, "x", once.NewIDs())
	p.classes = map[int32]string{0: "VCPU", 1: "MEMORY_MB"}
	p.uuid = map[int32]string{1: "one", 2: "two"}
	for _, r := range []query.Row{
		raw("1", "0", "a", "2"), raw("1", "0", "b", "2"), raw("2", "1", "a", "64"), raw("1", "1", "a", "512"), raw("1", "1", "b", "512"), raw("9", "0", "a", "1"),
	} {
		if err := p.allocation(filter{})(r); err != nil {
			t.Fatal(err)
		}
	}
	visible, invisible := p.allocations()
	if len(visible) != 0 || len(invisible) != 3 {
		t.Fatalf("%+v, %+v", visible, invisible)
	}
	of := func(consumer, provider string) map[string]int {
		i := slices.IndexFunc(invisible, func(a openstack.Allocation) bool { return a.ConsumerUUID == consumer && a.ProviderUUID == provider })
		return invisible[i].Resources
	}
	want := map[string]int{"VCPU": 2, "MEMORY_MB": 512}
	if !maps.Equal(of("a", "one"), want) || !maps.Equal(of("b", "one"), want) || !maps.Equal(of("a", "two"), map[string]int{"MEMORY_MB": 64}) {
		t.Errorf("%+v", invisible)
	}
}
