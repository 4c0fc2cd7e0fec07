// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
)

// Plan is a plan of changes and what became of it.
type Plan struct {
	ID, Digest, Cloud, MadeAt, Path string

	Msg    string
	Steps  []heal.Step
	NotRun []check.NotRun
	Text   []string // proof and how to go on, a line each
	Dry    bool     // nothing was written
	Checks []*check.Check
}

// PlanPage writes the page of a plan.
func PlanPage(plan *Plan) ([]byte, error) {
	r, err := newRenderer()
	if err != nil {
		return nil, err
	}
	p := &page{Title: "Placement repair", Sentence: plan.Msg + ".", Heading: "Steps", None: "There is nothing to heal.", Notes: plan.Text}
	p.Verdict, p.Tone = planVerdict(plan)
	p.Facts = []fact{{"Cloud", plan.Cloud}, {"Made at", plan.MadeAt}, {"Plan", plan.ID}, {"Digest", plan.Digest}}
	if plan.Path != "" {
		p.Facts = append(p.Facts, fact{"File", plan.Path})
	}
	p.unread(plan.NotRun)
	for _, c := range plan.Checks {
		if plan.about(c.ID) {
			p.Pages = append(p.Pages, pageOf(c))
		}
	}
	states := filter{ID: "severity", Label: "State"}
	var items []item
	for _, s := range plan.Steps {
		items = append(items, p.linked(ofStep(s)))
		states.add("s-", string(s.State))
	}
	p.Filters = []filter{states}
	p.Counts = stateCounts(plan.Steps)
	if p.Items, err = entries(r, "item", items); err != nil {
		return nil, err
	}
	return r.render(p)
}

// about reports whether a step is about findings of the check.
func (plan *Plan) about(id string) bool {
	for _, s := range plan.Steps {
		if check.IDOf(s.Finding) == id {
			return true
		}
	}
	return false
}

func planVerdict(plan *Plan) (word, tone string) {
	n := map[heal.State]int{}
	for _, s := range plan.Steps {
		n[s.State]++
	}
	switch {
	case n[heal.Failed]+n[heal.Unknown] > 0:
		return "Not all is healed", "bad"
	case plan.Dry && n[heal.Planned] > 0:
		return "Plan, nothing is changed yet", "warn"
	case n[heal.ByHand]+n[heal.Skipped]+n[heal.NotTried]+len(plan.NotRun) > 0:
		return "Something is left to do", "warn"
	}
	return "Nothing is left to heal", "good"
}

func stateCounts(steps []heal.Step) []count {
	var all []count
	for _, s := range steps {
		at := -1
		for i := range all {
			if all[i].Name == string(s.State) {
				at = i
			}
		}
		if at < 0 {
			at, all = len(all), append(all, count{Name: string(s.State)})
		}
		all[at].N++
	}
	return all
}

func ofStep(s heal.Step) item {
	one := item{
		Keys: "s-" + token(string(s.State)), Badge: string(s.State), Tone: stepTone(s.State), Code: fmt.Sprintf("Step %d", s.Number),
		Name: check.IDOf(s.Finding), Subject: s.Target.Name, Message: s.What, Reason: s.Reason, Command: s.Command, Page: check.IDOf(s.Finding),
	}
	if len(s.Changes) > 0 {
		one.Under = "placement_restore can undo it."
		if !s.Undo {
			one.Under = "It can't be undone."
		}
	}
	for _, c := range s.Changes {
		method, path := c.Request()
		one.Evidence = append(one.Evidence, fact{"request", method + " " + path})
	}
	one.Evidence = append(one.Evidence, fact{"before", shown(s.Before())}, fact{"after", shown(s.After())})
	for _, g := range s.Guards() {
		one.Evidence = append(one.Evidence, fact{"guard", shown(g)})
	}
	if len(s.Needs) > 0 {
		one.Evidence = append(one.Evidence, fact{"needs step", strings.Trim(fmt.Sprint(s.Needs), "[]")})
	}
	one.Evidence = append(one.Evidence, fact{"finding", strings.Join(append([]string{s.Finding}, s.Also...), "\n")})
	return one
}

// shown is a value as YAML.
func shown(value any) string { return strings.TrimSpace(yaml(plain(value), 0)) }

func stepTone(s heal.State) string {
	switch s {
	case heal.Done, heal.Unchanged:
		return "good"
	case heal.Failed, heal.Unknown:
		return string(check.Critical)
	case heal.Planned:
		return string(check.Low)
	case heal.Skipped, heal.NotTried, heal.ByHand:
	}
	return string(check.Medium)
}
