// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"fmt"
	"strings"
	"testing"
)

// uneven is a cloud in which 95 GB of disk fit nowhere: h0 has a server of 60 of 100 GB, h1 one of 35, and h2 none, but no room.
func uneven(t *testing.T, change func(server, service, node dict)) string {
	t.Helper()
	return edited(t, "one-class-full-everywhere", func(s dict) {
		for i, disk := range []int{60, 35} {
			uuid, _ := one(s, "providers", i)["uuid"].(string)
			in(s, "usages")[uuid] = dict{"VCPU": 2, "MEMORY_MB": 4096, "DISK_GB": disk}
			flavor := in(one(s, "servers", i), "flavor")
			flavor["name"], flavor["disk"] = fmt.Sprint("g", i), disk
		}
		change(one(s, "servers", 1), one(s, "services", 0), one(s, "hypervisors", 0))
	})
}

// hidden is a flavor without its extra specs.
func hidden(flavor any) dict {
	out, _ := flavor.(dict)
	out["extra_specs"] = nil
	return out
}

const moveOfV1 = "Move server v1 (2ead01b6-2c52-5208-b361-868ab9d28bdf) off h1, which makes room there. h0 has room for it, if it is in the same cell of Nova"

type liveCase struct {
	change func(server, service, node dict)
	want   string
}

// A flavor that fits nowhere fits once a server of the nearest host has moved to one with room for it. Servers that can't be moved live,
// and hosts that Nova does not use, are no help.
func TestLiveMigration(t *testing.T) {
	movesLive(t, map[string]liveCase{
		"it moves":             {func(dict, dict, dict) {}, moveOfV1},
		"it is shut off":       {func(server, _, _ dict) { server["status"] = "SHUTOFF" }, "h0"},
		"it is being resized":  {func(server, _, _ dict) { server["task_state"] = "resize_prep" }, "h0"},
		"its flavor is hidden": {func(server, _, _ dict) { server["flavor"] = hidden(server["flavor"]) }, "h0"},
		"the target is down":   {func(_, service, _ dict) { service["state"] = "down" }, ""},
		"a name of others":     {func(server, _, _ dict) { server["name"] = "$(x)\n\x1b[2J" }, "Move server $(x)"},
	})
}

func movesLive(t *testing.T, cases map[string]liveCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			answer := run(t, dict{"snapshot": uneven(t, c.change), "flavor": "f", "show": true})
			move, is := answer["move"].(dict)
			text, _ := move["text"].(string)
			switch {
			case c.want == "h0" && move["from"] == "h0" && move["to"] == "h1": // the other one moves
			case is != (c.want != "") || !strings.HasPrefix(text, c.want) || strings.ContainsAny(text, "\n\x1b"):
				t.Errorf("%v, %v", answer["msg"], move)
			}
			if answer["lands"] != false {
				t.Error(answer["msg"])
			}
			if c.want != moveOfV1 {
				return
			}
			if move["command"] != "openstack server migrate --live-migration 2ead01b6-2c52-5208-b361-868ab9d28bdf" {
				t.Error(move["command"])
			}
			if lines := fmt.Sprint(answer["text"]); !strings.Contains(lines, "A live migration that would make room") {
				t.Error(lines)
			}
		})
	}
}
