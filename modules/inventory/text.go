// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Show is the result for people: each provider with its room, and what is in the way.
func (r *Result) Show(v screen.View) []string {
	data, _ := json.Marshal(r.Refused) // of texts and numbers alone
	p := screen.New(v, string(data))
	p.Said(0, p.Paint(screen.Bold, foreign.Line(cmp.Or(r.Msg, "refused"))))
	for _, one := range r.Providers {
		one.show(p)
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
	if r.Journal != "" {
		p.Blank()
		p.Text(0, "What was there before is in "+foreign.Line(r.Journal))
	}
	return p.Lines()
}

// show is a provider: its inventories as they are, or would be.
func (one Provider) show(p *screen.Page) {
	p.Blank()
	word := "unchanged"
	if one.Changed {
		word = "changed"
	}
	p.Said(0, p.Paint(screen.Bold, foreign.Line(one.Name))+"  "+word+"  "+one.UUID)
	var rows [][]string
	for _, class := range slices.Sorted(maps.Keys(one.Inventories)) {
		i := one.Inventories[class]
		rows = append(rows, []string{
			foreign.Line(class), fmt.Sprint(one.Usages[class]), fmt.Sprint(i.Capacity()), fmt.Sprint(i.Total), fmt.Sprint(i.Reserved), fmt.Sprint(i.AllocationRatio), "",
		})
	}
	p.Table(2, []string{"CLASS", "USED", "CAPACITY", "TOTAL", "RESERVED", "RATIO", ""}, rows)
}

// show is one class that was refused, with who is in the way.
func (r Refused) show(p *screen.Page) {
	p.Blank()
	p.Said(0, p.Paint(screen.Bad, "REFUSED")+"  "+p.Short(r.text()))
}
