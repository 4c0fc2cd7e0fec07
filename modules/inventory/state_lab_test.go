// SPDX-License-Identifier: Apache-2.0

//go:build lab

package inventory_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// alike is the part of an answer that check mode and the real run have to have in common.
func alike(answer dict) string {
	out := dict{}
	for _, key := range []string{"changed", "failed", "diff", "created_classes", "refused", "clamped", "warnings"} {
		out[key] = answer[key]
	}
	msg, _ := answer["msg"].(string)
	out["msg"] = strings.NewReplacer("would change", "changed", "would create", "created").Replace(msg)
	providers := []any{}
	list, _ := answer["providers"].([]any)
	for _, p := range list {
		one := maps.Clone(p.(dict)) //nolint:forcetypeassert // a panic fails the test as well
		delete(one, "generation")
		providers = append(providers, one)
	}
	out["providers"] = providers
	raw, _ := json.Marshal(out)
	return string(raw)
}

// thrice runs the module in check mode, then really, then again if it did not fail, and returns the real answer. Check
// mode sends no write and says what the real run then says; the third run changes nothing and sends nothing.
func (l control) thrice(t *testing.T, args dict) (answer dict, writes []string) {
	t.Helper()
	g := l.gate(t)
	check := maps.Clone(args)
	check["_ansible_check_mode"], check["_ansible_diff"] = true, true
	would, sent := l.run(t, g, check)
	if len(sent) > 0 {
		t.Errorf("check mode sent %v", sent)
	}
	answer, writes = l.run(t, g, args)
	if alike(would) != alike(answer) {
		t.Errorf("check mode and the real run differ:\n%s\n%s", alike(would), alike(answer))
	}
	if answer["failed"] == true {
		if len(writes) > 0 || answer["changed"] != false {
			t.Errorf("failed, but sent %v, changed %v", writes, answer["changed"])
		}
		return answer, writes
	}
	if puts := len(writes) > 0; puts != (answer["changed"] == true) {
		t.Errorf("changed %v, but sent %v", answer["changed"], writes)
	}
	again, sent := l.run(t, g, args)
	if again["changed"] != false || len(sent) > 0 || len(again["diff"].([]any)) > 0 { //nolint:forcetypeassert // a panic fails the test as well
		t.Errorf("the second run: changed %v, sent %v, diff %v: %v", again["changed"], sent, again["diff"], again["msg"])
	}
	return answer, writes
}

// full is an inventory with all fields, as Placement writes it.
func full(total, reserved, minUnit, maxUnit int, ratio float64) dict {
	return dict{"total": total, "reserved": reserved, "min_unit": minUnit, "max_unit": maxUnit, "step_size": 1, "allocation_ratio": ratio}
}

func text(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

const largest = 2147483647

type stateCase struct {
	args dict
	want dict
}

func TestLabStates(t *testing.T) {
	vcpu, memory := full(10, 0, 1, 10, 4), full(8192, 512, 1, 8192, 1.5)
	reaches(t, map[string]stateCase{
		"one field":         {dict{"inventories": dict{"VCPU": dict{"total": 12}}}, dict{"VCPU": full(12, 0, 1, 10, 4), "MEMORY_MB": memory}},
		"two classes":       {dict{"inventories": dict{"VCPU": dict{"max_unit": 4}, "MEMORY_MB": dict{"reserved": 1024}}}, dict{"VCPU": full(10, 0, 1, 4, 4), "MEMORY_MB": full(8192, 1024, 1, 8192, 1.5)}},
		"a new class":       {dict{"inventories": dict{"DISK_GB": dict{"total": 100}}}, dict{"VCPU": vcpu, "MEMORY_MB": memory, "DISK_GB": full(100, 0, 1, largest, 1)}},
		"nothing differs":   {dict{"inventories": dict{"VCPU": dict{"total": 10, "allocation_ratio": 4}}}, dict{"VCPU": vcpu, "MEMORY_MB": memory}},
		"no field":          {dict{"inventories": dict{"VCPU": dict{}}}, dict{"VCPU": vcpu, "MEMORY_MB": memory}},
		"numbers as text":   {dict{"inventories": dict{"VCPU": dict{"total": "12", "allocation_ratio": "2.5"}}}, dict{"VCPU": full(12, 0, 1, 10, 2.5), "MEMORY_MB": memory}},
		"ratio 1.1":         {dict{"inventories": dict{"VCPU": dict{"allocation_ratio": 1.1}}}, dict{"VCPU": full(10, 0, 1, 10, 1.1), "MEMORY_MB": memory}},
		"float noise":       {dict{"inventories": dict{"VCPU": dict{"allocation_ratio": 1.1000000238418579}}}, dict{"VCPU": full(10, 0, 1, 10, 1.1), "MEMORY_MB": memory}},
		"ratio 1.2345678":   {dict{"inventories": dict{"VCPU": dict{"allocation_ratio": 1.2345678}}}, dict{"VCPU": full(10, 0, 1, 10, 1.23457), "MEMORY_MB": memory}},
		"as low as is used": {dict{"inventories": dict{"VCPU": dict{"total": 1}}}, dict{"VCPU": full(1, 0, 1, 10, 4), "MEMORY_MB": memory}},
		"exact":             {dict{"state": "exact", "inventories": dict{"VCPU": dict{"total": 6}, "MEMORY_MB": dict{"total": 8192}}}, dict{"VCPU": full(6, 0, 1, largest, 1), "MEMORY_MB": full(8192, 0, 1, largest, 1)}},
		"exact, a new one":  {dict{"state": "exact", "inventories": dict{"VCPU": dict{"total": 6}, "MEMORY_MB": dict{"total": 8192}, "DISK_GB": dict{"total": 5}}}, dict{"VCPU": full(6, 0, 1, largest, 1), "MEMORY_MB": full(8192, 0, 1, largest, 1), "DISK_GB": full(5, 0, 1, largest, 1)}},
		"absent, not there": {dict{"state": "absent", "inventories": dict{"DISK_GB": dict{}, "CUSTOM_NEVER_HEARD_OF": dict{}}}, dict{"VCPU": vcpu, "MEMORY_MB": memory}},
		"clamped":           {dict{"below_usage": "clamp", "inventories": dict{"VCPU": dict{"allocation_ratio": 0.1}}}, dict{"VCPU": full(10, 0, 1, 10, 0.4), "MEMORY_MB": memory}},
		"clamped, reserved": {dict{"below_usage": "clamp", "inventories": dict{"VCPU": dict{"reserved": 10}}}, dict{"VCPU": full(10, 9, 1, 10, 4), "MEMORY_MB": memory}},
	})
}

func reaches(t *testing.T, cases map[string]stateCase) {
	t.Helper()
	l := controlPlane(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := l.make(t, usual())
			l.use(t, p, dict{"VCPU": 4, "MEMORY_MB": 4096})
			before := text(l.has(t, p)["inventories"])
			c.args["provider"] = p.Name
			answer, writes := l.thrice(t, c.args)
			got := text(l.has(t, p)["inventories"])
			if answer["failed"] != false || got != text(c.want) || (answer["changed"] == true) != (got != before) {
				t.Errorf("changed %v, %v\n%s\nwant\n%s", answer["changed"], answer["msg"], got, text(c.want))
			}
			if len(writes) > 1 || len(writes) == 1 && writes[0] != "PUT /resource_providers/"+p.UUID+"/inventories" {
				t.Errorf("sent %v", writes)
			}
		})
	}
}

// A class of which nothing is used is removed, by either state; the rest stays or goes as the state says.
func TestLabRemove(t *testing.T) {
	l := controlPlane(t)
	for state, wanted := range map[string]dict{"absent": {"MEMORY_MB": dict{}}, "exact": {"VCPU": dict{"total": 10, "max_unit": 10, "allocation_ratio": 4}}} {
		p := l.make(t, usual())
		l.use(t, p, dict{"VCPU": 4})
		answer, _ := l.thrice(t, dict{"provider": p.UUID, "state": state, "inventories": wanted})
		if got := text(l.has(t, p)["inventories"]); got != text(dict{"VCPU": full(10, 0, 1, 10, 4)}) {
			t.Errorf("%s: %v, left %s", state, answer["msg"], got)
		}
		if diff := text(answer["diff"]); !strings.Contains(diff, `"after":{}`) || !strings.Contains(diff, `"before":{"MEMORY_MB":{`) || !strings.Contains(diff, p.Name) {
			t.Errorf("%s: diff %s", state, diff)
		}
	}
}

func TestLabRefused(t *testing.T) {
	l := controlPlane(t)
	p := l.make(t, usual())
	big, small := l.use(t, p, dict{"VCPU": 10, "MEMORY_MB": 6000}), l.use(t, p, dict{"VCPU": 4})
	before := text(l.has(t, p))
	holders := []any{dict{"uuid": big, "amount": 10}, dict{"uuid": small, "amount": 4}}
	for name, c := range map[string]struct {
		args dict
		want dict
		msg  string
	}{
		"total": {
			dict{"inventories": dict{"VCPU": dict{"total": 3}}},
			dict{"class": "VCPU", "field": "total", "asked": 3, "used": 14, "capacity_before": 40, "capacity_after": 12, "lowest_safe": 4, "consumers": holders},
			"VCPU.total=3 of " + p.Name + " gives a capacity of 12 (now 40), but 14 are used, most by " + big + " 10, " + small + " 4; the lowest safe value is 4",
		},
		"reserved": {
			dict{"inventories": dict{"VCPU": dict{"reserved": 7}}},
			dict{"class": "VCPU", "field": "reserved", "asked": 7, "used": 14, "capacity_before": 40, "capacity_after": 12, "lowest_safe": 6, "consumers": holders},
			"the highest safe value is 6",
		},
		"ratio": {
			dict{"inventories": dict{"VCPU": dict{"allocation_ratio": 1.1}}},
			dict{"class": "VCPU", "field": "allocation_ratio", "asked": 1.1, "used": 14, "capacity_before": 40, "capacity_after": 11, "lowest_safe": 1.4, "consumers": holders},
			"VCPU.allocation_ratio=1.1 of " + p.Name + " gives a capacity of 11",
		},
		"exact": {
			dict{"state": "exact", "inventories": dict{"MEMORY_MB": dict{"total": 8192}}},
			dict{"class": "VCPU", "field": "", "asked": "absent", "used": 14, "capacity_before": 40, "capacity_after": 0, "lowest_safe": nil, "consumers": holders},
			"VCPU of " + p.Name + " is in use: 14 are used",
		},
		"absent, even clamped": {
			dict{"state": "absent", "below_usage": "clamp", "inventories": dict{"VCPU": dict{}}},
			dict{"class": "VCPU", "field": "", "asked": "absent", "used": 14, "capacity_before": 40, "capacity_after": 0, "lowest_safe": nil, "consumers": holders},
			"VCPU of " + p.Name + " is in use: 14 are used",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.args["provider"] = p.Name
			answer, _ := l.thrice(t, c.args)
			fails(t, answer, "refused, and nothing was written", c.msg)
			c.want["provider"], c.want["uuid"] = p.Name, p.UUID
			if got := text(answer["refused"]); got != text([]any{c.want}) {
				t.Errorf("%s\nwant\n%s", got, text([]any{c.want}))
			}
			if got := text(l.has(t, p)); got != before {
				t.Errorf("written: %s", got)
			}
		})
	}
	two, _ := l.thrice(t, dict{"provider": p.Name, "inventories": dict{"VCPU": dict{"total": 1}, "MEMORY_MB": dict{"total": 1000}}})
	fails(t, two, "VCPU.total=1", "MEMORY_MB.total=1000")
}

// The clamped value is the lowest that placement's own rule lets through: with it everybody can be written again.
func TestLabClamp(t *testing.T) {
	l := controlPlane(t)
	p := l.make(t, usual())
	l.use(t, p, dict{"VCPU": 10, "MEMORY_MB": 4097})
	l.use(t, p, dict{"VCPU": 3})
	answer, _ := l.thrice(t, dict{
		"provider": p.Name, "below_usage": "clamp", "inventories": dict{"VCPU": dict{"total": 1}, "MEMORY_MB": dict{"allocation_ratio": 0.3}},
	})
	want := []any{
		dict{"provider": p.Name, "uuid": p.UUID, "class": "MEMORY_MB", "field": "allocation_ratio", "asked": 0.3, "set": 0.533464},
		dict{"provider": p.Name, "uuid": p.UUID, "class": "VCPU", "field": "total", "asked": 1, "set": 4},
	}
	if text(answer["clamped"]) != text(want) {
		t.Errorf("%s", text(answer["clamped"]))
	}
	if msg, _ := answer["msg"].(string); !strings.Contains(msg, "VCPU.total of "+p.Name+" is 4 instead of 1") {
		t.Errorf("%s", msg)
	}
}

func TestLabClasses(t *testing.T) {
	l := controlPlane(t)
	p := l.make(t, usual())
	class := "CUSTOM_" + strings.ToUpper(strings.ReplaceAll(newUUID(), "-", "_"))
	args := dict{"provider": p.Name, "inventories": dict{class: dict{"total": 3}}}
	answer, _ := l.thrice(t, args)
	fails(t, answer, "inventories -> "+class, "set create_classes to create it")
	for _, strange := range []string{"VCPUS", "GOLD"} {
		answer, _ = l.thrice(t, dict{"provider": p.Name, "create_classes": true, "inventories": dict{strange: dict{"total": 3}}})
		fails(t, answer, "inventories -> "+strange, "those of your own begin with CUSTOM_")
	}
	args["create_classes"] = true
	answer, writes := l.thrice(t, args)
	t.Cleanup(func() { l.placement(t, http.MethodDelete, "/resource_classes/"+class, nil) })
	if text(answer["created_classes"]) != text([]string{class}) {
		t.Errorf("created %v", answer["created_classes"])
	}
	if answer["failed"] != false || !slices.Equal(writes, []string{"PUT /resource_classes/" + class, "PUT /resource_providers/" + p.UUID + "/inventories"}) {
		t.Errorf("%v, sent %v", answer["msg"], writes)
	}
	l.put(t, p, usual())
}
