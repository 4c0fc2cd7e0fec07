// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// full is a state of three hosts on which only the disk is full.
func full() string {
	return filepath.Join("..", "audit", "testdata", "cases", "one-class-full-everywhere", "snapshot.json")
}

// The root disk is not counted of servers that boot from a volume. If nobody says so, all servers of the flavor have to.
func TestFromVolume(t *testing.T) {
	const disk, volume = `"from_volume": false`, `"from_volume": true`
	text := read(t, full())
	first := text[strings.Index(text, `"name": "v0"`) : strings.Index(text, disk)+len(disk)]
	all, one := []string{disk, volume}, []string{first, strings.Replace(first, disk, volume, 1)}
	const with, without = "the root disk was counted; from_volume counts without it (flavors: f)", "it was not counted, because all existing servers boot from volumes (flavors: f)"
	for name, c := range map[string]struct {
		args       dict
		texts      []string
		want, said string
	}{
		"with the disk":             {dict{}, nil, "f 0 -", with},
		"asked for":                 {dict{"from_volume": true}, nil, "f 21 -", ""},
		"in use, from disks":        {dict{"in_use": true}, nil, "f 0 -", with},
		"in use, one from a volume": {dict{"in_use": true}, one, "f 0 -", with},
		"in use, from volumes":      {dict{"in_use": true}, all, "f 21 -", without},
		"not in use, from volumes":  {dict{}, all, "f 0 -", with},
		"in use and asked for":      {dict{"in_use": true, "from_volume": true}, nil, "f 21 -", ""},
	} {
		answer := altered(t, full(), c.args, c.texts...)
		said := fmt.Sprint(answer["not_judged"])
		if got := slots(t, answer); got != c.want || strings.Contains(said, "root disk") != (c.said != "") || !strings.Contains(said, c.said) {
			t.Errorf("%s: %s, %s", name, got, said)
		}
		raw, _ := json.Marshal(answer["flavors"])
		if !strings.Contains(string(raw), fmt.Sprintf(`"from_volume":%v`, c.want == "f 21 -")) {
			t.Errorf("%s: %s", name, raw)
		}
	}
}

// Hosts that would be gone have no slots after the change, and one that looks like them may come in their place.
func TestWithoutHosts(t *testing.T) {
	more := dict{"like": "h0", "count": 1}
	for name, c := range map[string]struct {
		args dict
		want string
	}{
		"one":           {dict{"without_hosts": []string{"h0"}}, "f 21 14"},
		"by case":       {dict{"without_hosts": []string{"H1"}}, "f 21 14"},
		"by UUID":       {dict{"without_hosts": []string{"2E0622B603A152ECAD0B764034AE648C", "h2"}}, "f 21 7"},
		"all":           {dict{"without_hosts": []string{"h0", "h1", "h2"}}, "f 21 0"},
		"twice":         {dict{"without_hosts": []string{"h0", "h0"}}, "f 21 14"},
		"and a new one": {dict{"without_hosts": []string{"h0"}, "more_hosts": more}, "f 21 22"},
	} {
		c.args["from_volume"] = true
		answer := run(t, "one-class-full-everywhere", c.args)
		if got := slots(t, answer); got != c.want || !strings.Contains(fmt.Sprint(answer["not_judged"]), "where the servers of the hosts in without_hosts would go") {
			t.Errorf("%s: %s, want %s: %v", name, got, c.want, answer["not_judged"])
		}
	}
	answer := run(t, "one-class-full-everywhere", dict{"without_hosts": []string{"h0", "h9"}})
	const want = "value of without_hosts[1] must be the name of a service host, or the name or UUID of a root provider, got: h9"
	if msg, _ := answer["msg"].(string); answer["failed"] != true || msg != want {
		t.Errorf("%v", answer["msg"])
	}
}

// The truth may be told of some providers alone.
func TestTruthOfSome(t *testing.T) {
	for pattern, want := range map[string]int{"h[01]": 6, "h2": 3, "nobody*": 0} {
		rows, is := run(t, "one-class-full-everywhere", dict{"truth": true, "pattern": pattern})["truth"].([]any)
		if !is || len(rows) != want {
			t.Errorf("%s: %d rows, want %d", pattern, len(rows), want)
		}
	}
	for want, args := range map[string]dict{
		"pattern must come with truth":        {"pattern": "h*"},
		"pattern must be a shell pattern":     {"pattern": "h[", "truth": true},
		"pattern must be a shell pattern, wi": {"pattern": "", "truth": true},
	} {
		answer := run(t, "one-class-full-everywhere", args)
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, want) {
			t.Errorf("%v: %v", args, answer["msg"])
		}
	}
}

// A flavor whose request Placement refuses fits nowhere, and the answer says why.
func TestRefusedFlavor(t *testing.T) {
	const why = "the flavor has 2 groups with resources and no group_policy: Placement refuses its request. Set group_policy to none or isolate in the extra specs of the flavor"
	const specs = `"extra_specs": {"resources1:VCPU": "1", "resources2:VCPU": "1"`
	answer := altered(t, full(), dict{"show": true, "from_volume": true}, `"extra_specs": {`, specs)
	raw, _ := json.Marshal(answer["flavors"])
	if got := slots(t, answer); got != "f 0 -" || !strings.Contains(string(raw), `"refused":"`+why+`"`) || !strings.Contains(string(raw), `"hosts":[]`) {
		t.Errorf("%s %s", got, raw)
	}
	if answer["msg"] != "0 of 1 flavor fits somewhere; Placement refuses the request of 1 flavor" || !strings.Contains(fmt.Sprint(answer["text"]), "f fits nowhere: the flavor has 2 groups") {
		t.Errorf("%v %v", answer["msg"], answer["text"])
	}
	answer = altered(t, full(), dict{"from_volume": true}, `"extra_specs": {`, specs+`, "group_policy": "none"`)
	raw, _ = json.Marshal(answer["flavors"])
	if got := slots(t, answer); got != "f 21 -" || !strings.Contains(string(raw), `"refused":""`) {
		t.Errorf("%s %s", got, raw)
	}
}

// What is not judged is said of the flavors that ask for it.
func TestNotJudgedOfFlavors(t *testing.T) {
	const pci, numa = "which hosts have the PCI devices", "which hosts have room for the NUMA topology"
	for name, c := range map[string]struct {
		specs     string
		pci, numa bool
	}{
		"plain": {``, false, false}, "PCI": {`"pci_passthrough:alias": "nic:1"`, true, false}, "NUMA": {`"hw:numa_nodes": "2"`, false, true},
	} {
		said := fmt.Sprint(altered(t, full(), dict{}, `"extra_specs": {`, `"extra_specs": {`+c.specs)["not_judged"])
		if strings.Contains(said, pci) != c.pci || strings.Contains(said, numa) != c.numa || !strings.Contains(said, "server groups") {
			t.Errorf("%s: %s", name, said)
		}
	}
}
