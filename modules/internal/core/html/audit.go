// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/pasted"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Audit writes the page of an audit.
func Audit(a *report.Report) ([]byte, error) {
	r, err := newRenderer()
	if err != nil {
		return nil, err
	}
	p := &page{Title: "Placement audit", Sentence: a.Msg + ".", Heading: "Findings", GoneTitle: "Gone since the baseline"}
	p.Verdict, p.Tone = verdictOf(&a.Audit)
	p.Facts = append(cloudFacts(a.Cloud.Title()), auditFacts(a)...)
	if err := p.audit(r, &a.Audit, a.Checks); err != nil {
		return nil, err
	}
	if err := p.findings(r, a.Findings); err != nil {
		return nil, err
	}
	if a.Complete && p.Items.Total > 0 && p.Items.Total < len(a.Findings) {
		p.Sentence = fmt.Sprintf("%s findings have %s causes.", number(len(a.Findings)), number(p.Items.Total))
	} else if a.Complete && len(a.Findings) > 0 {
		p.Sentence = ""
	}
	p.todo(a.Findings, a.Checks)
	if p.NoCapacity = "Resource providers were not read."; a.Providers != nil {
		p.NoCapacity = "No provider has an inventory that was read."
		err = p.capacities(r, a.Providers)
	}
	if err != nil {
		return nil, err
	}
	return r.render(p)
}

func verdictOf(a *report.Audit) (word, tone string) {
	switch {
	case a.Clean && a.Complete:
		return "Clean", "good"
	case !a.Complete && len(a.Findings) > 0:
		return "Incomplete, with findings", "bad"
	case !a.Complete:
		return "Incomplete", "warn"
	}
	return "Not clean", "bad"
}

func cloudFacts(cloud string) []fact {
	if cloud == "" {
		cloud = "a saved snapshot"
	}
	return []fact{{"Cloud", cloud}}
}

func auditFacts(a *report.Report) []fact {
	s := a.Summary
	all := []fact{{"Read at", at(s.TakenAt)}}
	if s.Duration > 0 {
		all = append(all, fact{"Took", fmt.Sprintf("%.1f s", s.Duration)})
	}
	for _, part := range []snapshot.Part{snapshot.Providers, snapshot.Hypervisors, snapshot.Servers} {
		if n, read := s.Read[part]; read {
			all = append(all, fact{named(part), number(n)})
		} else {
			all = append(all, fact{named(part), "not read"})
		}
	}
	all = append(all, fact{"Checks that ran", fmt.Sprintf("%d of %d", len(s.ChecksRun), len(a.Checks))})
	if s.Baseline != nil {
		all = append(all, fact{"Compared with", at(*s.Baseline)})
	}
	if n := s.Scope; n != nil {
		all = append(all, fact{"Only", strings.Join(slices.Concat(n.Providers, n.Hosts, n.Aggregates), ", ")})
	}
	if s.Quick != nil {
		all = append(all, fact{"Look", "quick: allocations of some hosts were not read"})
	}
	if s.Presumed > 0 {
		all = append(all, fact{"Inventories presumed", number(s.Presumed) + " providers"})
	}
	for _, service := range slices.Sorted(maps.Keys(a.Microversions)) {
		all = append(all, fact{service + " microversion", a.Microversions[service]})
	}
	return all
}

func named(part snapshot.Part) string {
	return map[snapshot.Part]string{
		snapshot.Providers: "Resource providers", snapshot.Hypervisors: "Compute nodes", snapshot.Servers: "Servers",
	}[part]
}

func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// audit adds what a page about an audit has, whatever else is in it.
func (p *page) audit(r *renderer, a *report.Audit, checks []*check.Check) error {
	s := a.Summary
	for i, n := range []int{s.BySeverity.Critical, s.BySeverity.High, s.BySeverity.Medium, s.BySeverity.Low, s.BySeverity.Info} {
		if n > 0 {
			p.Counts = append(p.Counts, count{n, string(check.Severities()[i])})
		}
	}
	if by := s.ByState; by != nil && len(p.Counts) == 0 {
		p.Counts = []count{{0, "findings"}}
	}
	if by := s.ByState; by != nil {
		p.States = []count{{by.New, "new"}, {by.Known, "known"}, {by.Gone, "gone"}}
	}
	p.unread(a.NotRun)
	for _, n := range s.NotJudged {
		p.NotJudged = append(p.NotJudged, left{n.Check, n.Reason, n.Count})
	}
	for _, n := range s.NotCompared {
		p.NotCompared = append(p.NotCompared, left{n.Check, n.Reason, n.Count})
	}
	p.Unused = s.UnusedIgnores
	p.about(a, checks)
	return p.others(r, a)
}

// others adds the findings that are gone, and those that a rule accepts.
func (p *page) others(r *renderer, a *report.Audit) error {
	var gone, accepted []item
	for _, f := range a.Gone {
		gone = append(gone, p.linked(ofFinding(f)))
	}
	for _, i := range a.Ignored {
		accepted = append(accepted, p.linked(item{
			Badge: string(i.Severity), Tone: tone(i.Severity), State: "accepted", Code: i.ID, Name: i.Name, Subject: i.Subject.Name,
			Message: i.Message, Under: "Reason: " + i.Reason, Page: i.ID, Evidence: []fact{{"fingerprint", i.Fingerprint}},
		}))
	}
	var err error
	if p.Gone, err = entries(r, "item", gone); err != nil {
		return err
	}
	p.Accepted, err = entries(r, "item", accepted)
	return err
}

// unread groups what could not be judged by cause.
func (p *page) unread(all []check.NotRun) {
	for _, n := range all {
		cause := n.Cause
		if cause == "" {
			cause = n.Reason
		}
		i := slices.IndexFunc(p.Unread, func(u unread) bool { return u.Cause == cause })
		if i < 0 {
			i = len(p.Unread)
			p.Unread = append(p.Unread, unread{Cause: cause})
		}
		u := &p.Unread[i]
		u.Checks = append(u.Checks, n.Check+" "+n.Name)
		if n.Reason != cause && !slices.Contains(u.More, n.Reason) {
			u.More = append(u.More, n.Reason)
		}
	}
}

// findings adds the findings as trees, and what they can be filtered by.
func (p *page) findings(r *renderer, all []check.Finding) error {
	var items []item
	for _, c := range report.Causes(all) {
		items = append(items, p.linked(ofCause(c)))
	}
	if p.None = "Nothing was found."; len(p.Unread) > 0 {
		p.None = "Nothing was found by the checks that ran. It is unknown what the others would have found."
	}
	severities, checks, states := filter{ID: "severity", Label: "Severity"}, filter{ID: "check", Label: "Check"}, filter{ID: "state", Label: "State"}
	for _, f := range all {
		severities.add("s-", string(f.Severity))
		checks.add("c-", f.ID)
		states.add("t-", string(f.State))
	}
	checks.sort()
	p.Filters = []filter{severities, checks}
	if len(states.Options) > 0 {
		p.Filters = append(p.Filters, states)
	}
	var err error
	p.Items, err = entries(r, "item", items)
	return err
}

// todo groups the findings by check, the worst first.
func (p *page) todo(findings []check.Finding, checks []*check.Check) {
	for _, f := range findings {
		i := slices.IndexFunc(p.Todo, func(t todo) bool { return t.ID == f.ID })
		if i < 0 {
			i = len(p.Todo)
			p.Todo = append(p.Todo, todoOf(f, checks))
		}
		p.Todo[i].Count++
	}
}

func todoOf(f check.Finding, checks []*check.Check) todo {
	t := todo{Severity: tone(f.Severity), ID: f.ID, Name: f.Name}
	i := slices.IndexFunc(checks, func(c *check.Check) bool { return c.ID == f.ID })
	if i < 0 {
		return t
	}
	t.Title = checks[i].Title
	if checks[i].Healable {
		t.Task = pasted.Task(pasted.Collection+"placement_heal", map[string]any{"checks": []any{f.ID}})
	}
	return t
}
