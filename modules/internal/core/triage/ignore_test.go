// SPDX-License-Identifier: Apache-2.0

package triage_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
)

func finding(id string, kind check.SubjectType, uuid, name string, because ...string) check.Finding {
	return check.Finding{
		ID: id, Name: "fake", Severity: check.High, Fingerprint: check.Fingerprint(id, kind, uuid), Message: id + " of " + uuid,
		Subject: check.Subject{Type: kind, UUID: uuid, Name: name}, Because: append([]string{}, because...),
	}
}

func prints(findings []check.Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, f.Fingerprint)
	}
	return out
}

type ignoreCase struct {
	rule triage.Rule
	want []string
}

func TestIgnore(t *testing.T) {
	ignores(t, map[string]ignoreCase{
		"fingerprint":           {triage.Rule{Fingerprint: "PLC1:provider:aaa-1"}, []string{"PLC1:provider:aaa-1"}},
		"part of a fingerprint": {triage.Rule{Fingerprint: "PLC1:provider:aaa"}, nil},
		"name":                  {triage.Rule{Check: "PLC1", Subject: "cn?.example.*"}, []string{"PLC1:provider:aaa-1"}},
		"part of a name":        {triage.Rule{Check: "PLC1", Subject: "cn1"}, nil},
		"uuid":                  {triage.Rule{Check: "PLC1", Subject: "bbb-*"}, []string{"PLC1:server:bbb-2"}},
		"another check":         {triage.Rule{Check: "PLC2", Subject: "cn1*"}, []string{"PLC2:provider:aaa-1"}},
		"a slash":               {triage.Rule{Check: "PLC1", Subject: "*7"}, []string{"PLC1:server:bbb-2"}},
		"all":                   {triage.Rule{Check: "PLC1", Subject: "*"}, []string{"PLC1:provider:aaa-1", "PLC1:server:bbb-2"}},
		"no name":               {triage.Rule{Check: "PLC5", Subject: "*"}, []string{"PLC5:cell:"}},
	})
}

func ignores(t *testing.T, cases map[string]ignoreCase) {
	t.Helper()
	all := []check.Finding{
		finding("PLC1", check.OfProvider, "aaa-1", "cn1.example.org"),
		finding("PLC1", check.OfServer, "bbb-2", "rack/7"),
		finding("PLC2", check.OfProvider, "aaa-1", "cn1.example.org"),
		finding("PLC5", check.OfCell, "", ""),
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			c.rule.Reason = "for " + name
			kept, ignored, matched := triage.Ignore([]triage.Rule{c.rule}, all)
			var got []string
			for _, i := range ignored {
				got = append(got, i.Fingerprint)
				if i.Reason != "for "+name || i.Message == "" || i.Severity != check.High {
					t.Errorf("%+v", i)
				}
			}
			if !slices.Equal(got, c.want) || len(kept)+len(got) != len(all) || matched[0] != (len(got) > 0) {
				t.Errorf("ignored %v, want %v; kept %v", got, c.want, prints(kept))
			}
		})
	}
}

// The first rule gives the reason, but the second is not unused.
func TestTwoRules(t *testing.T) {
	_, ignored, matched := triage.Ignore([]triage.Rule{
		{Check: "PLC1", Subject: "*", Reason: "first"}, {Fingerprint: "PLC1:provider:a", Reason: "second"}, {Check: "PLC1", Subject: "x"},
	}, []check.Finding{finding("PLC1", check.OfProvider, "a", "cn1")})
	if len(ignored) != 1 || ignored[0].Reason != "first" || !slices.Equal(matched, []bool{true, true, false}) {
		t.Errorf("%+v, matched %v", ignored, matched)
	}
}

// What follows from an ignored finding is still wrong.
func TestIgnoredCause(t *testing.T) {
	kept, _, _ := triage.Ignore([]triage.Rule{{Fingerprint: "PLC1:provider:a", Reason: "known"}}, []check.Finding{
		finding("PLC1", check.OfProvider, "a", ""), finding("PLC2", check.OfProvider, "b", "", "PLC1:provider:a"),
	})
	if got := prints(kept); !slices.Equal(got, []string{"PLC2:provider:b"}) {
		t.Errorf("kept %v", got)
	}
}
