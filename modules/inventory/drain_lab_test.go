// SPDX-License-Identifier: Apache-2.0

//go:build lab

package inventory_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
)

// capacityLeft is what Placement would still give of each class.
func (l control) capacityLeft(t *testing.T, p thing) map[string]int {
	t.Helper()
	usages, _ := l.placement(t, http.MethodGet, "/resource_providers/"+p.UUID+"/usages", nil)["usages"].(dict)
	all, _ := l.has(t, p)["inventories"].(dict)
	out := map[string]int{}
	for class, raw := range all {
		i, _ := raw.(dict)
		number := func(name string) float64 { n, _ := i[name].(float64); return n }
		used, _ := usages[class].(float64)
		out[class] = int((number("total")-number("reserved"))*number("allocation_ratio")) - int(used)
	}
	return out
}

// A drained provider has no room, stays so when somebody leaves, and gets back what it had, once.
func TestLabDrain(t *testing.T) {
	l := controlPlane(t)
	p, path := l.make(t, usual()), newJournal(t)
	one, two := l.use(t, p, dict{"VCPU": 5, "MEMORY_MB": 4096}), l.use(t, p, dict{"VCPU": 3})
	before := text(l.has(t, p)["inventories"])
	drain := func(on, changed bool) dict {
		t.Helper()
		answer, _ := l.thrice(t, dict{"provider": p.Name, "drain": on, "journal": path})
		if answer["failed"] != false || answer["changed"] != changed {
			t.Fatalf("drain %v: failed %v, changed %v, %v", on, answer["failed"], answer["changed"], answer["msg"])
		}
		return answer
	}
	full := func(used string) {
		t.Helper()
		for class, left := range l.capacityLeft(t, p) {
			if left != 0 {
				t.Errorf("%s: %d are left of %s", used, left, class)
			}
		}
	}
	drain(true, true)
	full("drained")
	drain(true, false)
	l.free(t, two)
	drain(true, true)
	full("drained again, after a consumer has gone")
	l.free(t, one)
	drain(true, true)
	drain(false, true)
	if got := text(l.has(t, p)["inventories"]); got != before {
		t.Errorf("put back %s, had %s", got, before)
	}
	if again := drain(false, false); !warned(again, path+" has no record that "+p.Name) {
		t.Errorf("warnings %v", again["warnings"])
	}
	want := []string{}
	for range 3 {
		want = append(want, "drain "+p.Name+" intended", "drain "+p.Name+" written", "drain "+p.Name+" confirmed")
	}
	want = append(want, "undrain "+p.Name+" intended", "undrain "+p.Name+" written")
	if got := entries(t, path); !slices.Equal(got, want) {
		t.Errorf("journal %v", got)
	}
}

// Allocations alone change nothing of what a drain is undone by. Somebody who reserves just as much by hand does: an old
// journal that is put back undoes nothing then.
func TestLabDrainReplayed(t *testing.T) {
	l := controlPlane(t)
	p, path := l.make(t, usual()), newJournal(t)
	gone := l.use(t, p, dict{"VCPU": 5})
	before := text(l.has(t, p)["inventories"])
	l.thrice(t, dict{"provider": p.Name, "drain": true, "journal": path})
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	drained, _ := l.has(t, p)["inventories"].(dict)
	l.free(t, gone)
	answer, _ := l.thrice(t, dict{"provider": p.Name, "drain": false, "journal": path})
	if got := text(l.has(t, p)["inventories"]); got != before || answer["changed"] != true {
		t.Fatalf("after an allocation went: put back %s, had %s: %v", got, before, answer["msg"])
	}
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if answer, _ = l.thrice(t, dict{"provider": p.Name, "drain": false, "journal": path}); answer["changed"] != false {
		t.Errorf("a second time: %v", answer["msg"])
	}
	l.run(t, l.gate(t), dict{"provider": p.Name, "inventories": wished(drained)}) // with a journal of its own
	answer, _ = l.thrice(t, dict{"provider": p.Name, "drain": false, "journal": path})
	if answer["changed"] != false || !warned(answer, "changed since the drain") {
		t.Errorf("over what was reserved by hand: %v, warnings %v", answer["msg"], answer["warnings"])
	}
	if got := text(l.has(t, p)["inventories"]); got != text(drained) {
		t.Errorf("has %s, reserved by hand %s", got, text(drained))
	}
}

// wished asks for the inventories as they are.
func wished(all dict) dict {
	out := dict{}
	for class, raw := range all {
		i, _ := raw.(dict)
		out[class] = dict{"reserved": i["reserved"], "allocation_ratio": i["allocation_ratio"]}
	}
	return out
}

// What somebody else has changed since is left as it is, and said; the rest is put back.
func TestLabDrainChangedMeanwhile(t *testing.T) {
	l := controlPlane(t)
	p, path, g := l.make(t, usual()), newJournal(t), l.gate(t)
	l.run(t, g, dict{"provider": p.Name, "drain": true, "journal": path})
	l.run(t, g, dict{"provider": p.Name, "journal": path, "inventories": dict{"VCPU": dict{"total": 20, "reserved": 3}}})
	answer, _ := l.thrice(t, dict{"provider": p.Name, "drain": false, "journal": path})
	if !warned(answer, p.Name+": VCPU: changed since the drain; what was changed is left as it is") || answer["changed"] != true {
		t.Errorf("%v, warnings %v", answer["msg"], answer["warnings"])
	}
	if l.field(t, p, "VCPU", "total") != 20.0 || l.field(t, p, "VCPU", "reserved") != 3.0 || l.field(t, p, "MEMORY_MB", "reserved") != 512.0 {
		t.Errorf("has %s", text(l.has(t, p)))
	}
}

// nova-compute writes reserved again and keeps the ratio that a drain has lowered: the ratio is put back all the same.
func TestLabDrainOnComputeNode(t *testing.T) {
	l := controlPlane(t)
	p, path, g := l.make(t, usual()), newJournal(t), l.gate(t)
	l.use(t, p, dict{"VCPU": 9, "MEMORY_MB": 4096})
	before := text(l.has(t, p)["inventories"])
	for range 2 {
		l.run(t, g, dict{"provider": p.Name, "drain": true, "journal": path})
		l.run(t, g, dict{"provider": p.Name, "journal": newJournal(t), "inventories": dict{"VCPU": dict{"reserved": 0}, "MEMORY_MB": dict{"reserved": 512}}})
	}
	answer, _ := l.thrice(t, dict{"provider": p.Name, "drain": false, "journal": path})
	if got := text(l.has(t, p)["inventories"]); got != before || answer["warnings"] != nil {
		t.Errorf("put back %s, had %s, warnings %v", got, before, answer["warnings"])
	}
}

// What the operator has set between two drains is what the second one remembers.
func TestLabDrainAfterChange(t *testing.T) {
	l := controlPlane(t)
	p, path, g := l.make(t, usual()), newJournal(t), l.gate(t)
	l.use(t, p, dict{"VCPU": 9})
	l.run(t, g, dict{"provider": p.Name, "drain": true, "journal": path})
	l.run(t, g, dict{"provider": p.Name, "journal": path, "inventories": dict{"VCPU": dict{"allocation_ratio": 8, "reserved": 1}}})
	l.run(t, g, dict{"provider": p.Name, "drain": true, "journal": path})
	l.run(t, g, dict{"provider": p.Name, "drain": false, "journal": path})
	if l.field(t, p, "VCPU", "allocation_ratio") != 8.0 || l.field(t, p, "VCPU", "reserved") != 1.0 {
		t.Errorf("has %s", text(l.has(t, p)))
	}
}

// Undraining without a journal, or with one that is none, writes nothing. An empty provider has nothing to drain.
func TestLabDrainWithoutMemory(t *testing.T) {
	l := controlPlane(t)
	p, bare := l.make(t, usual()), l.make(t, dict{})
	answer, writes := l.thrice(t, dict{"providers": []string{p.Name, bare.Name}, "drain": false, "journal": newJournal(t)})
	if answer["changed"] != false || len(writes) > 0 || !warned(answer, "has no record", p.UUID) || !warned(answer, "has no record", bare.UUID) {
		t.Errorf("%v, sent %v, warnings %v", answer["msg"], writes, answer["warnings"])
	}
	answer, _ = l.thrice(t, dict{"provider": p.Name, "drain": false, "journal": t.TempDir()})
	fails(t, answer, "journal must be a journal of this module")
	answer, _ = l.thrice(t, dict{"provider": bare.Name, "drain": true})
	if answer["failed"] != false || answer["changed"] != false {
		t.Errorf("%v", answer["msg"])
	}
}

type warningCase struct {
	has, wish dict
	words     []string
}

// What cannot be seen from the result is warned of: who overwrites it, and what nobody can be given any more.
func TestLabWarnings(t *testing.T) {
	warns(t, map[string]warningCase{
		"nova-compute": {
			usual(),
			dict{"VCPU": dict{"total": 12, "max_unit": 12, "allocation_ratio": 8.0}, "MEMORY_MB": dict{"reserved": 1024}, "DISK_GB": dict{"total": 5}},
			[]string{
				"is a compute node", "VCPU.total from what the hypervisor has", "VCPU.max_unit from its total",
				"VCPU.allocation_ratio from [DEFAULT]cpu_allocation_ratio, if it is set",
				"MEMORY_MB.reserved from [DEFAULT]reserved_host_memory_mb", "DISK_GB is removed unless it reports that class itself",
			},
		},
		"max_unit":       {usual(), dict{"MEMORY_MB": dict{"max_unit": 1024}}, []string{"max_unit 1024 of MEMORY_MB is below the 4096 that ", "can't be moved"}},
		"ratio 0":        {dict{"VCPU": dict{"total": 4}, "MEMORY_MB": dict{"total": 8192}}, dict{"VCPU": dict{"allocation_ratio": 0}}, []string{"an allocation_ratio of 0 gives VCPU no capacity at all"}},
		"min above max":  {usual(), dict{"VCPU": dict{"min_unit": 11}}, []string{"min_unit 11 of VCPU is above max_unit 10"}},
		"still too much": {usual(), dict{"MEMORY_MB": dict{"total": 2000}}, []string{"4096 are used, more than the capacity of 2000 even after this change"}},
		"bare metal":     {dict{"CUSTOM_MAGIC": dict{"total": 1, "max_unit": 1}}, dict{"CUSTOM_MAGIC": dict{"reserved": 1}}, []string{"looks like a bare-metal node"}},
	})
}

func warns(t *testing.T, cases map[string]warningCase) {
	t.Helper()
	l := controlPlane(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := l.make(t, c.has)
			switch name {
			case "nova-compute":
				l.placement(t, http.MethodPut, "/resource_providers/"+p.UUID+"/traits", dict{
					"traits": []string{"COMPUTE_NODE"}, "resource_provider_generation": l.has(t, p)["resource_provider_generation"],
				})
			case "max_unit":
				l.use(t, p, dict{"MEMORY_MB": 4096})
			case "still too much":
				l.use(t, p, dict{"MEMORY_MB": 4096})
				l.put(t, p, dict{"MEMORY_MB": dict{"total": 1000}}) // below usage, as anybody can
			}
			answer, _ := l.thrice(t, dict{"provider": p.Name, "inventories": c.wish})
			if answer["failed"] != false || !warned(answer, c.words...) {
				t.Errorf("%v, warnings %s", answer["msg"], strings.ReplaceAll(fmt.Sprint(answer["warnings"]), p.Name, "P"))
			}
		})
	}
}

// Where nothing is out of the ordinary, nothing is warned of.
func TestLabNoWarnings(t *testing.T) {
	l := controlPlane(t)
	p := l.make(t, usual())
	l.use(t, p, dict{"VCPU": 4, "MEMORY_MB": 4096})
	answer, _ := l.thrice(t, dict{"provider": p.Name, "inventories": dict{"VCPU": dict{"total": 9, "max_unit": 4}, "MEMORY_MB": dict{"max_unit": 4096}}})
	if answer["warnings"] != nil {
		t.Errorf("warnings %v", answer["warnings"])
	}
}
