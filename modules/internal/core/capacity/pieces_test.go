// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// overcommitted is a host with a ratio.
func overcommitted(name string, cpus, used int, ratio float64) candidates.Provider {
	p := host(name, cpus, used)
	inventory := p.Inventories["VCPU"]
	inventory.AllocationRatio = ratio
	p.Inventories["VCPU"] = inventory
	return p
}

// with gives a host another class, of which some is used.
func with(p candidates.Provider, class string, total, used int) candidates.Provider {
	p.Inventories[class] = openstack.Inventory{Total: total, MinUnit: 1, MaxUnit: total, StepSize: 1, AllocationRatio: 1}
	p.Usages[class] = used
	return p
}

func trait(p candidates.Provider, name string) candidates.Provider {
	p.Traits = append(p.Traits, name)
	return p
}

// fragmentationCase is what is free, and the fragmentation for servers that each ask for so many VCPU.
type fragmentationCase struct {
	hosts []candidates.Provider
	asks  *candidates.Request
	slots int
	want  float64
}

// Fragmentation is what fits of what would fit in one piece. It depends neither on the number of hosts nor on their ratios.
func TestFragmentation(t *testing.T) {
	both := asks("VCPU", 4)
	both.Groups[0].Resources["MEMORY_MB"] = 4
	fast := asks("VCPU", 4)
	fast.Groups[0].Required = [][]string{{"FAST"}}
	for name, c := range map[string]fragmentationCase{
		"three empty equal hosts": {[]candidates.Provider{host("a", 16, 0), host("b", 16, 0), host("c", 16, 0)}, asks("VCPU", 4), 12, 0},
		"one host":                {[]candidates.Provider{host("a", 16, 3)}, asks("VCPU", 4), 3, 0},
		"one host with ratio 4":   {[]candidates.Provider{overcommitted("a", 16, 0, 4)}, asks("VCPU", 4), 16, 0},
		"pieces too small":        {[]candidates.Provider{host("a", 16, 13), host("b", 16, 14), host("c", 16, 13)}, asks("VCPU", 4), 0, 1},
		// 5 and 7 are free: 1 and 1 fit, and of 12 in one piece 3 would.
		"some too small": {[]candidates.Provider{host("a", 8, 3), host("b", 8, 1)}, asks("VCPU", 4), 2, 1. / 3},
		"nothing free":   {[]candidates.Provider{host("a", 8, 8), host("b", 8, 9)}, asks("VCPU", 4), 0, 0},
		// a never takes one: its 3 VCPU are no piece of anything. Over its capacity, c takes nothing away from b.
		"a host too small, one too full": {[]candidates.Provider{host("a", 3, 0), host("b", 8, 3), host("c", 8, 99)}, asks("VCPU", 4), 1, 0},
		"without the trait":              {[]candidates.Provider{host("a", 16, 0), trait(host("b", 16, 12), "FAST")}, fast, 1, 0},
		// a has VCPU left and no memory, b memory and no VCPU.
		"each lacks another class": {[]candidates.Provider{with(host("a", 8, 0), "MEMORY_MB", 8, 8), with(host("b", 8, 8), "MEMORY_MB", 8, 0)}, both, 0, 1},
	} {
		got := capacity.Count(c.hosts, c.asks, nil)
		if got.Total != c.slots || math.Abs(got.Fragmentation-c.want) > 1e-9 {
			t.Errorf("%s: %d fit, fragmentation %v, want %d and %v", name, got.Total, got.Fragmentation, c.slots, c.want)
		}
	}
	if got := capacity.Count([]candidates.Provider{host("a", 16, 13), host("b", 16, 0)}, asks("VCPU", 4), map[string]bool{"a": true}); got.Fragmentation != 0 {
		t.Errorf("a host that gets no servers counts: %+v", got)
	}
}

// A group with a suffix takes from the providers that have what it asks for, and from no other.
func TestFragmentationOfDevices(t *testing.T) {
	card := func(name, root string, used int) candidates.Provider {
		p := with(host(name, 1, 0), "VGPU", 4, used)
		p.RootUUID, p.ParentUUID = root, root
		delete(p.Inventories, "VCPU")
		return p
	}
	r := asks("VCPU", 1)
	r.Groups = append(r.Groups, candidates.Group{Suffix: "1", Resources: map[string]int{"VGPU": 2}, Required: [][]string{{"GPU"}}})
	// On each host one VGPU is free with the trait, which is half of what one server takes, and four without.
	var all []candidates.Provider
	for _, name := range []string{"a", "b"} {
		all = append(all, host(name, 8, 0), trait(card(name+"-good", name, 3), "GPU"), card(name+"-other", name, 0))
	}
	if got := capacity.Count(all, r, nil); got.Total != 0 || got.Fragmentation != 1 {
		t.Errorf("%+v", got)
	}
	all[1].Usages["VGPU"], all[4].Usages["VGPU"] = 2, 2
	if got := capacity.Count(all, r, nil); got.Total != 2 || got.Fragmentation != 0 {
		t.Errorf("%+v", got)
	}
}

// What is left is told with who has most of it, how much one consumer can get at once, and how much no server can take.
func TestLeft(t *testing.T) {
	four := []*candidates.Request{asks("VCPU", 4)}
	hosts := []candidates.Provider{host("cn1", 16, 4), host("cn2", 8, 9), host("cn3", 8, 5), with(host("cn4", 8, 8), "VGPU", 2, 0)}
	want := []capacity.Free{
		{Class: "VCPU", Amounts: capacity.Amounts{Capacity: 40, Used: 26, Free: 15, Largest: 12, LargestFree: 12, Provider: "cn1", Fragmentation: 3. / 15}},
		{Class: "VGPU", Amounts: capacity.Amounts{Capacity: 2, Free: 2, Largest: 2, LargestFree: 2, Provider: "cn4"}},
	}
	if diff := cmp.Diff(want, capacity.Left(hosts, four, nil)); diff != "" {
		t.Error(diff)
	}
	want = []capacity.Free{{Class: "VCPU", Amounts: capacity.Amounts{Capacity: 16, Used: 14, Free: 3, Largest: 3, LargestFree: 3, Provider: "cn3", Fragmentation: 1}}}
	if diff := cmp.Diff(want, capacity.Left(hosts, four, map[string]bool{"cn1": true, "cn4": true})); diff != "" {
		t.Error(diff)
	}
	// With ratio 4, one consumer still gets no more than 8 at once, of both: more is free on cn2.
	hosts = []candidates.Provider{overcommitted("cn1", 8, 20, 4), overcommitted("cn2", 8, 10, 4)}
	want = []capacity.Free{{Class: "VCPU", Amounts: capacity.Amounts{Capacity: 64, Used: 30, Free: 34, Largest: 8, LargestFree: 22, Provider: "cn2"}}}
	if diff := cmp.Diff(want, capacity.Left(hosts, four, nil)); diff != "" {
		t.Error(diff)
	}
}

// What would be left stands beside what is left, also of a class that nobody who gets servers has now.
func TestLeftAfter(t *testing.T) {
	amounts := func(free int) capacity.Amounts { return capacity.Amounts{Free: free} }
	one, two := amounts(1), amounts(2)
	got := capacity.LeftAfter([]capacity.Free{{Class: "VCPU", Amounts: amounts(3)}}, []capacity.Free{{Class: "VCPU", Amounts: one}, {Class: "VGPU", Amounts: two}})
	want := []capacity.Free{{Class: "VCPU", Amounts: amounts(3), After: &one}, {Class: "VGPU", After: &two}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
