// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql/driver"
	"maps"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/invisibleallocations"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query/querytest"
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

// A consumer whose project or user has no row is invisible, as in Placement's API, and its row points to nothing.
func TestConsumerOfNobody(t *testing.T) {
	for name, c := range map[string]struct {
		consumer []any
		want     []string
	}{
		"whole":      {[]any{"c-1", "1", "1", "1", nil}, nil},
		"no project": {[]any{"c-1", "1", "7", "1", nil}, []string{"placement.consumers.project_id"}},
		"no user":    {[]any{"c-1", "1", "1", "7", nil}, []string{"placement.consumers.user_id"}},
		"neither":    {[]any{"c-1", "1", "7", "7", nil}, []string{"placement.consumers.project_id", "placement.consumers.user_id"}},
	} {
		s := readAll(t, &querytest.Server{Rows: map[string][][]driver.Value{
			"resource_classes": of([]any{"1", "VCPU"}), "resource_providers": of([]any{"5", "p-1", "h1", "3", "5", nil}),
			"inventories": of([]any{"5", "1", "8", "0", "1", "8", "1", "16"}), "allocations": of([]any{"5", "1", "c-1", "2"}),
			"projects": of([]any{"1", "p"}), "users": of([]any{"1", "u"}), "consumers": of(c.consumer),
		}}, sweep{parts: expand(snapshot.AllParts())}).s
		hidden := len(c.want) > 0
		if got := places(s.Rows); !slices.Equal(got, c.want) || (len(s.Rows.Invisible) == 1) != hidden || (len(s.Held("c-1")) == 0) != hidden {
			t.Errorf("%s: %v, held %v, invisible %v", name, got, s.Held("c-1"), s.Rows.Invisible)
		}
		if found := check.Suspects(s, []*check.Check{invisibleallocations.Check()}, check.Defaults()).Providers; slices.Contains(found, "p-1") != hidden {
			t.Errorf("%s: PLC109 suspects %v", name, found)
		}
	}
}
