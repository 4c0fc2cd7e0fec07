// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Repair is what placement_heal returned after an upgrade.
type Repair struct {
	Msg     string         `json:"msg"`
	Text    []string       `json:"text"`
	Plan    map[string]any `json:"plan"` // nil if it failed before it had one
	Steps   []RepairStep   `json:"steps"`
	Planned bool           `json:"-"` // only a plan was asked for
}

// RepairStep is one step of a repair, as far as it matters here.
type RepairStep struct {
	State string `json:"state"`
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

// lines are those of the result for a person, without the first, which is the message, and without blank ones.
func (r *Repair) lines() []string {
	head := slices.Index(r.Text, "") // of what is below, the sentence is known
	if head < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Text[head:]), func(line string) bool { return line == "" })
}

// repair shows the repair.
func (t *text) repair(r *Repair) {
	if r == nil {
		return
	}
	t.add("%s: %s", r.title(), r.Msg)
	for _, line := range r.lines() {
		t.Line("    %s%s", indent(line), foreign.Line(line))
	}
}

// indent is what a line begins with.
func indent(line string) string { return line[:len(line)-len(strings.TrimLeft(line, " "))] }

// repair shows the repair in a report.
func (p *page) repair(r *Repair) {
	if r != nil {
		p.list(r.title(), append([]string{r.Msg}, r.lines()...))
	}
}
