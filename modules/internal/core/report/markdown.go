// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/markdown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/pasted"
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
	return m.Bytes(), nil
}

type page struct {
	*Report
	markdown.Page
}

func (m *page) verdict() {
	m.Line("# Placement audit: %s\n", markdown.Escape(m.Msg))
	if len(m.Cloud.Endpoints) > 0 {
		m.Line("- Cloud: %s", markdown.Code(strings.Join(m.Cloud.Endpoints, ", ")))
	}
	if m.Cloud.Region != "" {
		m.Line("- Region: %s", markdown.Code(m.Cloud.Region))
	}
	m.Line("- Read at %s", m.Summary.TakenAt.UTC().Format(time.RFC3339))
	if m.Summary.Baseline != nil {
		m.Line("- Compared with an audit of %s", m.Summary.Baseline.UTC().Format(time.RFC3339))
	}
	if s := m.Summary.Scope; s != nil {
		m.names("Only providers", s.Providers)
		m.names("Only hosts", s.Hosts)
		m.names("Only host aggregates", s.Aggregates)
	}
	for _, service := range slices.Sorted(maps.Keys(m.Microversions)) {
		m.Line("- %s microversion %s", markdown.Escape(service), markdown.Escape(m.Microversions[service]))
	}
}

func (m *page) names(what string, names []string) {
	if len(names) > 0 {
		m.Line("- %s: %s", what, markdown.Escape(strings.Join(names, ", ")))
	}
}

func (m *page) unjudged() {
	if len(m.NotRun) > 0 {
		m.Heading("Could not be judged")
		for _, n := range m.NotRun {
			how := "did not run"
			if len(n.Without) > 0 {
				how = "ran in part"
			}
			m.Line("- **%s %s** %s: %s", markdown.Escape(n.Check), markdown.Escape(n.Name), how, markdown.Escape(n.Reason))
		}
	}
	if len(m.Summary.NotJudged) > 0 {
		m.Heading("Seen and not judged")
		m.Line("| check | count | why |\n| --- | ---: | --- |")
		for _, n := range m.Summary.NotJudged {
			m.Line("| %s | %d | %s |", markdown.Escape(n.Check), n.Count, markdown.Escape(n.Reason))
		}
	}
	if len(m.Summary.NotCompared) > 0 {
		m.Heading("Not compared with the baseline")
		m.Line("| check | count | why |\n| --- | ---: | --- |")
		for _, n := range m.Summary.NotCompared {
			m.Line("| %s | %d | %s |", markdown.Escape(n.Check), n.Count, markdown.Escape(n.Reason))
		}
	}
}

// counts is a table of the checks that found something, the worst first.
func (m *page) counts() {
	m.Heading("Counts")
	states := m.Summary.ByState != nil
	if states {
		m.Line("%d new, %d known, %d gone.\n", m.Summary.ByState.New, m.Summary.ByState.Known, m.Summary.ByState.Gone)
	}
	if len(m.Findings) == 0 {
		m.Line("Nothing found. Checks that finished: %d.", len(m.Summary.ChecksRun))
		return
	}
	m.Line("| severity | check | findings |%s\n| --- | --- | ---: |%s", when(states, " new |"), when(states, " ---: |"))
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
		m.Line("| %s | %s %s | %d |%s", markdown.Escape(string(f.Severity)), markdown.Escape(f.ID), markdown.Escape(f.Name), total[f.ID],
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
		m.Heading("%s", strings.ToUpper(string(severity[:1]))+string(severity[1:]))
		for _, n := range groups[severity] {
			m.finding(n)
		}
	}
}

// finding writes one at full length, with what follows from it below.
func (m *page) finding(n *Cause) {
	m.Line("- %s: %s", title(n.Finding), markdown.Escape(n.Message))
	if n.Remedy.Text != "" {
		m.Line("  - Remedy: %s", markdown.Escape(n.Remedy.Text))
	}
	if n.Remedy.Command != "" {
		m.Line("  - Command:")
		m.Block(4, n.Remedy.Command)
	}
	if n.Remedy.Module != "" {
		m.Line("  - Task:")
		m.Listing(4, pasted.Task(pasted.Collection+n.Remedy.Module, n.Remedy.Args))
	}
	size := n.Size()
	switch {
	case size == 0:
	case size < foldedFrom:
		m.Line("  - Follows from it:")
		m.below(n, "    ")
	default:
		m.Line("\n  <details><summary>%d findings follow from it</summary>\n", size)
		m.below(n, "  ")
		m.Line("\n  </details>\n")
	}
}

func (m *page) below(n *Cause, indent string) {
	for _, b := range n.Below {
		m.Line("%s- %s: %s", indent, title(b.Finding), markdown.Escape(b.Message))
		m.below(b, indent+"  ")
	}
}

func title(f check.Finding) string {
	words := markdown.Escape(string(f.Severity))
	if f.State != "" {
		words += ", " + markdown.Escape(string(f.State))
	}
	return fmt.Sprintf("[**%s %s**](%s) (%s)", markdown.Escape(f.ID), markdown.Escape(f.Name), check.Documentation(f.ID), words)
}

func (m *page) gone() {
	if len(m.Gone) == 0 {
		return
	}
	m.Heading("Gone since the baseline")
	for _, f := range m.Gone {
		m.Line("- %s: %s", title(f), markdown.Escape(f.Message))
	}
}

func (m *page) ignored() {
	if len(m.Ignored) > 0 {
		m.Heading("Ignored")
		for _, i := range m.Ignored {
			m.Line("- **%s %s**: %s", markdown.Escape(i.ID), markdown.Escape(i.Name), markdown.Escape(i.Message))
			m.Line("  - Reason: %s", markdown.Escape(i.Reason))
		}
	}
	if len(m.Summary.UnusedIgnores) > 0 {
		m.Heading("Rules that ignore nothing")
		for _, rule := range m.Summary.UnusedIgnores {
			m.Line("- %s", markdown.Code(rule))
		}
	}
}
