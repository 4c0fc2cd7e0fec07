// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/verdict"
)

type dict = map[string]any

func run(t *testing.T, change dict) dict {
	t.Helper()
	args := dict{
		"moment": "after", "computes": dict{"msg": "2 of 2 computes have reported", "silent": []any{}},
		"audit": dict{"complete": true, "findings": []any{}, "not_run": []any{}, "summary": dict{"left_out": 0}}, "baseline": dict{"path": "/b", "taken_at": "2026-11-28T10:00:00Z"},
	}
	for key, value := range change {
		if args[key] = value; value == nil {
			delete(args, key)
		}
	}
	return ansibletest.Run(t, verdict.Module(), args)
}

func TestPass(t *testing.T) {
	answer := run(t, nil)
	if answer["failed"] != false || answer["changed"] != false || answer["verdict"] != "pass" || answer["msg"] != "pass: Placement and Nova agree as before" {
		t.Errorf("%v", answer)
	}
	if answer = run(t, dict{"moment": "before"}); answer["verdict"] != "pass" {
		t.Errorf("%v", answer)
	}
}

// A verdict of fail does not fail the task: the roles decide about that.
func TestFail(t *testing.T) {
	log := dict{"host": "c1", "read": dict{"msg": "denied"}}
	answer := run(t, dict{
		"audit":         dict{"findings": []any{dict{"id": "PLC101", "name": "n", "severity": "high", "message": "m", "remedy": dict{"text": "r"}}}, "not_run": []any{}, "summary": dict{"left_out": 0}},
		"logs":          []any{log, dict{"host": "c2", "read": dict{"export": dict{}, "sources": []any{dict{"service": "placement"}}}}, dict{"host": "c3"}},
		"status_checks": []any{dict{"of": "nova", "host": "c1", "stdout": "no table"}}, "computes": dict{"failed": true, "msg": "503"}, "baseline": nil,
	})
	text, _ := json.Marshal(answer["reasons"])
	for _, want := range []string{
		`"PLC101 n"`, "the logs of c1 were not read: denied", "the logs of c3 were not read: it was not among the hosts of this run", `"no table"`, "the compute services could not be read: 503", "there is no baseline",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if answer["failed"] != false || answer["verdict"] != "fail" || strings.Contains(string(text), "c2 were") {
		t.Errorf("%v", answer)
	}
}

// both is what Nova has on cn1, for an upgrade too.
func both(moment string) dict {
	computes := asked(moment)
	computes["silent"] = []any{}
	return computes
}

func empty(list any) bool {
	all, ok := list.([]any)
	return ok && len(all) == 0
}

// The reports have what the roles keep in their results; check mode writes none.
func TestReports(t *testing.T) {
	for moment, keys := range map[string][]string{
		"before":         {"audit", "baseline", "identities", "msg", "reasons", "report", "verdict"},
		"after":          {"audit", "baseline", "computes", "conflicts", "msg", "reasons", "report", "status_checks", "verdict"},
		"before_removal": {"audit", "msg", "reasons", "removal", "report", "verdict"},
	} {
		dir := t.TempDir()
		reports := []any{dict{"path": dir + "/r.json", "format": "json"}, dict{"path": dir + "/r.md", "format": "markdown"}}
		args := removed(moment, dict{"moment": moment, "computes": both(moment), "baseline": dict{"path": "/b", "taken_at": "2026-11-28T10:00:00Z"}, "reports": reports, "_ansible_check_mode": true})
		if answer := run(t, args); !empty(answer["report"]) {
			t.Errorf("check mode: %v", answer["report"])
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Errorf("check mode writes %v", left)
		}
		args["_ansible_check_mode"] = false
		answer := run(t, args)
		text, err := os.ReadFile(filepath.Join(dir, "r.json"))
		var all dict
		if err != nil || json.Unmarshal(text, &all) != nil || len(all) != len(keys) || empty(answer["report"]) {
			t.Fatalf("%v: %s: %v", err, text, answer)
		}
		for _, key := range keys {
			if _, there := all[key]; !there {
				t.Errorf("%s: no %s", moment, key)
			}
		}
		page, err := os.ReadFile(filepath.Join(dir, "r.md"))
		if err != nil || !strings.HasPrefix(string(page), map[string]string{"before": "# Before the upgrade: pass\n", "after": "# After the upgrade: pass\n", "before_removal": "# Before the removal of cn1: pass\n"}[moment]) {
			t.Errorf("%v: %s", err, page)
		}
	}
}

// asked is what Nova has on cn1: its compute service before the removal, and nothing after it.
func asked(moment string) dict {
	computes := []any{}
	if moment == "before_removal" {
		computes = []any{dict{"host": "cn1", "uuid": "s", "state": "down", "status": "disabled"}}
	}
	return dict{"complete": true, "computes": computes, "hosts": on("cn1"), "consumers": []any{dict{"uuid": "c", "kind": "server", "name": "web", "host": "cn1"}}}
}

// on is an empty host.
func on(host string) []any {
	return []any{dict{"host": host, "nodes": []any{}, "servers": []any{}, "moves": []any{}}}
}

// removed are the options about a host with one provider.
func removed(moment string, change dict) dict {
	provider := dict{"uuid": "772c8a12-cd72-49a5-a646-50cc5bb01e1d", "name": "cn1", "root_uuid": "772c8a12-cd72-49a5-a646-50cc5bb01e1d", "usages": dict{}, "allocations": []any{}}
	args := dict{"moment": moment, "computes": asked(moment), "baseline": nil, "host": "cn1", "providers": dict{"providers": []any{provider}}}
	for key, value := range change {
		if key == "allocations" || key == "usages" {
			provider[key] = value
		} else {
			args[key] = value
		}
	}
	return args
}

// The results of the removal of a host, as a role passes them on.
func TestRemoval(t *testing.T) {
	holder := dict{"consumer_uuid": "c", "consumer_generation": 1, "provider_uuid": "p", "resources": dict{"VCPU": 1}}
	for name, c := range map[string]struct {
		args          dict
		verdict, text string
		ok            bool
	}{
		"before":        {removed("before_removal", nil), "pass", `"holders":[]`, true},
		"held":          {removed("before_removal", dict{"allocations": []any{holder}}), "fail", `"kind":"server","name":"web"`, false},
		"not found":     {removed("before_removal", dict{"providers": dict{"providers": []any{}}}), "fail", `"providers":[]`, false},
		"another name":  {removed("before_removal", dict{"provider": "hv1"}), "fail", "no resource provider is named hv1", false},
		"left":          {removed("after_removal", nil), "fail", `"name":"cn1"`, false},
		"nothing":       {removed("after_removal", dict{"providers": dict{"providers": []any{}}}), "pass", "nothing is left of cn1", true},
		"hostile names": {removed("after_removal", dict{"host": "a\nCRITICAL  x", "computes": dict{"complete": true, "computes": []any{}, "hosts": on("a CRITICAL x")}}), "pass", `"msg":"nothing is left of a CRITICAL x"`, true},
	} {
		answer := run(t, c.args)
		text, _ := json.Marshal(answer)
		result, _ := answer["removal"].(dict)
		if answer["failed"] != false || answer["verdict"] != c.verdict || result["ok"] != c.ok || result["complete"] != true || !strings.Contains(string(text), c.text) {
			t.Errorf("%s: %s", name, text)
		}
	}
	for name, nova := range map[string]dict{
		"failed": {"failed": true, "msg": "503"}, "incomplete": {"complete": false, "msg": "503", "hosts": asked("after_removal")["hosts"]},
		"no hosts": {"complete": true, "computes": []any{}, "hosts": []any{}}, "another host": {"complete": true, "computes": []any{}, "hosts": on("cn2")},
		"no services": {"complete": true, "hosts": on("cn1")},
	} {
		answer := run(t, removed("after_removal", dict{"providers": dict{"providers": []any{}}, "computes": nova}))
		result, _ := answer["removal"].(dict)
		if msg, _ := answer["msg"].(string); answer["verdict"] != "fail" || result["ok"] != false || result["complete"] != false || !strings.Contains(msg, "what Nova has on cn1") {
			t.Errorf("%s: %v", name, answer)
		}
	}
	if answer := run(t, nil); answer["removal"] != nil {
		t.Errorf("%v", answer)
	}
}

func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		change dict
		want   []string
	}{
		"no moment":            {dict{"moment": nil}, []string{"moment"}},
		"unknown moment":       {dict{"moment": "during"}, []string{"moment", "before, after"}},
		"audit of no module":   {dict{"audit": dict{"msg": "x"}, "computes": dict{"silent": "cn1"}}, []string{"audit must be a result of placement_audit (it has no findings)", "computes must be a result of placement_compute_info"}},
		"conflicts":            {dict{"conflicts": dict{"msg": "x"}}, []string{"conflicts must be a result of placement_conflicts (it has no conflicts)"}},
		"a log of no host":     {dict{"logs": []any{dict{}}}, []string{"host"}},
		"a removal of nothing": {removed("before_removal", dict{"host": nil, "providers": nil}), []string{"moment is before_removal but all of the following are missing: host, providers"}},
		"providers of nothing": {removed("after_removal", dict{"providers": dict{"msg": "503"}}), []string{"providers must be a result of placement_provider_info with usages and allocations (it has no providers)"}},
		"unread allocations":   {removed("before_removal", dict{"allocations": nil}), []string{"providers must be a result of placement_provider_info with usages and allocations (providers[0] has no allocations)"}},
		"unread usages":        {removed("after_removal", dict{"usages": nil}), []string{"(providers[0] has no usages)"}},
		"no computes":          {dict{"computes": nil}, []string{"moment is after but all of the following are missing: computes"}},
		"no such folder":       {dict{"reports": []any{dict{"path": "/no/such/r.md", "format": "markdown"}}}, []string{"reports[0] -> path", "/no/such"}},
		"prometheus":           {dict{"reports": []any{dict{"path": "/tmp/r", "format": "prometheus"}}}, []string{"format", "json, html, markdown"}},
	} {
		answer := run(t, c.change)
		msg, _ := answer["msg"].(string)
		for _, want := range c.want {
			if answer["failed"] != true || !strings.Contains(msg, want) {
				t.Errorf("%s: no %q in %q", name, want, msg)
			}
		}
	}
}

type repairCase struct {
	repair  dict
	planned bool
	verdict string
	text    string
}

// A repair is shown line by line. One that was not made, or not to its end, is a reason; a plan is none.
func TestRepair(t *testing.T) {
	steps := func(states ...string) dict {
		all := []any{}
		for i, state := range states {
			all = append(all, dict{"step": i + 1, "state": state, "what": "Empty consumer c", "reason": map[string]string{"by hand": "who it is\nis unknown"}[state]})
		}
		return dict{"msg": "1 of it", "plan": dict{"id": "x", "path": "/p.json", "digest": "0ffe3f6e2f5b0ffe3f6e"}, "steps": all}
	}
	repairs(t, map[string]repairCase{
		"a plan":        {steps("planned", "by hand"), true, "pass", `"Repair plan: 1 of it","    step 1 planned: Empty consumer c","    step 2 by hand: Empty consumer c (who it is is unknown)","    to do exactly this, run heal.yml with heal_plan=/p.json and heal_confirm=0ffe3f6e2f5b"`},
		"undoable":      {dict{"msg": "1 done", "plan": dict{"id": "x"}, "journal": "/j", "run": "r"}, false, "pass", `"    the journal /j has this as run r; placement_restore undoes it"`},
		"no plan":       {dict{"msg": "a cell does not answer"}, true, "warn", `"Repair plan: a cell does not answer"`},
		"done":          {steps("done", "unchanged", "skipped"), false, "pass", `"Repair: 1 of it","    step 1 done: Empty consumer c","    step 2 unchanged: Empty consumer c","    step 3 skipped: Empty consumer c"`},
		"failed":        {steps("done", "failed"), false, "fail", `not all steps of the repair were done: 1 of it`},
		"over budget":   {steps("planned"), false, "fail", `not all steps of the repair were done: 1 of it`},
		"no repair":     {dict{"msg": "no login"}, false, "fail", `nothing was repaired: no login`},
		"not asked for": {nil, false, "pass", `Computes: `},
	})
}

func repairs(t *testing.T, cases map[string]repairCase) {
	t.Helper()
	for name, c := range cases {
		answer := run(t, dict{"repair": c.repair, "repair_planned": c.planned})
		text, _ := json.Marshal(answer["text"])
		if answer["verdict"] != c.verdict || !strings.Contains(string(text), c.text) {
			t.Errorf("%s: %v\n%s", name, answer["verdict"], text)
		}
	}
}

// What a result does not have is not taken for nothing.
func TestLacking(t *testing.T) {
	for want, change := range map[string]dict{
		"audit must be a result of placement_audit (findings[0] has no severity)":                                      {"audit": dict{"findings": []any{dict{"id": "PLC101"}}, "not_run": []any{}, "summary": dict{}}},
		"conflicts must be a result of placement_conflicts (conflicts[0] has no act)":                                  {"conflicts": dict{"conflicts": []any{dict{"conflict": "x"}}, "not_read": []any{}}},
		"repair must be a result of placement_heal (steps[0] has no state)":                                            {"repair": dict{"steps": []any{dict{"step": 1}}}},
		"computes must be a result of placement_compute_info (hosts[0] has no servers)":                                removed("before_removal", dict{"computes": dict{"complete": true, "hosts": []any{dict{"host": "cn1", "nodes": []any{}}}}}),
		"computes must be a result of placement_compute_info (consumers[0] has no kind)":                               removed("before_removal", dict{"computes": dict{"complete": true, "consumers": []any{dict{"uuid": "c"}}}}),
		"providers must be a result of placement_provider_info with usages and allocations (providers[0] has no name)": removed("before_removal", dict{"providers": dict{"providers": []any{dict{"uuid": "p"}}}}),
		"computes must be a result of placement_compute_info (identities[0] has no host)":                              {"computes": dict{"silent": []any{}, "identities": []any{dict{}}}},
		"audit must be a result of placement_audit (it has no summary)":                                                {"audit": dict{"findings": []any{}, "not_run": []any{}}},
	} {
		answer := run(t, change)
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, want) {
			t.Errorf("no %q in %q", want, answer["msg"])
		}
	}
}
