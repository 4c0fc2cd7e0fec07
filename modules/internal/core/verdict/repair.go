// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

// Repair is what placement_heal returned after an upgrade.
type Repair struct {
	Msg     string         `json:"msg"`
	Plan    map[string]any `json:"plan"` // nil if it failed before it had one
	Steps   []RepairStep   `json:"steps"`
	Journal string         `json:"journal"`
	Run     string         `json:"run"`
	Planned bool           `json:"-"` // only a plan was asked for
}

// RepairStep is one step of a repair, as far as it matters here.
type RepairStep struct {
	Number int    `json:"step"`
	State  string `json:"state"`
	What   string `json:"what"`
	Reason string `json:"reason"`
}

// open reports whether the step was to be done and is not.
func (s RepairStep) open() bool {
	return slices.Contains([]string{"planned", "failed", "unknown", "not tried"}, s.State)
}

// title is what the repair is called.
func (r *Repair) title() string {
	if r.Planned {
		return "Repair plan"
	}
	return "Repair"
}

// reasons says what became of a repair that was not made, or not to its end.
func (r *Repair) reasons() []Reason {
	const todo = "Read what it says, then run heal.yml in check mode"
	switch {
	case r == nil:
		return nil
	case r.Plan == nil && r.Planned:
		return []Reason{{Severity: check.Medium, What: "repair", Text: "there is no plan: " + r.Msg, Todo: todo, Unread: true}}
	case r.Plan == nil:
		return []Reason{{Severity: check.High, What: "repair", Text: "nothing was repaired: " + r.Msg, Todo: todo}}
	case !r.Planned && slices.ContainsFunc(r.Steps, RepairStep.open):
		return []Reason{{Severity: check.High, What: "repair", Text: "not all steps of the repair were done: " + r.Msg, Todo: todo}}
	}
	return nil
}

// lines are the steps, and how to follow a plan that was kept.
func (r *Repair) lines() []string {
	var lines []string
	for _, s := range r.Steps {
		line := fmt.Sprintf("step %d %s: %s", s.Number, s.State, s.What)
		if s.Reason != "" {
			line += " (" + s.Reason + ")"
		}
		lines = append(lines, line)
	}
	if r.Run != "" {
		lines = append(lines, fmt.Sprintf("the journal %s has this as run %s; placement_restore undoes it", r.Journal, r.Run))
	}
	path, _ := r.Plan["path"].(string)
	digest, _ := r.Plan["digest"].(string)
	if r.Planned && path != "" && len(digest) > confirmed {
		lines = append(lines, fmt.Sprintf("to do exactly this, run heal.yml with heal_plan=%s and heal_confirm=%s", path, digest[:confirmed]))
	}
	return lines
}

// confirmed is how many digits of its digest confirm a plan.
const confirmed = 12

// repair shows the repair.
func (t *text) repair(r *Repair) {
	if r == nil {
		return
	}
	t.add("%s: %s", r.title(), r.Msg)
	for _, line := range r.lines() {
		t.below("%s", line)
	}
}

// repair shows the repair in a report.
func (p *page) repair(r *Repair) {
	if r != nil {
		p.list(r.title(), append([]string{r.Msg}, r.lines()...))
	}
}
