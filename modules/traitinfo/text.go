// SPDX-License-Identifier: Apache-2.0

package traitinfo

import (
	"cmp"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Show is the result for people: a table of the traits, with who has each where that was asked for.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	p.Headline(r.Msg)
	if len(r.Traits) > 0 {
		p.Blank()
	}
	head := []string{"TRAIT", "CUSTOM"}
	holders := slices.ContainsFunc(r.Traits, func(t Trait) bool { return t.Providers != nil })
	if holders {
		head = append(head, "PROVIDERS")
	}
	var rows [][]string
	for _, t := range r.Traits {
		row := []string{foreign.Line(t.Name), screen.YesNo(t.Custom), t.holders(p)}
		rows = append(rows, row[:len(head)])
	}
	p.Table(0, head, rows)
	return p.Lines()
}

// holders names the providers that have it, and counts the others where there are many.
func (t Trait) holders(p *screen.Page) string {
	const few = 4
	if t.Providers == nil {
		return ""
	}
	names := make([]string, len(*t.Providers))
	for i, holder := range *t.Providers {
		names[i] = cmp.Or(holder.Name, holder.UUID)
	}
	most := few
	if p.Wide {
		most = len(names)
	}
	return cmp.Or(p.Short(foreign.Some(names, most)), "-")
}
