// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
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
	if m.Host == "" {
		m.Line("- Logs read at %s", m.Summary.TakenAt.UTC().Format(time.RFC3339))
	} else {
		m.Line("- Logs of %s, read at %s", markdown.Escape(m.Host), m.Summary.TakenAt.UTC().Format(time.RFC3339))
	}
	if m.Summary.Since != nil {
		m.Line("- From %s on", m.Summary.Since.UTC().Format(time.RFC3339))
	}
	if m.Summary.Until != nil {
		m.Line("- Until %s", m.Summary.Until.UTC().Format(time.RFC3339))
	}
	if m.Summary.Noise > 0 {
		m.Line("- %s", noise(m.Summary.Noise))
	}
}

func (m *conflictPage) unread() {
	doubts := m.Summary.Doubts()
	if len(m.NotRead)+len(doubts) > 0 {
		m.Heading("Could not be read")
	}
	for _, n := range m.NotRead {
		m.Line("- **%s**: %s", markdown.Escape(n.Source), markdown.Escape(n.Reason))
	}
	for _, doubt := range doubts {
		m.Line("- %s", markdown.Escape(doubt))
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
	m.Line("- **%s** (%s): %s", markdown.Escape(c.Conflict), markdown.Escape(string(c.Verdict)), markdown.Escape(untitled(c)))
	m.part("Meaning", markdown.Escape(c.Meaning))
	m.part("Remedy", markdown.Escape(c.Remedy))
	m.command(c.Command)
	var clients []string
	for _, p := range c.Clients[:min(len(c.Clients), mostClients)] {
		clients = append(clients, fmt.Sprintf("%s (%d)", strings.TrimSpace(named(p.Host, p.Address)+" "+p.Service), p.Count))
	}
	m.part("Who tries again", markdown.Escape(c.Retried))
	m.part("Refused", markdown.Escape(strings.Join(clients, ", ")))
	m.part("The audit found", strings.Join(linked(c.Findings), ", "))
}

// part adds a line below a conflict, unless there is nothing to say.
func (m *conflictPage) part(title, text string) {
	if text != "" {
		m.Line("  - %s: %s", title, text)
	}
}

// command adds a command in a block of its own, if there is one.
func (m *conflictPage) command(command string) {
	if command != "" {
		m.Line("  - Command:")
		m.Block(4, command)
	}
}

// linked names findings, each with a link to the page of its check.
func linked(fingerprints []string) []string {
	all := make([]string, len(fingerprints))
	for i, fingerprint := range fingerprints {
		id, about := ofFingerprint(fingerprint)
		link := fmt.Sprintf("[%s](%s)", markdown.Escape(id), check.Documentation(check.IDOf(fingerprint)))
		all[i] = strings.TrimSpace(link + " " + markdown.Escape(about))
	}
	return all
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
		m.command(g.Command)
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
