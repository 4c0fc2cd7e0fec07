// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/conflicts"
)

// No more clients of one conflict than these are named.
const mostClients = 5

// ConflictMarkdown writes a page for people: the verdict first, then what could not be read, a table, and what to do about
// each conflict that somebody has to act on.
func ConflictMarkdown(r *Refusals) ([]byte, error) {
	m := &conflictPage{Refusals: r}
	m.verdict()
	m.unread()
	m.table()
	m.acts()
	return m.done(), nil
}

type conflictPage struct {
	*Refusals
	sheet
}

func (m *conflictPage) verdict() {
	m.line("# Placement conflicts: %s\n", escape(m.Msg))
	m.line("- Logs of %s, read at %s", escape(named(m.Host)), m.Summary.TakenAt.UTC().Format(time.RFC3339))
	if m.Summary.Since != nil {
		m.line("- From %s on", m.Summary.Since.UTC().Format(time.RFC3339))
	}
	if m.Summary.Until != nil {
		m.line("- Until %s", m.Summary.Until.UTC().Format(time.RFC3339))
	}
	m.line("- Lines at ERROR that are noise, for what they complain of went through: %d", m.Summary.Noise)
	m.line("- Lines that could not be understood: %d of %d", m.Summary.Unread, m.Summary.Lines)
}

func (m *conflictPage) unread() {
	if len(m.NotRead) > 0 {
		m.heading("Could not be read")
		for _, n := range m.NotRead {
			m.line("- **%s**: %s", escape(n.Source), escape(n.Reason))
		}
	}
}

func (m *conflictPage) table() {
	m.heading("Conflicts")
	if len(m.Conflicts) == 0 {
		m.line("None.")
		return
	}
	m.line("| verdict | count | conflict | last | of |\n| --- | ---: | --- | --- | --- |")
	for _, c := range m.Conflicts {
		last := "–"
		if c.Last != nil {
			last = c.Last.UTC().Format(time.RFC3339)
		}
		m.line("| %s | %d | %s | %s | %s |", c.Verdict, c.Count, escape(c.Conflict), last, escape(named(c.Target.Name, c.Target.UUID)))
	}
}

func (m *conflictPage) acts() {
	if m.Summary.Act > 0 {
		m.heading("To act on")
	}
	for _, c := range m.Conflicts {
		if c.Act {
			m.act(c)
		}
	}
}

func (m *conflictPage) act(c conflicts.Conflict) {
	m.line("- **%s** (%s): %s", escape(c.Conflict), c.Verdict, escape(c.Message))
	m.line("  - Meaning: %s", escape(c.Meaning))
	m.line("  - Remedy: %s", escape(c.Remedy))
	m.line("  - Who tries again: %s", escape(c.Retried))
	var clients []string
	for _, p := range c.Clients[:min(len(c.Clients), mostClients)] {
		clients = append(clients, fmt.Sprintf("%s (%d)", strings.TrimSpace(named(p.Host, p.Address)+" "+p.Service), p.Count))
	}
	if len(clients) > 0 {
		m.line("  - Refused: %s", escape(strings.Join(clients, ", ")))
	}
	if len(c.Findings) > 0 {
		m.line("  - The audit found: %s", escape(strings.Join(c.Findings, ", ")))
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
