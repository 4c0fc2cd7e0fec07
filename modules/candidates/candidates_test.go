// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

type dict = map[string]any

func run(t *testing.T, args dict) dict {
	t.Helper()
	return ansibletest.RunAtOnce(t, candidates.Module(), args)
}

// field is a state that operators have reported.
func field(name string) string {
	return filepath.Join("..", "audit", "testdata", "cases", name, "snapshot.json")
}

type fieldCase struct {
	state string
	asked dict
	msg   string
	help  string
}

// States in which nothing fits although there is room are explained in one sentence.
func TestCasesFromTheField(t *testing.T) {
	judgesField(t, map[string]fieldCase{
		"max_unit below what is free": {
			"max-unit-below-total",
			dict{"resources": dict{"VCPU": 2, "MEMORY_MB": 16384, "DISK_GB": 20}},
			"the request does not land in the only tree: mu1 gives at most 8192 MEMORY_MB at a time (max_unit), and 16384 are asked for",
			"Raise max_unit of MEMORY_MB on mu1 to 16384",
		},
		"too much is reserved": {
			"reserved-too-high",
			dict{"resources": dict{"VCPU": 1, "MEMORY_MB": 1024}},
			"the request does not land in the only tree: rs1 lacks 488 MEMORY_MB, because 65000 are reserved (0 of 536 used; capacity = (65536 - 65000 reserved) x 1)",
			"Lower what is reserved of MEMORY_MB on rs1 from 65000 to 64512 (in nova.conf: [DEFAULT]reserved_host_memory_mb or reserved_huge_pages), or raise the allocation_ratio of MEMORY_MB from 1 to 1.92 (in nova.conf: [DEFAULT]ram_allocation_ratio)",
		},
		"one class is full everywhere": {
			"one-class-full-everywhere",
			dict{"flavor": "f"},
			"flavor f (95 DISK_GB, 4096 MEMORY_MB, 2 VCPU) lands on none of 3 hosts: 0 with 95 DISK_GB at once. The nearest: h0 lacks 90 DISK_GB (95 of 100 used; capacity = (100 - 0 reserved) x 1)",
			"Free 90 DISK_GB on h0, or raise the allocation_ratio of DISK_GB from 1 to 1.9 (in nova.conf: [DEFAULT]disk_allocation_ratio)",
		},
	})
}

func judgesField(t *testing.T, cases map[string]fieldCase) {
	t.Helper()
	for name, c := range cases {
		args := dict{"snapshot": field(c.state)}
		for option, value := range c.asked {
			args[option] = value
		}
		answer := run(t, args)
		if answer["msg"] != c.msg || answer["lands"] != false {
			t.Errorf("%s: %v", name, answer["msg"])
		}
		if help, _ := answer["help"].([]any); len(help) != 1 || help[0] != c.help {
			t.Errorf("%s: %v", name, answer["help"])
		}
	}
}

// The funnel and the text say where the search ends.
func TestFunnelOfASnapshot(t *testing.T) {
	answer := run(t, dict{"snapshot": field("one-class-full-everywhere"), "flavor": "f", "show": true})
	raw, _ := json.Marshal(answer["funnel"])
	want := `[{"left":3,"stage":"enabled","text":"enabled"},{"left":0,"stage":"class DISK_GB","text":"with 95 DISK_GB at once"},` +
		`{"left":0,"stage":"class MEMORY_MB","text":"with 4096 MEMORY_MB at once"},{"left":0,"stage":"class VCPU","text":"with 2 VCPU at once"},` +
		`{"left":0,"stage":"together","text":"with everything at once"}]`
	if string(raw) != want {
		t.Errorf("%s", raw)
	}
	lines, _ := answer["text"].([]any)
	text := ""
	for _, line := range lines {
		text += fmt.Sprintln(line)
	}
	for _, part := range []string{"lands on none of 3 hosts", "     3  hosts", "Why not", "not enough DISK_GB left  h0, h1, h2", "Not judged"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	if _, asked := answer["candidates"]; asked {
		t.Error("placement was asked")
	}
}

// A flavor that fits lands, as one of a server does; a host that is another does not count, nor one whose nova-compute is down.
func TestLandsInASnapshot(t *testing.T) {
	state := field("max-unit-below-total")
	for name, c := range map[string]struct {
		more  dict
		lands bool
		says  string
	}{
		"the flavor":                 {dict{"flavor": "f"}, true, "lands on the only host"},
		"a server's":                 {dict{"server": "46c66ef2f4a751909debc72bf4ed0cc3"}, false, "mu1: the server is there: a move takes another host"},
		"on its host":                {dict{"flavor": "f", "host": "MU1"}, true, "lands on the only host"},
		"from a volume":              {dict{"flavor": "f", "from_volume": true}, true, "flavor f (4096 MEMORY_MB, 2 VCPU) lands"},
		"with a trait of the image":  {dict{"flavor": "f", "image_properties": dict{"trait:OWNER_NOVA": "required"}}, false, "mu1 lacks the trait OWNER_NOVA"},
		"in a zone that is not ours": {dict{"flavor": "f", "availability_zone": "az9"}, true, "lands on the only host"},
	} {
		args := dict{"snapshot": state}
		for option, value := range c.more {
			args[option] = value
		}
		answer := run(t, args)
		if msg, _ := answer["msg"].(string); answer["lands"] != c.lands || !strings.Contains(msg, c.says) {
			t.Errorf("%s: %v %v", name, answer["lands"], answer["msg"])
		}
	}
	answer := run(t, dict{"snapshot": state, "flavor": "f", "availability_zone": "az9"})
	if open, _ := json.Marshal(answer["not_judged"]); !strings.Contains(string(open), "no host aggregate has the availability zone az9") {
		t.Errorf("%s", open)
	}
	answer = run(t, dict{"snapshot": state, "flavor": "f", "project": "0123456789abcdef0123456789abcdef", "image_properties": dict{"hw_disk_bus": "scsi"}})
	open, _ := json.Marshal(answer["not_judged"])
	if answer["lands"] != true || !strings.Contains(string(open), "filter_tenant_id") || !strings.Contains(string(open), "COMPUTE_STORAGE_BUS_SCSI") {
		t.Errorf("%v %s", answer["msg"], open)
	}
	down := strings.Replace(read(t, state), `"state": "up"`, `"state": "down"`, -1)
	path := filepath.Join(t.TempDir(), "down.json")
	if err := os.WriteFile(path, []byte(down), 0o600); err != nil {
		t.Fatal(err)
	}
	answer = run(t, dict{"snapshot": path, "flavor": "f"})
	if answer["msg"] != "flavor f (20 DISK_GB, 4096 MEMORY_MB, 2 VCPU) does not land on the only host. Placement has room in 1, which Nova does not use; mu1: its nova-compute is down" {
		t.Error(answer["msg"])
	}
	if help, _ := json.Marshal(answer["help"]); string(help) != `["Start nova-compute on mu1"]` {
		t.Errorf("%s", help)
	}
	if funnel, _ := json.Marshal(answer["funnel"]); !strings.HasSuffix(string(funnel), `{"left":0,"stage":"nova","text":"used by Nova"}]`) {
		t.Errorf("%s", funnel)
	}
	if fits, _ := json.Marshal(answer["fits"]); answer["lands"] != false || !strings.Contains(string(fits), `"refused":"its nova-compute is down"`) {
		t.Errorf("%s", fits)
	}
}

// A snapshot tells of few traits who has them. Of any other it is unknown, which is not nobody.
func TestTraitsThatSnapshotsLack(t *testing.T) {
	answer := run(t, dict{"snapshot": field("max-unit-below-total"), "resources": dict{"VCPU": 1}, "required": []string{"CUSTOM_FAST"}})
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "must tell who has CUSTOM_FAST") {
		t.Errorf("%v", answer)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// All faults are named at once, before anything is read.
func TestBadRequests(t *testing.T) {
	answer := run(t, dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": "http://127.0.0.1:1",
		"required": []string{"A"}, "host": "cn1", "project": "x", "image": "debian", "same_subtree": []string{"a,c"}, "groups": []dict{
			{"name": "a", "resources": dict{"VCPU": 0}}, {"name": "a", "resources": dict{"VCPU": 1}}, {"name": "b b"},
		},
	})
	msg, _ := answer["msg"].(string)
	for _, want := range []string{
		"required", "must come with resources", "host", "must come with flavor or server", "value of image must come with flavor or server;", "same_subtree[0]", "must be names of groups",
		"groups[0] -> resources -> VCPU", "must be 1 or more", "groups[1] -> name", "groups[2] -> name", "must be of digits, letters, _ and -",
		"groups[2] -> resources", "group_policy", "must be none or isolate", "must be the UUID of a project",
	} {
		if !strings.Contains(msg, want) {
			t.Errorf("no %q in %q", want, msg)
		}
	}
	for name, args := range map[string]dict{
		"nothing": {}, "two": {"flavor": "f", "server": "s"}, "two places": {"flavor": "f", "host": "h", "in_tree": "x"},
		"a server that is not there": {"server": "x"}, "a flavor that is not there": {"flavor": "x"}, "a host that is not there": {"flavor": "f", "host": "x"},
		"an image of two kinds": {"flavor": "f", "image": "debian", "image_properties": dict{"hw_tpm_version": "2.0"}}, "an image and a snapshot": {"flavor": "f", "image": "debian"},
		"a root of no request": {"flavor": "f", "root_required": []string{"A"}}, "a policy of no groups": {"flavor": "f", "group_policy": "isolate"},
	} {
		args["snapshot"] = field("max-unit-below-total")
		if answer := run(t, args); answer["failed"] != true {
			t.Errorf("%s: %v", name, answer["msg"])
		}
	}
}

// What can be no name or UUID, and what is empty for want of a variable, is refused before Placement reads it as something else.
func TestBadForms(t *testing.T) {
	const uuid = "46c66ef2f4a751909debc72bf4ed0cc3"
	answer := run(t, dict{
		"snapshot": field("max-unit-below-total"), "resources": dict{"VCPU": 1, "vcpu,DISK_GB": 1},
		"required": []string{"HW_CPU_X86_VMX", "in:CUSTOM_A,CUSTOM_B", "in:", "!CUSTOM_A", "CUSTOM_A,CUSTOM_B"}, "forbidden": []string{"CUSTOM_A,!CUSTOM_B"},
		"member_of": []string{uuid, "!in:" + uuid + "," + uuid, "az1", "", uuid + "," + uuid}, "in_tree": "cn1", "root_required": []string{"custom a"},
		"root_forbidden": []string{""}, "groups": []dict{{
			"name": "a", "resources": dict{"VGPU": 1}, "required": []string{"in:A,b"}, "forbidden": []string{"c"}, "member_of": []string{"d"}, "in_tree": "e",
		}},
	})
	msg, _ := answer["msg"].(string)
	for _, want := range []string{
		"value of resources must have resource classes as keys, of capitals, digits and underscores, got: vcpu,DISK_GB", "required[2] ", "required[3] ",
		"required[4] must be one trait, of capitals, digits and underscores, or in: and several of them with commas, such as in:A,B, got: CUSTOM_A,CUSTOM_B", "forbidden[0] ",
		"member_of[2] must be the UUID of one aggregate", "member_of[3] ", "member_of[4] ", "in_tree must be the UUID of a resource provider, got: cn1", "root_required[0] ",
		"root_forbidden[0] ", "groups[0] -> required[0] ", "groups[0] -> forbidden[0] ", "groups[0] -> member_of[0] ", "groups[0] -> in_tree ",
	} {
		if !strings.Contains(msg, want) {
			t.Errorf("no %q in %q", want, msg)
		}
	}
	if !strings.Contains(msg, "15 faults") {
		t.Error(msg)
	}
	for option, empty := range map[string]any{
		"flavor": "", "server": "", "resources": dict{}, "groups": []dict{}, "availability_zone": "", "host": " ",
	} {
		args := dict{"snapshot": field("max-unit-below-total"), option: empty}
		if option == "availability_zone" || option == "host" {
			args["flavor"] = "f"
		}
		answer := run(t, args)
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "value of "+option+" must") {
			t.Errorf("%s: %v", option, answer["msg"])
		}
	}
}

// A UUID is the same with and without dashes, as everywhere.
func TestUUIDsWithoutDashes(t *testing.T) {
	for option, value := range map[string]any{"in_tree": "", "member_of": []string{"A0000000000040008000000000000001"}} {
		if option == "in_tree" {
			fits, _ := run(t, dict{"snapshot": field("max-unit-below-total"), "resources": dict{"VCPU": 1}})["fits"].([]any)
			fit, _ := fits[0].(dict)
			value = strings.ReplaceAll(fmt.Sprint(fit["provider_uuid"]), "-", "")
		}
		answer := run(t, dict{"snapshot": field("max-unit-below-total"), "resources": dict{"VCPU": 1}, option: value})
		if query, _ := answer["query"].(string); strings.Count(query, "-") != 4 || option == "in_tree" && answer["lands"] != true {
			t.Errorf("%s: %v %v", option, query, answer["msg"])
		}
	}
}
