// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// audit judges what was read: what the checks say of the scope, compared with the baseline, without what is ignored.
func (t *task) audit(s *snapshot.Snapshot) *report.Report {
	v := t.Judge(s)
	ran := checksRun(t.Limited, v)
	whole := sawAll(s, t.Limited, ran)
	var than triage.Comparison
	if t.baseline != nil {
		than = triage.Compare(t.baseline, triage.Now{Snapshot: s, Verdict: v, Ran: whole, Names: t.Names, Scope: t.Scope})
	}
	rules := t.o.rules()
	kept, ignored, matched := triage.Ignore(rules, v.Findings)
	v.Findings = kept
	r := &report.Report{Checks: t.Checks, Limit: check.Severity(t.o.Severity), Version: ansible.Version, Audit: report.Audit{
		Clean: v.Clean(check.Severity(t.o.Severity)), Complete: v.Complete(), Findings: kept,
		Gone: append([]check.Finding{}, than.Gone...), Ignored: ignored, NotRun: v.NotRun, Microversions: microversions(s),
	}}
	r.Summary = t.summarize(s, v, ran)
	r.Summary.Ignored, r.Summary.UnusedIgnores = len(ignored), t.unused(rules, matched, v, whole)
	if t.baseline != nil {
		r.Summary.ByState, r.Summary.Baseline = report.CountStates(kept, than.Gone), &t.baseline.TakenAt
		r.Summary.NotCompared = than.NotCompared
	}
	r.Msg = sentence(&r.Audit)
	return r
}

func microversions(s *snapshot.Snapshot) map[string]string {
	out := map[string]string{}
	for name, service := range map[string]snapshot.Service{"placement": s.Placement, "compute": s.Compute} {
		if service.Microversion != "" {
			out[name] = service.Microversion
		}
	}
	return out
}

func (t *task) summarize(s *snapshot.Snapshot, v check.Verdict, ran []string) report.Summary {
	sum := report.Summary{
		Findings: len(v.Findings), BySeverity: report.CountSeverities(v.Findings), ByCheck: map[string]int{},
		ChecksRun: ran, NotJudged: v.NotJudged, LeftAlone: v.LeftAlone(), Suspects: v.Suspects, Read: s.Counts(), TakenAt: s.TakenAt,
		Presumed: len(s.Presumed), Quick: s.Quick,
	}
	for _, f := range v.Findings {
		sum.ByCheck[f.ID]++
	}
	if t.Names.Any() {
		sum.Scope = &t.Names
	}
	return sum
}

// checksRun lists the ids of the checks that ran to their end.
func checksRun(asked []*check.Check, v check.Verdict) []string {
	ran := []string{}
	for _, c := range asked {
		if !slices.ContainsFunc(v.NotRun, func(n check.NotRun) bool { return n.Check == c.ID }) {
			ran = append(ran, c.ID)
		}
	}
	return ran
}

// sawAll lists those of the checks that ran which saw everything they judge: a quick audit leaves out allocations, and
// inventories may be presumed.
func sawAll(s *snapshot.Snapshot, asked []*check.Check, ran []string) []string {
	return slices.DeleteFunc(slices.Clone(ran), func(id string) bool {
		i := slices.IndexFunc(asked, func(c *check.Check) bool { return c.ID == id })
		needs := asked[i].Needs
		return s.Quick != nil && slices.Contains(needs, snapshot.Allocations) ||
			len(s.Presumed) > 0 && slices.Contains(needs, snapshot.Inventories)
	})
}

// shortened leaves out what is beyond max_findings. The counts stay.
func (t *task) shortened(a report.Audit) report.Audit {
	a.Summary.LeftOut = max(len(a.Findings)-t.o.MaxFindings, 0)
	a.Findings = first(t.o.MaxFindings, a.Findings)
	a.Gone, a.Ignored = first(t.o.MaxFindings, a.Gone), first(t.o.MaxFindings, a.Ignored)
	return a
}

func first[T any](n int, list []T) []T { return list[:min(n, len(list))] }

// unused names the rules that accept nothing, and warns of them: a list of exceptions that nobody needs any more hides the
// next fault. Of a rule whose check did not run or saw a part only, whose subject is not judged, or that may be about something outside of the
// scope, nothing can be said.
func (t *task) unused(rules []triage.Rule, matched []bool, v check.Verdict, ran []string) []string {
	out := []string{}
	for i, r := range rules {
		parts := strings.SplitN(r.Fingerprint, ":", 3)
		alone := v.LeavesAlone(r.CheckID(), parts[len(parts)-1])
		if matched[i] || alone || t.Names.Any() || !slices.Contains(ran, r.CheckID()) {
			continue
		}
		t.call.Warn("ignore[%d] (%s) matches no finding: correct it or take it out", i, r)
		out = append(out, r.String())
	}
	return out
}
