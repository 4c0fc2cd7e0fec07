// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// edited is a state from the field with a change.
func edited(t *testing.T, name string, change func(dict)) string {
	t.Helper()
	var s dict
	if err := json.Unmarshal([]byte(read(t, field(name))), &s); err != nil {
		t.Fatal(err)
	}
	change(s)
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "snapshot.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// in returns a member of a member, and so on.
func in(d dict, path ...string) dict {
	for _, name := range path {
		d, _ = d[name].(dict)
	}
	return d
}

// one returns an element of a list.
func one(d dict, list string, i int) dict {
	all, _ := d[list].([]any)
	out, _ := all[i].(dict)
	return out
}

const h0 = "a3f75048-ea70-5774-acd0-e03b15bd4438"

// roomy has room for one more on h0, where the server v0 is.
func roomy(s dict) {
	disk := in(s, "inventories", h0, "DISK_GB")
	disk["total"], disk["max_unit"] = 1000, 1000
	in(s, "capacities", h0)["DISK_GB"] = 1000
}

// two gives the only host a second node, on which there is room, and fills the first.
func two(s dict) {
	const second = "5f0c5a52-0000-4000-8000-000000000002"
	first, _ := one(s, "providers", 0)["uuid"].(string)
	providers, _ := s["providers"].([]any)
	nodes, _ := s["hypervisors"].([]any)
	s["providers"] = append(providers, dict{"uuid": second, "name": "mu1b", "generation": 1, "root_uuid": second})
	node := dict{}
	for key, value := range one(s, "hypervisors", 0) {
		node[key] = value
	}
	node["uuid"], node["name"] = second, "mu1b"
	s["hypervisors"] = append(nodes, node)
	for _, part := range []string{"inventories", "capacities"} {
		in(s, part)[second] = in(s, part, first)
	}
	in(s, "usages")[second], in(s, "memberships")[second] = dict{}, []string{}
	in(s, "usages", first)["VCPU"] = in(s, "capacities", first)["VCPU"]
}

func unread(part string) func(dict) {
	return func(s dict) { in(s, "parts")[part] = dict{"read": false, "reason": "nova answered 403"} }
}

// A server does not move to where it is, a host may have several nodes, and what could not be read is told instead of an answer.
func TestPlacesInASnapshot(t *testing.T) {
	const server = "8422d0c9-743e-5108-a7a8-7529a2ee197f"
	full, single := "one-class-full-everywhere", "max-unit-below-total"
	for name, c := range map[string]struct {
		state  string
		change func(dict)
		asked  dict
		says   string
	}{
		"the flavor":             {full, roomy, dict{"flavor": "f"}, "lands on 1 of 3 hosts"},
		"the server of the host": {full, roomy, dict{"server": server}, "lands on none of 3 hosts. Placement has room in 1, which Nova does not use; h0: the server is there"},
		"two nodes of a host":    {single, two, dict{"flavor": "f", "host": "mu1"}, "lands on 1 of 2 hosts"},
		"no nodes were read":     {single, unread("hypervisors"), dict{"flavor": "f", "host": "mu1"}, "host can't be judged: the snapshot has no hypervisors: nova answered 403"},
		"no aggregates were read": {
			single, unread("aggregates"), dict{"flavor": "f", "availability_zone": "az1"}, "availability_zone can't be judged: the snapshot has no aggregates: nova answered 403",
		},
	} {
		c.asked["snapshot"] = edited(t, c.state, c.change)
		if msg := fmt.Sprint(run(t, c.asked)["msg"]); !strings.Contains(msg, c.says) {
			t.Errorf("%s: %s", name, msg)
		}
	}
}

// What no host has is named with what would help, also where it is the only host.
func TestNobodyHasIt(t *testing.T) {
	for _, state := range []string{"max-unit-below-total", "one-class-full-everywhere"} {
		answer := run(t, dict{"snapshot": field(state), "resources": dict{"CUSTOM_FPGA": 1}})
		if msg, help := fmt.Sprint(answer["msg"]), fmt.Sprint(answer["help"]); !strings.Contains(msg, "has no inventory of CUSTOM_FPGA") || !strings.Contains(help, "Add an inventory of CUSTOM_FPGA to") {
			t.Errorf("%s %s", msg, help)
		}
	}
}
