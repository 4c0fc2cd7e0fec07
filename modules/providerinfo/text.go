// SPDX-License-Identifier: Apache-2.0

package providerinfo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Show is the result for people: each provider with what was asked for.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	p.Headline(r.Msg)
	for _, one := range r.Providers {
		p.Blank()
		one.show(p)
	}
	return p.Lines()
}

func (one Provider) show(p *screen.Page) {
	p.Said(0, p.Paint(screen.Bold, foreign.Line(one.Name))+"  "+foreign.Line(one.UUID)+fmt.Sprintf("  generation %d", one.Generation))
	if !one.IsRoot() {
		p.Text(2, foreign.Line(fmt.Sprintf("child of %s in the tree of %s", one.ParentUUID, one.RootUUID)))
	}
	one.showRoom(p)
	lists(p, "aggregates", one.Aggregates)
	lists(p, "traits", one.Traits)
	if one.Allocations == nil {
		return
	}
	if len(*one.Allocations) == 0 {
		p.Text(2, "held by     nobody")
	}
	var rows [][]string
	for _, a := range *one.Allocations {
		rows = append(rows, []string{foreign.Line(a.ConsumerUUID), fmt.Sprint(a.ConsumerGeneration), foreign.Line(check.Amounts(a.Resources))})
	}
	p.Table(2, []string{"HELD BY CONSUMER", "GENERATION", "HOLDS"}, rows)
}

// showRoom lists the inventories with what is used of them. A class that is used and has no inventory has a dash.
func (one Provider) showRoom(p *screen.Page) {
	inventories, usages := map[string]openstack.Inventory{}, map[string]int{}
	if one.Inventories != nil {
		inventories = *one.Inventories
	}
	if one.Usages != nil {
		usages = *one.Usages
	}
	classes := slices.Concat(slices.Collect(maps.Keys(inventories)), slices.Collect(maps.Keys(usages)))
	slices.Sort(classes)
	var rows [][]string
	for _, class := range slices.Compact(classes) {
		used := "-"
		if one.Usages != nil {
			used = fmt.Sprint(usages[class])
		}
		offers := []string{"-", "-", "-", "-", "-", "-", "-"}
		if i, ok := inventories[class]; ok {
			offers = strings.Fields(fmt.Sprintln(i.Capacity(), i.Total, i.Reserved, i.AllocationRatio, i.MinUnit, i.MaxUnit, i.StepSize))
		}
		rows = append(rows, append([]string{foreign.Line(class), used}, offers...))
	}
	p.Table(2, []string{"CLASS", "USED", "CAPACITY", "TOTAL", "RESERVED", "RATIO", "MIN", "MAX", "STEP"}, rows)
}

// lists adds a list that was asked for.
func lists(p *screen.Page, title string, names *[]string) {
	if names == nil {
		return
	}
	words := "none"
	if len(*names) > 0 {
		words = foreign.Line(strings.Join(*names, ", "))
	}
	p.Hang("  "+screen.Pad(title, 12), 14, words)
}
