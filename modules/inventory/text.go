// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Show is the result for people: each provider with its room, and what is in the way.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r.Refused)
	p.Said(0, p.Paint(screen.Bold, foreign.Line(cmp.Or(r.Msg, "refused"))))
	for _, one := range r.Providers {
		one.show(p, r.dry)
	}
	for _, refused := range r.Refused {
		refused.show(p)
	}
	if len(r.Clamped) > 0 {
		p.Blank()
	}
	for _, c := range r.Clamped {
		p.Said(0, p.Short(fmt.Sprintf("CLAMPED  %s.%s of %s is %v instead of %v", c.Class, c.Field, c.Provider, c.Set, c.Asked)))
	}
	if r.dry && r.Changed {
		p.Dry()
	}
	if r.Journal != "" {
		p.Blank()
		p.Text(0, "What was there before is in "+foreign.Line(r.Journal))
	}
	return p.Lines()
}

// show is a provider: its inventories as they are, or would be.
func (one Provider) show(p *screen.Page, dry bool) {
	p.Blank()
	word := "unchanged"
	switch {
	case one.Changed && dry:
		word = "would change"
	case one.Changed:
		word = "changed"
	}
	p.Said(0, p.Paint(screen.Bold, foreign.Line(one.Name))+"  "+word+"  "+one.UUID)
	var rows [][]string
	for _, class := range slices.Sorted(maps.Keys(one.Inventories)) {
		i := one.Inventories[class]
		rows = append(rows, []string{
			foreign.Line(class), fmt.Sprint(one.Usages[class]), fmt.Sprint(i.Capacity()), fmt.Sprint(i.Total), fmt.Sprint(i.Reserved), fmt.Sprint(i.AllocationRatio),
			one.before(class),
		})
	}
	for _, class := range slices.Sorted(maps.Keys(one.was)) {
		if _, there := one.Inventories[class]; !there {
			rows = append(rows, []string{foreign.Line(class), fmt.Sprint(one.Usages[class]), "-", "-", "-", "-", one.before(class)})
		}
	}
	p.Table(2, []string{"CLASS", "USED", "CAPACITY", "TOTAL", "RESERVED", "RATIO", ""}, rows)
}

// before says how a class was before it changed: "total was 10, max_unit was 10".
func (one Provider) before(class string) string {
	now, there := one.Inventories[class]
	was, known := one.was[class]
	switch {
	case one.was == nil || now == was && there == known:
		return ""
	case !known:
		return "new"
	case !there:
		return fmt.Sprintf("removed; total was %d", was.Total)
	}
	var words []string
	for _, field := range []struct {
		name    string
		was, is any
	}{
		{"total", was.Total, now.Total},
		{"reserved", was.Reserved, now.Reserved},
		{"allocation_ratio", was.AllocationRatio, now.AllocationRatio},
		{"min_unit", was.MinUnit, now.MinUnit},
		{"max_unit", was.MaxUnit, now.MaxUnit},
		{"step_size", was.StepSize, now.StepSize},
	} {
		if field.was != field.is {
			words = append(words, fmt.Sprintf("%s was %v", field.name, field.was))
		}
	}
	return strings.Join(words, ", ")
}

// show is one class that was refused, with who is in the way.
func (r Refused) show(p *screen.Page) {
	p.Blank()
	p.Said(0, p.Paint(screen.Bad, "REFUSED")+"  "+p.Short(r.text()))
}
