// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/pasted"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

// Judged is a verdict and what it rests on.
type Judged struct {
	Title    string // such as "After the upgrade"
	Verdict  verdict.Verdict
	Msg      string
	Reasons  []verdict.Reason
	Text     []string // what else the verdict tells, a line each
	Audit    report.Audit
	Baseline string // when the baseline was taken; empty if there is none

	Conflicts    *report.Refusals // nil if no log was read
	StatusChecks []verdict.StatusCheck
	Capacity     verdict.Capacities
	Checks       []*check.Check // of which there are pages
}

// Verdict writes the page of a verdict.
func Verdict(j *Judged) ([]byte, error) {
	r, err := newRenderer()
	if err != nil {
		return nil, err
	}
	p := &page{
		Title: j.Title, Verdict: string(j.Verdict), Sentence: j.Msg + ".", Heading: "Reasons", None: "There are no reasons against it.",
		GoneTitle: "Gone since the baseline", Notes: j.Text,
		NoCapacity: "A verdict does not read the capacity of each provider. The page of placement_audit shows it.",
	}
	p.Tone = map[verdict.Verdict]string{verdict.Pass: "good", verdict.Warn: "warn"}[j.Verdict]
	if p.Tone == "" {
		p.Tone = "bad"
	}
	p.Facts = append(cloudFacts(j.Audit.Cloud.Title()), auditFacts(&report.Report{Audit: j.Audit, Checks: j.Checks})...)
	if j.Baseline != "" && j.Audit.Summary.Baseline == nil {
		p.Facts = append(p.Facts, fact{"Baseline", j.Baseline})
	}
	if err := p.audit(r, &j.Audit, j.Checks); err != nil {
		return nil, err
	}
	p.Counts = nil
	for _, words := range report.CountBy(j.Reasons, func(reason verdict.Reason) check.Severity { return reason.Severity }).Words() {
		var one count
		if _, err := fmt.Sscan(words, &one.N, &one.Name); err == nil {
			p.Counts = append(p.Counts, one)
		}
	}
	p.statusChecks(j.StatusChecks)
	if t := j.Capacity.Table(); len(t.Rows) > 0 {
		p.Tables = append(p.Tables, table{"Where the flavors in use can land", t.Head, t.Rows})
	}
	if err := p.reasons(r, j); err != nil {
		return nil, err
	}
	return r.render(p)
}

// reasons adds the reasons, with the evidence of the findings that they name.
func (p *page) reasons(r *renderer, j *Judged) error {
	findings := map[string]check.Finding{}
	for _, f := range j.Audit.Findings {
		findings[f.Fingerprint] = f
	}
	severities := filter{ID: "severity", Label: "Severity"}
	var items []item
	for _, reason := range j.Reasons {
		severities.add("s-", string(reason.Severity))
		items = append(items, p.linked(ofReason(reason, findings[reason.Fingerprint])))
	}
	p.Filters = []filter{severities}
	if j.Conflicts != nil {
		p.Timeline = timelineOf(j.Conflicts.Conflicts)
	}
	var err error
	p.Items, err = entries(r, "item", items)
	return err
}

func ofReason(reason verdict.Reason, f check.Finding) item {
	one := item{
		Keys: "s-" + token(string(reason.Severity)), Badge: string(reason.Severity), Tone: tone(reason.Severity), Code: reason.What,
		Message: reason.Text, Remedy: reason.Todo, Command: reason.Command, Page: f.ID, State: string(f.State), Evidence: evidence(f.Evidence),
	}
	if reason.Unread {
		one.State = "not read"
	}
	if reason.Host != nil {
		one.Where = "On " + *reason.Host + ":"
		if *reason.Host == "" {
			one.Where = "On a host with a nova-api:"
		}
	}
	for module, args := range reason.Task {
		one.Task = pasted.Task(module, args)
	}
	if reason.Fingerprint != "" {
		one.Evidence = append(one.Evidence, fact{"fingerprint", reason.Fingerprint})
	}
	return one
}

func (p *page) statusChecks(all []verdict.StatusCheck) {
	if len(all) == 0 {
		return
	}
	t := table{Title: "Upgrade checks of the services", Head: []string{"Of", "Check", "Result", "Details"}}
	for _, c := range all {
		t.Rows = append(t.Rows, []string{c.Of + " on " + c.Host, c.Name, c.Result, strings.TrimSuffix(c.Details, "None")})
	}
	p.Tables = append(p.Tables, t)
}
