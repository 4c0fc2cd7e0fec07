// SPDX-License-Identifier: Apache-2.0

package usageinfo

import (
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Show is the result for people: what is used of each provider, and what each project uses.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	p.Headline(r.Msg)
	for _, one := range r.Providers {
		p.Blank()
		p.Said(0, p.Paint(screen.Bold, foreign.Line(one.Name))+"  "+foreign.Line(one.UUID))
		table(p, one.Resources)
	}
	if len(r.Providers) > 1 {
		p.Blank()
		p.Line("%s", p.Paint(screen.Bold, "All of them"))
		table(p, r.Totals)
	}
	for _, project := range r.Projects {
		project.show(p)
	}
	return p.Lines()
}

// table lists what is used of each class.
func table(p *screen.Page, usages map[string]Usage) {
	var rows [][]string
	for _, class := range slices.Sorted(maps.Keys(usages)) {
		u := usages[class]
		rows = append(rows, []string{foreign.Line(class), fmt.Sprint(u.Used), fmt.Sprint(u.Capacity), fmt.Sprint(u.Free)})
	}
	p.Table(2, []string{"CLASS", "USED", "CAPACITY", "FREE"}, rows)
}

// show is one project: what its consumers hold, by their type where that is known, and what Nova counts.
func (project Project) show(p *screen.Page) {
	p.Blank()
	p.Said(0, p.Paint(screen.Bold, "project "+foreign.Line(project.ID)))
	holds := check.Amounts(project.Resources)
	if project.Consumers != nil {
		holds = report.Count(*project.Consumers, "consumer") + " with " + holds
	}
	p.Hang("  Placement  ", 13, foreign.Line(holds))
	for _, typed := range project.ByType {
		p.Said(13, foreign.Line(fmt.Sprintf("%s: %s with %s", typed.Type, report.Count(typed.Consumers, "consumer"), check.Amounts(typed.Resources))))
	}
	if n := project.Nova; n != nil {
		p.Hang("  Nova       ", 13, fmt.Sprintf("%s with %d cores, %d MiB of RAM", report.Count(n.Instances.InUse, "server"), n.Cores.InUse, n.RAM.InUse))
	}
	for _, d := range project.Differs {
		p.Hang("  "+p.Paint(screen.Warn, "DIFFERS")+"    ", 13, foreign.Line(fmt.Sprintf("%s: %d in Placement, %d in Nova", d.What, d.Placement, d.Nova)))
	}
}
