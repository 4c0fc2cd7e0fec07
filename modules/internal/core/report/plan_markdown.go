// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/markdown"
)

// PlanMarkdown writes a page for people: how it stands, what could not be judged, a table of the steps, and each step with what is
// there before and after it, what has to hold, its requests, and the command of what a person has to do.
func PlanMarkdown(p *Plan) ([]byte, error) {
	m := &planPage{Plan: p}
	m.verdict()
	m.unjudged()
	m.table()
	if len(p.Steps) > 0 {
		m.Heading("Each step")
	}
	for _, s := range p.Steps {
		m.step(s)
	}
	return m.Bytes(), nil
}

type planPage struct {
	*Plan
	markdown.Page
}

func (m *planPage) verdict() {
	words, _ := m.Verdict()
	m.Line("# %s: %s\n", m.Title(), words)
	m.Line("%s.\n", markdown.Escape(m.Msg))
	for _, fact := range [][2]string{{"Cloud", m.Cloud}, {"Made at", m.MadeAt}, {m.idName(), m.ID}, {"Digest", m.Digest}, {"File", m.Path}} {
		if fact[1] != "" {
			m.Line("- %s: %s", fact[0], markdown.Code(fact[1]))
		}
	}
	if m.Dry {
		m.Line("- Nothing was written.")
	}
}

func (m *planPage) idName() string {
	if m.Undoes {
		return "Run"
	}
	return "Plan"
}

func (m *planPage) unjudged() {
	if len(m.NotRun) > 0 {
		m.Heading("Could not be judged")
		m.Line("It is unknown whether there are faults of these kinds.\n")
	}
	for _, n := range m.NotRun {
		m.Line("- **%s** %s: %s", markdown.Escape(n.Check), markdown.Escape(n.Name), markdown.Escape(n.Reason))
	}
}

func (m *planPage) table() {
	m.Heading("Steps")
	if len(m.Steps) == 0 {
		m.Line("None.")
		return
	}
	m.Line("| step | state | what | target |\n| ---: | --- | --- | --- |")
	for _, s := range m.Steps {
		m.Line("| %d | %s | %s | %s |", s.Number, markdown.Escape(string(s.State)), markdown.Escape(s.What), markdown.Escape(named(s.Target.Name, s.Target.UUID)))
	}
}

func (m *planPage) step(s heal.Step) {
	m.Line("\n### Step %d: %s\n", s.Number, markdown.Escape(s.What))
	m.Line("- State: %s", markdown.Escape(string(s.State)))
	if s.Reason != "" {
		m.Line("- Reason: %s", markdown.Escape(s.Reason))
	}
	if s.Finding != "" {
		m.Line("- Finding: %s", finding(s))
	}
	m.changes(s)
	if undo := m.CanUndo(s); undo != "" {
		m.Line("- Undo: %s", markdown.Escape(undo))
	}
	if len(s.Needs) > 0 {
		m.Line("- Only after step %s", strings.Trim(strings.Join(strings.Fields(fmt.Sprint(s.Needs)), ", "), "[]"))
	}
	if s.Command != "" {
		m.Line("- By hand:")
		m.Block(2, s.Command)
	}
}

// finding names what the step heals, with a link to the page of its check.
func finding(s heal.Step) string {
	id := check.IDOf(s.Finding)
	words := fmt.Sprintf("[%s](%s), %s", markdown.Escape(id), check.Documentation(id), markdown.Code(s.Finding))
	for _, also := range s.Also {
		words += ", also " + markdown.Code(also)
	}
	return words
}

func (m *planPage) changes(s heal.Step) {
	for _, c := range s.Changes {
		method, path := c.Request()
		m.Line("- Request: %s", markdown.Code(method+" "+path))
	}
	if len(s.Changes) > 0 {
		m.states("Before", s.Before().Words())
		m.states("After", s.After().Words())
	}
	var guards []string
	for _, g := range s.Guards() {
		guards = append(guards, g.String())
	}
	m.states("Guards, which have to hold right before the write", guards)
}

func (m *planPage) states(title string, lines []string) {
	if len(lines) > 0 {
		m.Line("- %s:", title)
	}
	for _, line := range lines {
		m.Line("  - %s", markdown.Escape(line))
	}
}
