// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/pasted"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// PlanPage writes the page of a plan.
func PlanPage(plan *report.Plan) ([]byte, error) {
	r, err := newRenderer()
	if err != nil {
		return nil, err
	}
	p := &page{Title: plan.Title(), Sentence: plan.Msg + ".", Heading: "Steps", None: none(plan), Notes: plan.Text}
	p.Verdict, p.Tone = plan.Verdict()
	p.Facts = planFacts(plan)
	p.unread(plan.NotRun)
	for _, c := range plan.Checks {
		if about(plan, c.ID) {
			p.Pages = append(p.Pages, pageOf(c))
		}
	}
	states := filter{ID: "severity", Label: "State"}
	var items []item
	for _, s := range plan.Steps {
		items = append(items, p.linked(ofStep(plan, s)))
		states.add("s-", string(s.State))
	}
	p.Filters = []filter{states}
	p.Counts = stateCounts(plan.Steps)
	if p.Items, err = entries(r, "item", items); err != nil {
		return nil, err
	}
	return r.render(p)
}

// none says that there are no steps.
func none(plan *report.Plan) string {
	if plan.Undoes {
		return "There is nothing to undo."
	}
	return "There is nothing to heal."
}

// planFacts are the facts that are known.
func planFacts(plan *report.Plan) []fact {
	id := fact{"Plan", plan.ID}
	if plan.Undoes {
		id.Name = "Run"
	}
	all := []fact{{"Cloud", plan.Cloud}, {"Made at", plan.MadeAt}, id, {"Digest", plan.Digest}, {"File", plan.Path}}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Text == "" })
}

// about reports whether a step is about findings of the check.
func about(plan *report.Plan, id string) bool {
	for _, s := range plan.Steps {
		if check.IDOf(s.Finding) == id {
			return true
		}
	}
	return false
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

func ofStep(plan *report.Plan, s heal.Step) item {
	one := item{
		Keys: "s-" + token(string(s.State)), Badge: string(s.State), Tone: stepTone(s.State), Code: fmt.Sprintf("Step %d", s.Number),
		Name: check.IDOf(s.Finding), Subject: s.Target.Name, Message: s.What, Reason: s.Reason, Command: s.Command, Page: check.IDOf(s.Finding),
	}
	one.Under = plan.CanUndo(s)
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
	if s.Finding != "" {
		one.Evidence = append(one.Evidence, fact{"finding", strings.Join(append([]string{s.Finding}, s.Also...), "\n")})
	}
	return one
}

// shown is a value as YAML.
func shown(value any) string { return strings.TrimSpace(pasted.Value(value)) }

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
