// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func TestIgnore(t *testing.T) {
	from := saved(t, holds(orphan, checktest.Compute), holds(orphan2, checktest.Compute))
	accepted := map[string]any{"fingerprint": "PLC101:consumer:" + orphan, "reason": "belongs to another service"}
	answer := runModule(t, map[string]any{"snapshot": from, "checks": "PLC101", "ignore": []any{accepted}})
	wanted(t, answer, "PLC101:consumer:"+orphan2)
	if answer["clean"] != false || answer["msg"] != "not clean: 1 high, 1 ignored" || dig(answer, "summary", "ignored") != 1.0 ||
		dig(answer, "summary", "by_severity", "high") != 1.0 || dig(answer, "summary", "by_check", "PLC101") != 1.0 {
		t.Errorf("%v, %v", answer["msg"], answer["summary"])
	}
	if got := column(answer["ignored"], "reason"); !slices.Equal(got, []string{"belongs to another service"}) || len(warnings(answer)) != 0 {
		t.Errorf("ignored %v, warnings %v", answer["ignored"], warnings(answer))
	}
	both := []any{accepted, map[string]any{"check": "orphaned-allocation", "subject": "b000*-*2", "reason": "tests"}}
	answer = runModule(t, map[string]any{"snapshot": from, "checks": "PLC101", "ignore": both})
	wanted(t, answer)
	if answer["clean"] != true || answer["msg"] != "clean: no findings, 2 ignored" {
		t.Errorf("%v", answer["msg"])
	}
}

type unusedCase struct {
	changes []func(*snapshot.Snapshot)
	more    map[string]any
	unused  bool
}

// A rule that accepts nothing is named, unless nobody can know whether it does.
func TestUnusedIgnore(t *testing.T) {
	unread := func(s *snapshot.Snapshot) { s.MarkFailed(snapshot.Servers, "403 Forbidden") }
	quick := func(s *snapshot.Snapshot) { s.Quick = &snapshot.Quick{Trees: 1, Granted: 1} }
	moving := func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{UUID: orphan, ServerUUID: checktest.Server, Status: "running", SourceHost: "cn1"}}
	}
	saysUnused(t, map[string]unusedCase{
		"unused":                    {nil, nil, true},
		"used":                      {[]func(*snapshot.Snapshot){holds(orphan, checktest.Compute)}, nil, false},
		"its check is skipped":      {nil, map[string]any{"skip_checks": "PLC101"}, false},
		"its check can't run":       {[]func(*snapshot.Snapshot){unread}, nil, false},
		"only a part is seen":       {nil, map[string]any{"hosts": "cn1"}, false},
		"allocations were left out": {[]func(*snapshot.Snapshot){quick}, nil, false},
		"a migration's":             {[]func(*snapshot.Snapshot){holds(orphan, checktest.Compute), moving}, nil, true},
	})
}

func saysUnused(t *testing.T, cases map[string]unusedCase) {
	t.Helper()
	rule := map[string]any{"fingerprint": "PLC101:consumer:" + orphan, "reason": "was once"}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			args := map[string]any{"snapshot": saved(t, c.changes...), "ignore": []any{rule}}
			for key, value := range c.more {
				args[key] = value
			}
			answer := runModule(t, args)
			list, _ := dig(answer, "summary", "unused_ignores").([]any)
			warned := len(warnings(answer)) == 1 && strings.Contains(warnings(answer)[0], "ignore[0] (PLC101:consumer:"+orphan)
			if len(list) == 1 != c.unused || warned != c.unused {
				t.Errorf("unused %v, warnings %v, %v", list, warnings(answer), answer["msg"])
			}
		})
	}
}

// Whether a rule about something that was not judged is still needed is unknown.
func TestIgnoreOfNotJudged(t *testing.T) {
	for state, unused := range map[string]bool{"down": false, "": true} {
		from := saved(t, func(s *snapshot.Snapshot) {
			if state != "" {
				s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: second, Name: "cn2", ServiceHost: "cn2", State: state})
			}
		})
		rule := map[string]any{"fingerprint": "PLC205:provider:" + second, "reason": "its host is being repaired"}
		answer := runModule(t, map[string]any{"snapshot": from, "checks": "PLC205", "ignore": []any{rule}})
		if list, _ := dig(answer, "summary", "unused_ignores").([]any); len(list) == 1 != unused {
			t.Errorf("state %q: unused %v, %v", state, list, answer["summary"])
		}
	}
}

func TestBadIgnore(t *testing.T) {
	from := saved(t)
	rule := func(pairs ...string) map[string]any {
		out := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i]] = pairs[i+1]
		}
		return out
	}
	for name, c := range map[string]struct {
		rule map[string]any
		want []string
	}{
		"no reason":            {rule("fingerprint", "PLC101:consumer:x"), []string{"ignore[0] -> reason"}},
		"blank reason":         {rule("fingerprint", "PLC101:consumer:x", "reason", " "), []string{"ignore[0] -> reason"}},
		"neither":              {rule("reason", "x"), []string{"ignore[0]", "either fingerprint"}},
		"both":                 {rule("reason", "x", "fingerprint", "PLC101:consumer:x", "check", "PLC101", "subject", "*"), []string{"ignore[0]", "not both"}},
		"fingerprint, subject": {rule("reason", "x", "fingerprint", "PLC101:consumer:x", "subject", "*"), []string{"ignore[0]", "not both"}},
		"unknown check":        {rule("reason", "x", "check", "PLC999", "subject", "*"), []string{"ignore[0] -> check", "PLC999", "PLC101 orphaned-allocation"}},
		"no check":             {rule("reason", "x", "subject", "*"), []string{"ignore[0] -> check", "PLC101 orphaned-allocation"}},
		"no subject":           {rule("reason", "x", "check", "PLC101"), []string{"ignore[0] -> subject", `"*"`}},
		"bad pattern":          {rule("reason", "x", "check", "PLC101", "subject", "cn[1"), []string{"ignore[0] -> subject", "cn[1"}},
		"no fingerprint":       {rule("reason", "x", "fingerprint", "cn1"), []string{"ignore[0] -> fingerprint", "cn1", "PLC201:provider:UUID"}},
		"another's":            {rule("reason", "x", "fingerprint", "PLC999:consumer:x"), []string{"ignore[0] -> fingerprint", "PLC999"}},
		"another subject":      {rule("reason", "x", "fingerprint", "PLC101:provider:x"), []string{"ignore[0] -> fingerprint", "PLC101:provider:x"}},
		"unknown key":          {rule("reason", "x", "fingerprint", "PLC101:consumer:x", "why", "x"), []string{"ignore", "why"}},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, runModule(t, map[string]any{"snapshot": from, "ignore": []any{c.rule}}), c.want...)
		})
	}
	answer := runModule(t, map[string]any{"snapshot": from, "ignore": []any{
		rule("check", "PLC999", "subject", "cn[1"), rule("reason", "x"), rule("fingerprint", "x", "reason", "x"),
	}})
	refused(t, answer, "5 faults", "ignore[0] -> reason", "ignore[0] -> check", "ignore[0] -> subject", "ignore[1]", "ignore[2] -> fingerprint")
}
