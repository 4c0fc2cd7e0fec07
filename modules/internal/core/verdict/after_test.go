// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

// after is an upgrade of which all was read, with a baseline.
func after(change func(*verdict.After)) verdict.After {
	a := verdict.After{Audit: audited(), Computes: reading(), Baseline: verdict.Baseline{Path: "/b", TakenAt: "2026-11-28T10:00:00Z"}}
	change(&a)
	return a
}

type givenAfter struct {
	after verdict.After
	want  []string
}

func TestReasonsAfterOfFindings(t *testing.T) {
	givesAfter(t, map[string]givenAfter{
		"nothing": {after(func(*verdict.After) {}), []string{}},
		"known findings are medium at most": {
			after(func(a *verdict.After) {
				a.Audit = audited(finding("PLC1", check.Critical, known), finding("PLC2", check.Low, known), finding("PLC3", check.High))
			}),
			[]string{"high PLC3 some-check: PLC3 is wrong", "medium PLC1 some-check (known before): PLC1 is wrong", "low PLC2 some-check (known before): PLC2 is wrong"},
		},
		"an incomplete audit that says no more": {
			after(func(a *verdict.After) { a.Audit.Complete = false }),
			[]string{"high audit: the audit is incomplete, and does not say which checks did not run (unread)"},
		},
		"findings left out": {
			after(func(a *verdict.After) { a.Audit.Summary.LeftOut = 3 }), []string{"high findings: 3 more findings are not in the list (unread)"},
		},
		"no baseline": {
			after(func(a *verdict.After) { a.Baseline.TakenAt = "" }),
			[]string{"medium baseline: there is no baseline (/b): every finding counts as new, including faults from before the upgrade (unread)"},
		},
	})
}

func TestReasonsAfterOfLogs(t *testing.T) {
	givesAfter(t, map[string]givenAfter{
		"a log of which only the conflicts tell": {
			after(func(a *verdict.After) {
				a.Conflicts = &report.Refusals{NotRead: []report.NotRead{{Source: "c2:/l", Reason: "denied"}}}
			}),
			[]string{"medium logs: c2:/l was not read: denied (unread)"},
		},
		"logs": {
			after(func(a *verdict.After) {
				a.Logs = []verdict.Logs{{Host: "c1", Failure: "no\nway"}, {Host: "c2", Placement: true}, {Host: "c3", Placement: true, Reread: true}}
				a.OpenAtFirst = []string{"x"}
				a.Conflicts = &report.Refusals{NotRead: []report.NotRead{{Source: "c2:/l", Reason: "denied"}}}
			}),
			[]string{
				"medium logs: the logs of c1 were not read: no way (unread)", "medium logs: c2:/l was not read: denied (unread)",
				"medium logs: the logs of c2 were not read a second time: some conflicts may have passed (unread)",
			},
		},
		"no log of Placement": {
			after(func(a *verdict.After) { a.Logs = []verdict.Logs{{Host: "c1"}, {Host: "c2"}} }),
			[]string{"medium logs: no log of Placement was found on c1, c2: it is unknown what Placement refused (unread)"},
		},
	})
}

func TestReasonsAfterOfComputes(t *testing.T) {
	givesAfter(t, map[string]givenAfter{
		"silent": {
			after(func(a *verdict.After) { a.Computes = reading("cn1", "cn2") }),
			[]string{"high nova-compute: nova-compute on cn1 has not reported", "high nova-compute: nova-compute on cn2 has not reported"},
		},
		"computes that could not be read": {
			after(func(a *verdict.After) { a.Computes = verdict.Computes{Msg: "503"} }),
			[]string{"high nova-compute: the compute services could not be read: 503 (unread)"},
		},
	})
}

func TestReasonsAfterOfConflicts(t *testing.T) {
	givesAfter(t, map[string]givenAfter{
		"conflicts": {
			after(func(a *verdict.After) {
				a.Conflicts = &report.Refusals{Conflicts: []explained.Conflict{
					{Conflict: "c1", Verdict: explained.Undecided, Message: "m1"},
					{Conflict: "c2", Verdict: explained.Lasting, Act: true, Message: "m2"},
					{Conflict: "c3", Verdict: explained.Passed, Message: "m3"},
				}}
			}),
			[]string{"high persistent conflict c2: m2", "low undecided conflict c1: m1"},
		},
	})
}

func TestReasonsAfterOfStatusChecks(t *testing.T) {
	givesAfter(t, map[string]givenAfter{
		"upgrade checks": {
			after(func(a *verdict.After) {
				a.StatusChecks = []verdict.StatusCheck{
					{Of: "nova", Host: "h", Name: "Cells", Result: "success"},
					{Of: "nova", Host: "h", Name: "Old", Result: "warning", Details: "d1"},
					{Of: "nova", Host: "h", Name: "New", Result: "failure", Details: "d2"},
					{Of: "placement", Host: "h", Result: "unread", Details: "d3"},
				}
			}),
			[]string{"high nova-status upgrade check: New: d2", "medium placement-status upgrade check: d3 (unread)", "low nova-status upgrade check: Old: d1"},
		},
	})
}

func givesAfter(t *testing.T, cases map[string]givenAfter) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, told(c.after.Reasons())); diff != "" {
				t.Error(diff)
			}
		})
	}
}
