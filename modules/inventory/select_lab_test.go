// SPDX-License-Identifier: Apache-2.0

//go:build lab

package inventory_test

import (
	"slices"
	"strings"
	"testing"
)

// namesIn lists the providers of an answer.
func namesIn(answer dict) []string {
	var out []string
	all, _ := answer["providers"].([]any)
	for _, raw := range all {
		p, _ := raw.(dict)
		name, _ := p["name"].(string)
		out = append(out, name)
	}
	return out
}

// A pattern and a zone choose providers, which check mode lists. What they match is written, and nothing matched is an error.
func TestLabPatternAndZone(t *testing.T) {
	l := controlPlane(t)
	one, two := l.make(t, usual()), l.make(t, usual())
	prefix := one.Name[:len(one.Name)-4]
	pattern := prefix + "????"
	wish := dict{"VCPU": dict{"reserved": 1}}
	answer, _ := l.thrice(t, dict{"pattern": one.Name, "inventories": wish, "journal": newJournal(t)})
	if got := namesIn(answer); answer["failed"] != false || !slices.Equal(got, []string{one.Name}) {
		t.Errorf("%s matches %v: %v", one.Name, got, answer["msg"])
	}
	run := func(args dict) dict {
		args["_ansible_check_mode"], args["inventories"], args["journal"] = true, wish, newJournal(t)
		answer, _ := l.run(t, l.gate(t), args)
		return answer
	}
	all := namesIn(run(dict{"pattern": "*"}))
	if !slices.Contains(all, one.Name) || !slices.Contains(all, two.Name) || !slices.Contains(all, "cn1") || !slices.IsSorted(all) {
		t.Errorf("* matches %v", all)
	}
	if got := namesIn(run(dict{"pattern": pattern})); !slices.Contains(got, one.Name) || slices.Contains(got, "cn1") {
		t.Errorf("%s matches %v", pattern, got)
	}
	inZone := run(dict{"zone": "nova"})
	zone := namesIn(inZone)
	if !slices.Contains(zone, "cn1") || slices.Contains(zone, one.Name) {
		t.Errorf("the zone nova has %v: %v", zone, inZone["msg"])
	}
	if got := namesIn(run(dict{"zone": "nova", "pattern": "cn[12]"})); !slices.Equal(got, []string{"cn1", "cn2"}) {
		t.Errorf("cn[12] of the zone nova are %v", got)
	}
	for says, args := range map[string]dict{
		"value of pattern must match the whole name of at least one root provider": {"pattern": "nobody-*"},
		"value of zone must be an availability zone with a nova-compute":           {"zone": "nowhere"},
	} {
		answer := run(args)
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, says) {
			t.Errorf("%v: %s", args, msg)
		}
	}
}
