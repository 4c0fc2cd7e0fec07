// SPDX-License-Identifier: Apache-2.0

package check

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// NotRun is a check that was asked for and could not be carried out, or not to its end.
type NotRun struct {
	Check  string `json:"check"` // id
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Verdict is what the checks say about a snapshot.
type Verdict struct {
	Findings  []Finding
	NotRun    []NotRun
	NotJudged []NotJudged
}

// Complete says whether every check that was asked for ran to its end.
func (v Verdict) Complete() bool { return len(v.NotRun) == 0 }

// Clean says whether the verdict is complete and holds nothing as bad as limit, or worse.
func (v Verdict) Clean(limit Severity) bool {
	bad := func(f Finding) bool { return f.Severity.AtLeast(limit) }
	return v.Complete() && !slices.ContainsFunc(v.Findings, bad)
}

// Needs lists the parts that the checks read, in reading order.
func Needs(checks []*Check) []snapshot.Part {
	var wanted []snapshot.Part
	for _, c := range checks {
		wanted = append(wanted, c.Needs...)
	}
	return snapshot.Subset(wanted)
}

// Suspects lists what the checks suspect at first sight: what a second look is for.
func Suspects(s *snapshot.Snapshot, checks []*Check) snapshot.Suspects {
	var found snapshot.Suspects
	for _, c := range checks {
		if _, _, unread := s.Unread(c.Needs); unread {
			continue
		}
		for _, f := range pass(s, c).findings {
			if f.Subject.Type == OfProvider {
				found.Providers = append(found.Providers, f.Subject.UUID)
			} else {
				found.Consumers = append(found.Consumers, f.Subject.UUID)
			}
		}
	}
	found.Consumers, found.Providers = unique(found.Consumers), unique(found.Providers)
	return found
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// Run carries out the checks on what was read first and on what the second look found (s.Second), and returns
// what both show. Suspects at which nobody looked twice are not findings: their check counts as not run.
func Run(s *snapshot.Snapshot, checks []*Check) Verdict {
	v := Verdict{Findings: []Finding{}, NotRun: []NotRun{}, NotJudged: []NotJudged{}}
	again := s
	if s.Second != nil {
		again = s.View()
	}
	for _, c := range checks {
		v.judge(s, again, c)
	}
	slices.SortStableFunc(v.Findings, order)
	return v
}

func (v *Verdict) judge(first, again *snapshot.Snapshot, c *Check) {
	if part, reason, unread := first.Unread(c.Needs); unread {
		v.notRun(c, fmt.Sprintf("%s could not be read: %s", part, reason))
		return
	}
	suspects := pass(first, c)
	v.NotJudged = append(v.NotJudged, suspects.notJudged...)
	if len(suspects.findings) == 0 {
		return
	}
	if part, reason, unread := again.Unread(c.Needs); unread {
		v.notRun(c, fmt.Sprintf("%d suspects were not looked at twice: %s could not be read again: %s",
			len(suspects.findings), part, reason))
		return
	}
	v.confirm(c, suspects.findings, pass(again, c).findings, first.Second)
}

// confirm keeps the suspects that the second look shows too, as it shows them.
func (v *Verdict) confirm(c *Check, suspects, again []Finding, second *snapshot.Look) {
	unseen := 0
	for _, f := range suspects {
		if !second.Covers(f.Subject.UUID) {
			unseen++
			continue
		}
		same := func(g Finding) bool { return g.Fingerprint == f.Fingerprint && g.stamp == f.stamp }
		if i := slices.IndexFunc(again, same); i >= 0 {
			v.Findings = append(v.Findings, again[i])
		}
	}
	if unseen > 0 {
		v.notRun(c, fmt.Sprintf("%d suspects were seen only once: the snapshot holds no second look at them", unseen))
	}
}

func (v *Verdict) notRun(c *Check, reason string) {
	v.NotRun = append(v.NotRun, NotRun{Check: c.ID, Name: c.Name, Reason: reason})
}

func pass(s *snapshot.Snapshot, c *Check) *Pass {
	p := &Pass{Snapshot: s, check: c}
	c.Run(p)
	return p
}

func order(a, b Finding) int {
	rank := func(s Severity) int { return slices.Index(Severities(), s) }
	return cmp.Or(
		cmp.Compare(rank(a.Severity), rank(b.Severity)),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Subject.Name, b.Subject.Name),
		cmp.Compare(a.Subject.UUID, b.Subject.UUID),
	)
}
