// SPDX-License-Identifier: Apache-2.0

package triage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
)

// now is an audit that ran PLC1 and PLC2 and found these.
func now(findings ...check.Finding) triage.Now {
	return triage.Now{Snapshot: cloud(), Ran: []string{"PLC1", "PLC2"}, Verdict: check.Verdict{Findings: findings}, Scope: &triage.Scope{}}
}

func states(findings []check.Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, f.Fingerprint+" "+string(f.State))
	}
	return out
}

func skipped(c triage.Comparison) []string {
	out := []string{}
	for _, n := range c.NotCompared {
		out = append(out, n.Check+" "+strings.Repeat("x", n.Count)+" "+n.Reason[:14])
	}
	return out
}

func TestCompare(t *testing.T) {
	a, b := finding("PLC1", check.OfProvider, "a", ""), finding("PLC1", check.OfProvider, "b", "")
	c, d := finding("PLC2", check.OfServer, "c", ""), finding("PLC3", check.OfServer, "d", "")
	present := now(a, c)
	than := triage.Compare(&triage.Baseline{Findings: []check.Finding{a, b, d}, Accepted: []string{c.Fingerprint}, Ran: []string{"PLC1", "PLC2", "PLC3"}}, present)
	if got := states(present.Verdict.Findings); !slices.Equal(got, []string{"PLC1:provider:a known", "PLC2:server:c known"}) {
		t.Errorf("found %v", got)
	}
	if got := states(than.Gone); !slices.Equal(got, []string{"PLC1:provider:b gone"}) {
		t.Errorf("gone %v", got)
	}
	if got := skipped(than); !slices.Equal(got, []string{"PLC3 x it did not run"}) {
		t.Errorf("not compared %v", got)
	}
}

// What the baseline did not look for may have been there.
func TestCompareWithLess(t *testing.T) {
	present := now(finding("PLC1", check.OfProvider, "a", ""), finding("PLC2", check.OfServer, "c", ""))
	than := triage.Compare(&triage.Baseline{Ran: []string{"PLC1"}}, present)
	if got := states(present.Verdict.Findings); !slices.Equal(got, []string{"PLC1:provider:a new", "PLC2:server:c new"}) {
		t.Errorf("found %v", got)
	}
	if got := skipped(than); !slices.Equal(got, []string{"PLC2 x the baseline d"}) || len(than.Gone) != 0 {
		t.Errorf("not compared %v, gone %v", got, than.Gone)
	}
}

// What a check leaves alone now may be as wrong as it was.
func TestLeftAloneIsNotGone(t *testing.T) {
	leaves := &check.Check{ID: "PLC1", Subject: check.OfProvider, Run: func(p *check.Pass) { p.NotJudged("b", "a move is in progress") }}
	present := now()
	present.Verdict = check.Run(present.Snapshot, []*check.Check{leaves}, check.Defaults())
	than := triage.Compare(&triage.Baseline{Findings: []check.Finding{finding("PLC1", check.OfProvider, "b", "")}}, present)
	if got := skipped(than); len(than.Gone) != 0 || !slices.Equal(got, []string{"PLC1 x it is not judg"}) {
		t.Errorf("gone %v, not compared %v", than.Gone, got)
	}
}

// Whether something outside of the scope is gone is unknown; of what is nowhere any more only if the baseline had
// the same scope.
func TestCompareWithScope(t *testing.T) {
	names := triage.Names{Hosts: []string{"cn1"}}
	scope, _ := names.Resolve(cloud())
	inside, outside := finding("PLC1", check.OfProvider, checktest.Compute, "cn1"), finding("PLC1", check.OfProvider, cn2, "cn2")
	nowhere := finding("PLC1", check.OfConsumer, "00000000-0000-4000-8000-000000000000", "")
	for name, c := range map[string]struct {
		then triage.Names
		want []string
	}{
		"same scope":    {names, []string{inside.Fingerprint, nowhere.Fingerprint}},
		"another scope": {triage.Names{}, []string{inside.Fingerprint}},
	} {
		present := now()
		present.Names, present.Scope = names, scope
		than := triage.Compare(&triage.Baseline{Findings: []check.Finding{inside, outside, nowhere}, Scope: c.then}, present)
		if got := prints(than.Gone); !slices.Equal(got, c.want) {
			t.Errorf("%s: gone %v, want %v", name, got, c.want)
		}
		if n := len(than.NotCompared); n != 1 || than.NotCompared[0].Count != 3-len(c.want) {
			t.Errorf("%s: not compared %v", name, than.NotCompared)
		}
	}
}

func TestNamesEqual(t *testing.T) {
	a := triage.Names{Hosts: []string{"cn1", "cn2"}}
	if !a.Equal(triage.Names{Hosts: []string{"cn2", "cn1"}, Providers: []string{}}) || a.Equal(triage.Names{Providers: a.Hosts}) || a.Equal(triage.Names{}) {
		t.Error("names are compared wrongly")
	}
}
