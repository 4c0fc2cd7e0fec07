// SPDX-License-Identifier: Apache-2.0

package inventory_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/inventory"
)

type dict = map[string]any

// runModule runs placement_inventory as Ansible does, and returns its answer.
func runModule(t *testing.T, args dict) dict {
	t.Helper()
	return ansibletest.Run(t, inventory.Module(), args)
}

// fails checks that the answer is a failure that changed nothing, in one sentence that contains all of want.
func fails(t *testing.T, answer dict, want ...string) {
	t.Helper()
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || answer["changed"] != false || answer["exception"] != nil {
		t.Errorf("failed %v, changed %v, exception %v: %s", answer["failed"], answer["changed"], answer["exception"], msg)
	}
	if strings.Contains(msg, "\n") {
		t.Errorf("not one line: %q", msg)
	}
	for _, w := range want {
		if !strings.Contains(msg, w) {
			t.Errorf("msg does not contain %q: %s", w, msg)
		}
	}
}

// nowhere adds a cloud that does not answer: what is refused here is refused before anything is asked.
func nowhere(args dict) dict {
	out := dict{"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": "http://127.0.0.1:1"}
	maps.Copy(out, args)
	return out
}

// of is the wish for one class of a provider.
func of(class string, fields dict) dict {
	return dict{"provider": "p", "inventories": dict{class: fields}}
}

type badInput struct {
	args dict
	want []string
}

func TestBadFields(t *testing.T) {
	refuses(t, map[string]badInput{
		"negative total":    {of("VCPU", dict{"total": -1}), []string{"inventories -> VCPU -> total must be from 1 to 2147483647, got: -1"}},
		"zero total":        {of("VCPU", dict{"total": 0}), []string{"total must be from 1 to 2147483647, got: 0"}},
		"huge total":        {of("VCPU", dict{"total": 2147483648}), []string{"total must be from 1 to 2147483647, got: 2147483648"}},
		"beyond 64 bits":    {of("VCPU", dict{"total": "9223372036854775808"}), []string{"'total'", "it does not fit into 64 bits"}},
		"negative reserved": {of("VCPU", dict{"reserved": -1}), []string{"reserved must be from 0 to 2147483647, got: -1"}},
		"zero max_unit":     {of("VCPU", dict{"max_unit": 0}), []string{"max_unit must be from 1"}},
		"zero min_unit":     {of("VCPU", dict{"min_unit": 0}), []string{"min_unit must be from 1"}},
		"zero step_size":    {of("VCPU", dict{"step_size": 0}), []string{"step_size must be from 1"}},
		"negative ratio":    {of("VCPU", dict{"allocation_ratio": -0.5}), []string{"allocation_ratio must be from 0 to 3.40282e+38, got: -0.5"}},
		"huge ratio":        {of("VCPU", dict{"allocation_ratio": 1e39}), []string{"allocation_ratio must be from 0 to 3.40282e+38, got: 1e+39"}},
		"no number":         {of("VCPU", dict{"allocation_ratio": "NaN"}), []string{"'allocation_ratio'", "not a finite number", "NaN", "inventories -> VCPU"}},
		"a fraction":        {of("VCPU", dict{"total": 8.5}), []string{"'total'", "it is not an integer", "8.5"}},
		"a word":            {of("VCPU", dict{"total": "many"}), []string{"'total'", "unable to convert to int", "many"}},
		"a boolean":         {of("VCPU", dict{"total": true}), []string{"'total'", "a bool is not an integer"}},
		"a misspelt field": {
			of("VCPU", dict{"totl": 8}),
			[]string{"Unsupported parameters", "inventories.VCPU.totl", "allocation_ratio, max_unit, min_unit, reserved, step_size, total"},
		},
	})
}

func TestBadClasses(t *testing.T) {
	some := dict{"VCPU": dict{"total": 8}}
	refuses(t, map[string]badInput{
		"null class":           {dict{"provider": "p", "inventories": dict{"VCPU": nil}}, []string{"VCPU", "null is not a dict", "inventories"}},
		"a number as class":    {dict{"provider": "p", "inventories": dict{"VCPU": 8}}, []string{"VCPU", "an int is not a dict"}},
		"a list of classes":    {dict{"provider": "p", "inventories": []string{"VCPU"}}, []string{"inventories", "a list is not a dict"}},
		"lower case":           {of("vcpu", dict{"total": 8}), []string{"inventories -> vcpu", "such as VCPU"}},
		"lower case, custom":   {of("custom-gold disk", dict{"total": 8}), []string{"such as CUSTOM_GOLD_DISK"}},
		"empty class":          {of("", dict{"total": 8}), []string{"must be a resource class"}},
		"no classes":           {dict{"provider": "p", "inventories": dict{}}, []string{"inventories must name at least one resource class"}},
		"reserved above total": {of("VCPU", dict{"total": 4, "reserved": 5}), []string{"reserved must not be more than the total of 4, got: 5"}},
		"exact without total": {
			dict{"provider": "p", "state": "exact", "inventories": dict{"VCPU": dict{"reserved": 1}}},
			[]string{"inventories -> VCPU -> total is needed with state=exact"},
		},
		"absent with values": {
			dict{"provider": "p", "state": "absent", "inventories": some}, []string{"VCPU must be an empty dictionary with state=absent"},
		},
	})
}

func TestBadOptions(t *testing.T) {
	some := dict{"VCPU": dict{"total": 8}}
	refuses(t, map[string]badInput{
		"unknown state":        {dict{"provider": "p", "state": "gone", "inventories": some}, []string{"state must be one of: present, exact, absent", "gone"}},
		"nothing to do":        {dict{"provider": "p"}, []string{"one of the following is required: inventories, drain"}},
		"inventories, drain":   {dict{"provider": "p", "drain": true, "inventories": some}, []string{"mutually exclusive: inventories|drain"}},
		"drain is no boolean":  {dict{"provider": "p", "drain": "maybe"}, []string{"'drain'", "valid boolean", "maybe"}},
		"unknown way to clamp": {dict{"provider": "p", "below_usage": "allow", "inventories": some}, []string{"below_usage must be one of: refuse, clamp"}},
		"many at once": {
			dict{
				"provider": "p", "placement_endpoint": "not a url",
				"inventories": dict{"vcpu": dict{"total": 0}, "DISK_GB": dict{"total": -1, "reserved": -2, "allocation_ratio": -3}, "MEMORY_MB": dict{"step_size": 0}},
			},
			[]string{
				"7 faults", "vcpu", "VCPU", "vcpu -> total", "DISK_GB -> total", "DISK_GB -> reserved", "DISK_GB -> allocation_ratio",
				"MEMORY_MB -> step_size", "placement_endpoint",
			},
		},
	})
}

func TestBadProviders(t *testing.T) {
	some := dict{"VCPU": dict{"total": 8}}
	refuses(t, map[string]badInput{
		"no provider":     {dict{"inventories": some}, []string{"one of the following is required: provider, providers, aggregate"}},
		"empty provider":  {dict{"provider": "", "inventories": some}, []string{"provider must not be empty"}},
		"empty aggregate": {dict{"aggregate": " ", "drain": true}, []string{"aggregate must not be empty"}},
		"no providers":    {dict{"providers": []string{}, "inventories": some}, []string{"providers must name at least one resource provider"}},
		"an empty name":   {dict{"providers": []string{"a", ""}, "inventories": some}, []string{"providers[1] must not be empty"}},
		"a null name":     {dict{"providers": []any{nil}, "inventories": some}, []string{"providers", "null"}},
		"both":            {dict{"provider": "a", "providers": []string{"b"}, "inventories": some}, []string{"mutually exclusive: provider|providers|aggregate"}},
	})
}

func refuses(t *testing.T, cases map[string]badInput) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { fails(t, runModule(t, nowhere(c.args)), c.want...) })
	}
}

// What is written otherwise than it is meant is understood: the call gets as far as the cloud that does not answer.
func TestGoodInput(t *testing.T) {
	for name, args := range map[string]dict{
		"numbers as text":   of("VCPU", dict{"total": "8", "allocation_ratio": "1.1"}),
		"float noise":       of("VCPU", dict{"allocation_ratio": 1.1000000238418579}),
		"null field":        of("VCPU", dict{"total": nil, "reserved": 1}),
		"a whole number":    of("VCPU", dict{"allocation_ratio": 16}),
		"largest":           of("VCPU", dict{"total": 2147483647, "allocation_ratio": 3.40282e38}),
		"ratio of nothing":  of("VCPU", dict{"allocation_ratio": 0}),
		"reserved is total": of("VCPU", dict{"total": 4, "reserved": 4}),
		"names in one text": {"providers": "a,b", "drain": "yes"},
		"null beside":       {"provider": "p", "providers": nil, "aggregate": nil, "drain": nil, "inventories": dict{"VCPU": dict{"total": 8}}},
		"a class to remove": {"name": "p", "state": "absent", "inventories": dict{"VCPU": dict{}}},
	} {
		t.Run(name, func(t *testing.T) {
			fails(t, ansibletest.RunAtOnce(t, inventory.Module(), nowhere(args)), "127.0.0.1:1", "refused")
		})
	}
}
