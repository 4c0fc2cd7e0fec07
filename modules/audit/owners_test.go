// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"slices"
	"strings"
	"testing"
)

const (
	ofTwoNovas = "testdata/cases/two-novas/snapshot.json"
	ofZun      = "testdata/cases/zun-container/snapshot.json"
	// foreignRoot is one of the other Nova's, foreignServer what holds something there.
	foreignRoot, foreignServer = "b2c83b88-8c49-51ea-a236-49f59973caf5", "32b938b0-a921-5379-84c1-e1e822f70368"
	container                  = "39f18fab-3eb7-52be-9a24-6a38fd34eafb"
)

type owning struct {
	from  string
	args  map[string]any
	want  []string
	alone []string // among what is left alone
}

func TestOwnersOfTwoNovas(t *testing.T) {
	owns(t, map[string]owning{
		"our roots": {
			ofTwoNovas,
			map[string]any{"owned": map[string]any{"providers": "r1"}},
			[]string{},
			[]string{"PLC201 " + foreignRoot, "PLC101 " + foreignServer},
		},
		"their roots": {
			ofTwoNovas,
			map[string]any{"others": map[string]any{"providers": "r2-*"}},
			[]string{},
			[]string{"PLC201 " + foreignRoot, "PLC101 " + foreignServer},
		},
		"our projects": {
			ofTwoNovas,
			map[string]any{"owned": map[string]any{"projects": "p2"}},
			[]string{},
			[]string{"PLC201 " + foreignRoot, "PLC101 " + foreignServer},
		},
		"one root of theirs was ours": {
			ofTwoNovas,
			map[string]any{"owned": map[string]any{"providers": "r1,r2-host0"}},
			[]string{"PLC101:consumer:" + foreignServer, "PLC201:provider:" + foreignRoot},
			nil,
		},
	})
}

func TestOwnersOfZun(t *testing.T) {
	owns(t, map[string]owning{
		"Zun's project":     {ofZun, map[string]any{"others": map[string]any{"projects": "p1"}}, []string{}, []string{"PLC101 " + container}},
		"Zun's user":        {ofZun, map[string]any{"others": map[string]any{"users": "zun,u1"}}, []string{}, []string{"PLC101 " + container}},
		"its type":          {ofZun, map[string]any{"others": map[string]any{"consumer_types": "unknown"}}, []string{}, []string{"PLC101 " + container}},
		"another project":   {ofZun, map[string]any{"others": map[string]any{"projects": "p2"}}, []string{"PLC101:consumer:" + container}, nil},
		"ours by all lists": {ofZun, map[string]any{"owned": map[string]any{"projects": "p1", "users": "u1"}}, []string{"PLC101:consumer:" + container}, nil},
		"ours by one list": {
			ofZun, map[string]any{"owned": map[string]any{"projects": "p1", "users": "nova"}}, []string{}, []string{"PLC101 " + container},
		},
		// What Nova shows is its own, whatever the options say.
		"not even our hosts": {ofZun, map[string]any{"owned": map[string]any{"providers": "x*"}}, []string{"PLC101:consumer:" + container}, nil},
	})
}

// What belongs to others is quiet and counted, what is named as this Nova's is judged.
func owns(t *testing.T, cases map[string]owning) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.args["snapshot"] = c.from
			answer := runModule(t, c.args)
			if got := fingerprints(answer); !slices.Equal(got, c.want) || answer["complete"] != true {
				t.Errorf("found %v, want %v: %v, %v", got, c.want, answer["msg"], answer["not_run"])
			}
			left := leftAlone(answer)
			for _, one := range c.alone {
				if !slices.Contains(left, one) {
					t.Errorf("%s is not among %v", one, left)
				}
			}
		})
	}
}

func TestOwnersRefused(t *testing.T) {
	for want, args := range map[string]map[string]any{
		"owned -> providers[1]": {"owned": map[string]any{"providers": []string{"a*", "a["}}},
		"others -> projects[0]": {"others": map[string]any{"projects": []string{" "}}},
		"owned -> aggregates":   {"owned": map[string]any{"aggregates": "rack9"}},
	} {
		args["snapshot"] = ofZun
		answer := runModule(t, args)
		msg, _ := answer["msg"].(string)
		if answer["failed"] != true || !strings.Contains(msg, want) {
			t.Errorf("%s: %v", want, msg)
		}
	}
}

// Evidence names whose a consumer is, as far as Placement knows.
func TestOwnerInEvidence(t *testing.T) {
	findings, _ := runModule(t, map[string]any{"snapshot": ofZun})["findings"].([]any)
	evidence, _ := dig(findings[0].(map[string]any), "evidence").(map[string]any)
	if evidence["project_id"] != "p1" || evidence["user_id"] != "u1" {
		t.Errorf("evidence %v", evidence)
	}
}

// An audit with one check reads what it takes to tell another Nova's roots.
func TestOneCheckTellsStrangers(t *testing.T) {
	read, _ := dig(auditRecordedWith(t, map[string]any{"checks": "PLC201"}, "", nil, nil), "summary", "read").(map[string]any)
	for _, part := range []string{"allocations", "servers", "migrations"} {
		if read[part] == nil {
			t.Errorf("%s were not read: %v", part, read)
		}
	}
}
