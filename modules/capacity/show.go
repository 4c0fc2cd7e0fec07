// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
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
	r.showFree(p)
	r.showTruth(p)
	r.showLeftOut(p)
	for _, text := range r.NotJudged {
		p.Said(0, "Not judged: "+p.Short(text))
	}
	return p.Lines()
}

// showFlavors shows how many servers of each flavor fit, in a second row how many would after the wish, if there is one.
func (r *Result) showFlavors(p *screen.Page) {
	var rows [][]string
	for _, f := range r.Flavors {
		rows = append(rows, when(p.Short(f.Name), now, fitRow(p, f.Now)))
		if f.After != nil {
			rows = append(rows, when(p.Short(f.Name), after, fitRow(p, *f.After)))
		}
	}
	r.showTable(p, []string{"FLAVOR", "WHEN", "FIT", "HOSTS", "FRAGMENTED", "MOST ON"}, rows)
	for _, f := range r.Flavors {
		if f.Refused != "" {
			p.Said(0, p.Short(f.Name)+" fits nowhere: "+p.Short(f.Refused))
		}
	}
}

// What the two rows of a flavor or a class are of.
const now, after = "now", "after"

func when(name, moment string, cells []string) []string {
	return append([]string{name, moment}, cells...)
}

// showTable shows a table whose second column says when a row is true, and leaves that out where all of it is now.
func (r *Result) showTable(p *screen.Page, head []string, rows [][]string) {
	if !r.Wished() {
		for i := range rows {
			rows[i] = slices.Delete(rows[i], 1, 2)
		}
		head = slices.Delete(head, 1, 2)
	}
	p.Table(0, head, rows)
}

func fitRow(p *screen.Page, s capacity.Slots) []string {
	most := "-"
	if len(s.Hosts) > 0 {
		most = fmt.Sprintf("%s (%d)", p.Short(s.Hosts[0].Name), s.Hosts[0].Slots)
	}
	return []string{fmt.Sprint(s.Total), fmt.Sprint(s.Count), percent(s.Fragmentation), most}
}

// showFree shows what is left of each class, in a second row what would be left after the wish, if there is one.
func (r *Result) showFree(p *screen.Page) {
	var rows [][]string
	for _, f := range r.Free {
		rows = append(rows, when(p.Short(f.Class), now, freeRow(p, f.Amounts)))
		if f.After != nil {
			rows = append(rows, when(p.Short(f.Class), after, freeRow(p, *f.After)))
		}
	}
	r.showTable(p, []string{"CLASS", "WHEN", "FREE", "CAPACITY", "UNUSABLE", "AT ONCE", "MOST FREE ON"}, rows)
}

func freeRow(p *screen.Page, a capacity.Amounts) []string {
	most := "-"
	if a.Provider != "" {
		most = fmt.Sprintf("%s (%d)", p.Short(a.Provider), a.LargestFree)
	}
	return []string{fmt.Sprint(a.Free), fmt.Sprint(a.Capacity), percent(a.Fragmentation), fmt.Sprint(a.Largest), most}
}

func percent(share float64) string { return fmt.Sprintf("%.0f%%", 100*share) }

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

// moving is what is said of a move in place of a finding.
const moving = "a move is in progress"

// differences are the findings and the moves that explain why USED and ASKED differ, once a provider and not once a class.
func (r *Result) differences(p *screen.Page) [][]string {
	var rows [][]string
	add := func(row ...string) {
		if !slices.ContainsFunc(rows, func(other []string) bool { return slices.Equal(other, row) }) {
			rows = append(rows, row)
		}
	}
	for _, t := range *r.Truth {
		for _, fingerprint := range t.Findings {
			add(p.Short(t.Name), foreign.Line(check.IDOf(fingerprint)), p.Short(check.AboutOf(fingerprint)))
		}
		for _, m := range t.Moves {
			add(p.Short(t.Name), moving, p.Short(m.Words()))
		}
	}
	return rows
}

// showDifferences says what explains why USED and ASKED differ.
func (r *Result) showDifferences(p *screen.Page) {
	rows := r.differences(p)
	if len(rows) == 0 {
		return
	}
	p.Blank()
	p.Line("%s", p.Paint(screen.Bold, "Why USED and ASKED differ"))
	p.Table(0, []string{"PROVIDER", "WHY", "ABOUT"}, rows)
	if i := slices.IndexFunc(rows, func(row []string) bool { return row[1] != moving }); i >= 0 {
		p.Command(2, "placement explain "+foreign.Word(rows[i][1]))
	}
}
