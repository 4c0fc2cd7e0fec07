// SPDX-License-Identifier: Apache-2.0

package html

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// checkPage is what is known of a check.
type checkPage struct {
	ID, Name, Title string
	Parts           []part
}

type part struct {
	Title string
	Lines []line
}

type line struct {
	Text string
	Code bool
}

// about adds the page of each check that found something or could not judge.
func (p *page) about(a *report.Audit, checks []*check.Check) {
	var ids []string
	for _, f := range slices.Concat(a.Findings, a.Gone) {
		ids = append(ids, f.ID)
	}
	for _, i := range a.Ignored {
		ids = append(ids, i.ID)
	}
	for _, n := range a.NotRun {
		ids = append(ids, n.Check)
	}
	for _, c := range checks {
		if slices.Contains(ids, c.ID) {
			p.Pages = append(p.Pages, pageOf(c))
		}
	}
}

func pageOf(c *check.Check) checkPage {
	return checkPage{c.ID, c.Name, c.Title, []part{
		{"What it means", []line{{Text: c.Doc.Meaning}}},
		{"Why it happens", []line{{Text: c.Doc.Causes}}},
		{"What to do", linesOf(c.Doc.Remedy)},
		{"How to check it by hand", []line{{c.Doc.ByHand, true}}},
		{"What is never judged", []line{{Text: c.Doc.Never}}},
	}}
}

// linesOf tells commands from sentences, line by line.
func linesOf(text string) []line {
	var all []line
	for _, p := range check.Paragraphs(text) {
		all = append(all, line{p.Text, p.Command})
	}
	return all
}

// linked takes the links to pages of checks away that are not there.
func (p *page) linked(one item) item {
	if !slices.ContainsFunc(p.Pages, func(c checkPage) bool { return c.ID == one.Page }) {
		one.Page = ""
	}
	for i := range one.Below {
		one.Below[i] = p.linked(one.Below[i])
	}
	return one
}
