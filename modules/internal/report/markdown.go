// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/check"
)

// More lines than these below one finding are folded.
const foldedFrom = 6

// Markdown writes a page for people, in GitHub's dialect: the verdict first, then what could not be judged, the counts, and
// the findings, the worst first. What follows from another finding is one line below it.
func Markdown(r *Report) ([]byte, error) {
	m := &page{Report: r}
	m.verdict()
	m.unjudged()
	m.counts()
	m.findings()
	m.gone()
	m.ignored()
	return m.done(), nil
}

type page struct {
	*Report
	sheet
}

// sheet is a page that is being written.
type sheet struct{ out bytes.Buffer }

func (s *sheet) line(format string, args ...any) { fmt.Fprintf(&s.out, format+"\n", args...) }

func (s *sheet) heading(format string, args ...any) { s.line("\n## "+format+"\n", args...) }

// done is the page, without blank lines that nobody needs.
func (s *sheet) done() []byte {
	text := bytes.ReplaceAll(s.out.Bytes(), []byte("\n\n\n"), []byte("\n\n"))
	return append(bytes.TrimRight(text, "\n"), '\n')
}

func (m *page) verdict() {
	m.line("# Placement audit: %s\n", escape(m.Msg))
	m.line("- Read at %s", m.Summary.TakenAt.UTC().Format(time.RFC3339))
	if m.Summary.Baseline != nil {
		m.line("- Compared with an audit of %s", m.Summary.Baseline.UTC().Format(time.RFC3339))
	}
	if s := m.Summary.Scope; s != nil {
		m.names("Only providers", s.Providers)
		m.names("Only hosts", s.Hosts)
		m.names("Only host aggregates", s.Aggregates)
	}
	for _, service := range slices.Sorted(maps.Keys(m.Microversions)) {
		m.line("- %s microversion %s", escape(service), escape(m.Microversions[service]))
	}
}

func (m *page) names(what string, names []string) {
	if len(names) > 0 {
		m.line("- %s: %s", what, escape(strings.Join(names, ", ")))
	}
}

func (m *page) unjudged() {
	if len(m.NotRun) > 0 {
		m.heading("Could not be judged")
		for _, n := range m.NotRun {
			m.line("- **%s %s** did not run: %s", escape(n.Check), escape(n.Name), escape(n.Reason))
		}
	}
	if len(m.Summary.NotJudged) > 0 {
		m.heading("Seen and not judged")
		m.line("| check | count | why |\n| --- | ---: | --- |")
		for _, n := range m.Summary.NotJudged {
			m.line("| %s | %d | %s |", escape(n.Check), n.Count, escape(n.Reason))
		}
	}
	if len(m.Summary.NotCompared) > 0 {
		m.heading("Not compared with the baseline")
		m.line("| check | count | why |\n| --- | ---: | --- |")
		for _, n := range m.Summary.NotCompared {
			m.line("| %s | %d | %s |", escape(n.Check), n.Count, escape(n.Reason))
		}
	}
}

// counts is a table of the checks that found something, the worst first.
func (m *page) counts() {
	m.heading("Counts")
	states := m.Summary.ByState != nil
	if states {
		m.line("%d new, %d known, %d gone.\n", m.Summary.ByState.New, m.Summary.ByState.Known, m.Summary.ByState.Gone)
	}
	if len(m.Findings) == 0 {
		m.line("Nothing found. Checks that ran to their end: %d.", len(m.Summary.ChecksRun))
		return
	}
	m.line("| severity | check | findings |%s\n| --- | --- | ---: |%s", when(states, " new |"), when(states, " ---: |"))
	total, fresh := map[string]int{}, map[string]int{}
	var first []check.Finding // one of each check, in order
	for _, f := range m.Findings {
		if total[f.ID]++; total[f.ID] == 1 {
			first = append(first, f)
		}
		if f.State == check.New {
			fresh[f.ID]++
		}
	}
	for _, f := range first {
		m.line("| %s | %s %s | %d |%s", f.Severity, escape(f.ID), escape(f.Name), total[f.ID],
			when(states, fmt.Sprintf(" %d |", fresh[f.ID])))
	}
}

func when(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

func (m *page) findings() {
	groups := byWorst(tree(m.Findings))
	for _, severity := range check.Severities() {
		if len(groups[severity]) == 0 {
			continue
		}
		m.heading("%s", strings.ToUpper(string(severity[:1]))+string(severity[1:]))
		for _, n := range groups[severity] {
			m.finding(n)
		}
	}
}

// finding writes one at full length, with what follows from it below.
func (m *page) finding(n *node) {
	m.line("- %s: %s", title(n.Finding), escape(n.Message))
	if n.Remedy.Text != "" {
		m.line("  - Remedy: %s", escape(n.Remedy.Text))
	}
	if n.Remedy.Module != "" {
		args, err := json.Marshal(n.Remedy.Args)
		if err != nil {
			args = nil // the name of the module is worth something without them
		}
		m.line("  - Module: %s", code(strings.TrimSpace(n.Remedy.Module+" "+string(args))))
	}
	size := n.size()
	switch {
	case size == 0:
	case size < foldedFrom:
		m.line("  - Follows from it:")
		m.below(n, "    ")
	default:
		m.line("\n  <details><summary>%d findings follow from it</summary>\n", size)
		m.below(n, "  ")
		m.line("\n  </details>\n")
	}
}

func (m *page) below(n *node, indent string) {
	for _, b := range n.below {
		m.line("%s- %s: %s", indent, title(b.Finding), escape(b.Message))
		m.below(b, indent+"  ")
	}
}

func title(f check.Finding) string {
	words := string(f.Severity)
	if f.State != "" {
		words += ", " + string(f.State)
	}
	return fmt.Sprintf("**%s %s** (%s)", escape(f.ID), escape(f.Name), words)
}

func (m *page) gone() {
	if len(m.Gone) == 0 {
		return
	}
	m.heading("Gone since the baseline")
	for _, f := range m.Gone {
		m.line("- %s: %s", title(f), escape(f.Message))
	}
}

func (m *page) ignored() {
	if len(m.Ignored) > 0 {
		m.heading("Ignored")
		for _, i := range m.Ignored {
			m.line("- **%s %s**: %s", escape(i.ID), escape(i.Name), escape(i.Message))
			m.line("  - Reason: %s", escape(i.Reason))
		}
	}
	if len(m.Summary.UnusedIgnores) > 0 {
		m.heading("Rules that ignore nothing")
		for _, rule := range m.Summary.UnusedIgnores {
			m.line("- %s", code(rule))
		}
	}
}
