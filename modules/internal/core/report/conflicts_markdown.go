// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/markdown"
)

// No more clients of one conflict than these are named.
const mostClients = 5

// ConflictMarkdown writes a page for people: the verdict first, then what could not be read, a table, and what to do about
// each conflict that needs action.
func ConflictMarkdown(r *Refusals) ([]byte, error) {
	m := &conflictPage{Refusals: r}
	m.verdict()
	m.unread()
	m.table()
	m.acts()
	m.unplaced()
	return m.Bytes(), nil
}

type conflictPage struct {
	*Refusals
	markdown.Page
}

func (m *conflictPage) verdict() {
	m.Line("# Placement conflicts: %s\n", markdown.Escape(m.Msg))
	if title := m.Cloud.Title(); title != "" {
		m.Line("- Cloud: %s", markdown.Escape(title))
	}
	m.Line("- Logs of %s, read at %s", markdown.Escape(named(m.Host)), m.Summary.TakenAt.UTC().Format(time.RFC3339))
	if m.Summary.Since != nil {
		m.Line("- From %s on", m.Summary.Since.UTC().Format(time.RFC3339))
	}
	if m.Summary.Until != nil {
		m.Line("- Until %s", m.Summary.Until.UTC().Format(time.RFC3339))
	}
	m.Line("- ERROR lines that are noise, because the requests succeeded in the end: %d", m.Summary.Noise)
	m.Line("- Lines that could not be understood: %d of %d", m.Summary.Unread, m.Summary.Lines)
}

func (m *conflictPage) unread() {
	if len(m.NotRead) > 0 {
		m.Heading("Could not be read")
		for _, n := range m.NotRead {
			m.Line("- **%s**: %s", markdown.Escape(n.Source), markdown.Escape(n.Reason))
		}
	}
}

func (m *conflictPage) table() {
	m.Heading("Conflicts")
	if len(m.Conflicts) == 0 {
		m.Line("None.")
		return
	}
	ConflictTable(&m.Page, m.Conflicts)
}

// ConflictTable adds a table of conflicts to a page.
func ConflictTable(p *markdown.Page, all []explained.Conflict) {
	p.Line("| verdict | count | conflict | last | target |\n| --- | ---: | --- | --- | --- |")
	for _, c := range all {
		last := "–"
		if c.Last != nil {
			last = c.Last.UTC().Format(time.RFC3339)
		}
		p.Line("| %s | %d | %s | %s | %s |", markdown.Escape(string(c.Verdict)), c.Count, markdown.Escape(c.Conflict), last, markdown.Escape(named(c.Target.Name, c.Target.UUID)))
	}
}

func (m *conflictPage) acts() {
	if m.Summary.Act > 0 {
		m.Heading("To act on")
	}
	for _, c := range m.Conflicts {
		if c.Act {
			m.act(c)
		}
	}
}

func (m *conflictPage) act(c explained.Conflict) {
	m.Line("- **%s** (%s): %s", markdown.Escape(c.Conflict), markdown.Escape(string(c.Verdict)), markdown.Escape(c.Message))
	m.Line("  - Meaning: %s", markdown.Escape(c.Meaning))
	m.Line("  - Remedy: %s", markdown.Escape(c.Remedy))
	m.Line("  - Who tries again: %s", markdown.Escape(c.Retried))
	var clients []string
	for _, p := range c.Clients[:min(len(c.Clients), mostClients)] {
		clients = append(clients, fmt.Sprintf("%s (%d)", strings.TrimSpace(named(p.Host, p.Address)+" "+p.Service), p.Count))
	}
	if len(clients) > 0 {
		m.Line("  - Refused: %s", markdown.Escape(strings.Join(clients, ", ")))
	}
	if len(c.Findings) > 0 {
		m.Line("  - The audit found: %s", markdown.Escape(strings.Join(c.Findings, ", ")))
	}
}

// unplaced lists what had nowhere to go, each with the command that explains it.
func (m *conflictPage) unplaced() {
	if len(m.Unplaced) == 0 {
		return
	}
	m.Heading("No valid host")
	for _, g := range m.Unplaced {
		m.Line("- %s", markdown.Escape(g.Message))
		if g.Last != nil {
			m.Line("  - The last at %s", g.Last.UTC().Format(time.RFC3339))
		}
		if g.Command != "" {
			m.Line("  - Command:")
			m.Block(4, g.Command)
		}
	}
}

// named is the first of the names that is not empty.
func named(names ...string) string {
	for _, name := range names {
		if name != "" {
			return name
		}
	}
	return "not known"
}
