// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

// ExitCode reports whether not everything could be read.
func (r *Result) ExitCode() int {
	if !r.Complete {
		return terminal.Incomplete
	}
	return terminal.Done
}

// Show is the result as text.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	p.Said(0, r.Msg)
	for _, text := range r.NotRead {
		p.Said(0, "Not read: "+p.Short(text))
	}
	p.Blank()
	r.showFlavors(p)
	p.Blank()
	var rows [][]string
	for _, f := range r.Free {
		rows = append(rows, []string{
			p.Short(f.Class), fmt.Sprint(f.Free), fmt.Sprint(f.Capacity), fmt.Sprint(f.Largest), fmt.Sprintf("%.0f%%", 100*f.Fragmentation), p.Short(f.Provider),
		})
	}
	p.Table(0, []string{"CLASS", "FREE", "CAPACITY", "LARGEST", "ELSEWHERE", "LARGEST ON"}, rows)
	r.showTruth(p)
	r.showLeftOut(p)
	for _, text := range r.NotJudged {
		p.Said(0, "Not judged: "+p.Short(text))
	}
	return p.Lines()
}

// showFlavors shows how many servers of each flavor fit, and how many would after the wish, if there is one.
func (r *Result) showFlavors(p *screen.Page) {
	wished := slices.ContainsFunc(r.Flavors, func(f report.Fit) bool { return f.After != nil })
	head := []string{"FLAVOR", "FIT", "HOSTS", "MOST ON"}
	if wished {
		head = slices.Insert(head, 2, "AFTER")
	}
	var rows [][]string
	for _, f := range r.Flavors {
		most := "-"
		if len(f.Now.Hosts) > 0 {
			most = fmt.Sprintf("%s (%d)", p.Short(f.Now.Hosts[0].Name), f.Now.Hosts[0].Slots)
		}
		row := []string{p.Short(f.Name), fmt.Sprint(f.Now.Total), fmt.Sprint(f.Now.Count), most}
		if wished {
			after := "-"
			if f.After != nil {
				after = fmt.Sprint(f.After.Total)
			}
			row = slices.Insert(row, 2, after)
		}
		rows = append(rows, row)
	}
	p.Table(0, head, rows)
}

func (r *Result) showLeftOut(p *screen.Page) {
	if len(r.LeftOut) == 0 {
		return
	}
	p.Blank()
	for _, l := range r.LeftOut {
		p.Said(0, p.Short(l.Name)+" gets no servers: "+p.Short(l.Reason))
	}
	p.Blank()
}

func (r *Result) showTruth(p *screen.Page) {
	if r.Truth == nil {
		return
	}
	number := func(n *int) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	p.Blank()
	var rows [][]string
	for _, t := range *r.Truth {
		rows = append(rows, []string{
			p.Short(t.Name), t.Class, fmt.Sprint(t.Total), fmt.Sprint(t.Reserved), fmt.Sprint(t.Ratio), fmt.Sprint(t.Capacity), fmt.Sprint(t.Used),
			number(t.Asked), number(t.Difference),
		})
	}
	p.Table(0, []string{"PROVIDER", "CLASS", "TOTAL", "RESERVED", "RATIO", "CAPACITY", "USED", "ASKED", "DIFF"}, rows)
	r.showDifferences(p)
}

// showDifferences says which findings explain why USED and ASKED differ, once a provider and not once a class.
func (r *Result) showDifferences(p *screen.Page) {
	var rows [][]string
	for _, t := range *r.Truth {
		for _, fingerprint := range t.Findings {
			row := []string{p.Short(t.Name), foreign.Line(check.IDOf(fingerprint)), p.Short(check.AboutOf(fingerprint))}
			if !slices.ContainsFunc(rows, func(other []string) bool { return slices.Equal(other, row) }) {
				rows = append(rows, row)
			}
		}
	}
	if len(rows) == 0 {
		return
	}
	p.Blank()
	p.Line("%s", p.Paint(screen.Bold, "Why USED and ASKED differ"))
	p.Table(0, []string{"PROVIDER", "FINDING", "ABOUT"}, rows)
	p.Command(2, "placement explain "+foreign.Word(rows[0][1]))
}
