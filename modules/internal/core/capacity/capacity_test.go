// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

func host(name string, cpus, used int) candidates.Provider {
	return candidates.Provider{
		Provider: openstack.Provider{UUID: name, Name: name, RootUUID: name},
		Inventories: map[string]openstack.Inventory{
			"VCPU": {Total: cpus, MinUnit: 1, MaxUnit: cpus, StepSize: 1, AllocationRatio: 1},
		},
		Usages: map[string]int{"VCPU": used},
	}
}

func asks(class string, n int) *candidates.Request {
	return &candidates.Request{Groups: []candidates.Group{{Resources: map[string]int{class: n}}}}
}

// Servers fit as often as each host has room for a whole one; what hosts share counts once.
func TestCount(t *testing.T) {
	hosts := []candidates.Provider{host("cn1", 16, 3), host("cn2", 8, 8), host("cn3", 10, 1)}
	want := capacity.Slots{Total: 5, Count: 2, Hosts: []capacity.Host{{"cn1", "cn1", 3}, {"cn3", "cn3", 2}}}
	if diff := cmp.Diff(want, capacity.Count(hosts, asks("VCPU", 4), nil)); diff != "" {
		t.Error(diff)
	}
	if got := capacity.Count(hosts, asks("VCPU", 4), map[string]bool{"cn1": true}); got.Total != 2 {
		t.Errorf("without cn1: %+v", got)
	}
	if hosts[0].Usages["VCPU"] != 3 {
		t.Error("it counts by taking")
	}
	pool := host("pool", 1, 0)
	pool.Inventories["DISK_GB"] = openstack.Inventory{Total: 35, MinUnit: 1, MaxUnit: 35, StepSize: 1, AllocationRatio: 1}
	delete(pool.Inventories, "VCPU")
	pool.Traits, pool.Aggregates = []string{candidates.Sharing}, []string{"a"}
	for i := range hosts {
		hosts[i].Aggregates = []string{"a"}
	}
	request := asks("VCPU", 4)
	request.Groups[0].Resources["DISK_GB"] = 10
	want = capacity.Slots{Total: 3, Count: 2, Hosts: []capacity.Host{{"cn1", "cn1", 3}, {"cn3", "cn3", 2}}}
	if diff := cmp.Diff(want, capacity.Count(append(hosts, pool), request, nil)); diff != "" {
		t.Error(diff)
	}
}

// A wish changes copies of what it names, and nothing else.
func TestWish(t *testing.T) {
	hosts := []candidates.Provider{host("cn1", 16, 4), host("cn2", 16, 4)}
	two, ratio, eight := 2, 2.0, 8
	for name, c := range map[string]struct {
		wish        capacity.Wish
		changed, is int
	}{
		"the ratio of all":    {capacity.Wish{Class: "VCPU", Ratio: &ratio}, 2, 14},
		"the ratio of one":    {capacity.Wish{Provider: "cn2", Class: "VCPU", Ratio: &ratio}, 1, 10},
		"what is reserved":    {capacity.Wish{Class: "VCPU", Reserved: &two}, 2, 4},
		"a smaller total":     {capacity.Wish{Provider: "cn1", Class: "VCPU", Total: &eight}, 1, 4},
		"a class of nobody's": {capacity.Wish{Class: "PCPU", Ratio: &ratio}, 0, 6},
	} {
		after, changed := c.wish.Apply(hosts)
		if got := capacity.Count(after, asks("VCPU", 4), nil).Total; got != c.is || changed != c.changed {
			t.Errorf("%s: %d, changed %d", name, got, changed)
		}
	}
	if got := capacity.Count(hosts, asks("VCPU", 4), nil).Total; got != 6 {
		t.Errorf("afterwards %d", got)
	}
	more, found := capacity.More(hosts, "cn1", 3)
	if got := capacity.Count(more, asks("VCPU", 4), nil).Total; got != 18 || !found {
		t.Errorf("with three more: %d %v", got, found)
	}
	less := capacity.Without(more, map[string]bool{"cn1": true})
	if got := capacity.Count(less, asks("VCPU", 4), nil).Total; got != 15 || len(more) != 5 {
		t.Errorf("without cn1: %d of %d", got, len(more))
	}
	if _, found := capacity.More(hosts, "cn9", 3); found {
		t.Error("more of a host that is not there")
	}
}

// Of a class that would be gone, nothing would be left; of a new one, nothing is there now.
func TestLeftAfterWithout(t *testing.T) {
	now, after := capacity.Left([]candidates.Provider{host("cn1", 4, 1)}, nil, nil), []capacity.Free{{Class: "PCPU", Amounts: capacity.Amounts{Free: 2}}}
	both := capacity.LeftAfter(now, after)
	if len(both) != 2 || both[0].Class != "PCPU" || both[0].Free != 0 || both[0].After.Free != 2 || both[1].Class != "VCPU" || both[1].Free != 3 || *both[1].After != (capacity.Amounts{}) {
		t.Errorf("%+v", both)
	}
}

// Counting changes nothing of what it is told, whatever it looks at.
func TestCountLeavesProviders(t *testing.T) {
	hosts := []candidates.Provider{host("cn1", 16, 3), host("cn2", 8, 8)}
	want := capacity.Clone(hosts)
	capacity.Count(hosts, asks("VCPU", 4), nil)
	capacity.Left(hosts, []*candidates.Request{asks("VCPU", 4)}, nil)
	if diff := cmp.Diff(want, hosts); diff != "" {
		t.Error(diff)
	}
}
