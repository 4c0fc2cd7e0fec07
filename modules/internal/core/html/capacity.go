// SPDX-License-Identifier: Apache-2.0

package html

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// row is one resource class of one provider. Widths are thousandths of the bar.
type row struct {
	Name, Class    string
	Share          float64
	Percent        string
	Used, Capacity int
	Over           int // what is used beyond the capacity
	ReservedText   string

	UsedWidth, Line           int
	ReservedAt, ReservedWidth int
}

// branch is a provider with those below it.
type branch struct {
	report.Provider

	Uses  []string
	Below []*branch
}

// capacities adds bars and trees of the providers to the page.
func (p *page) capacities(r *renderer, providers []report.Provider) error {
	var rows []row
	p.Classes = filter{ID: "class", Label: "Resource class"}
	for _, provider := range providers {
		for _, class := range provider.Classes {
			rows = append(rows, rowOf(provider.Name, class))
			p.Classes.add("r-", class.Name)
		}
	}
	p.Classes.sort()
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(b.Share, a.Share) })
	var err error
	if p.Capacity, err = entries(r, "row", rows); err != nil {
		return err
	}
	p.Trees, err = entries(r, "tree", treesOf(providers))
	return err
}

func rowOf(name string, c report.Class) row {
	out := row{Name: name, Class: c.Name, Used: c.Used, Capacity: c.Capacity, Over: max(c.Used-c.Capacity, 0)}
	if c.Reserved() > 0 {
		out.ReservedText = "+ " + number(c.Reserved()) + " reserved"
	}
	if c.Reserved() < 0 {
		out.ReservedText = "reserved not read"
	}
	out.Share = share(c)
	out.Percent = percent(c)
	free, reserved := float64(max(c.Capacity, 0)), float64(max(c.Reserved(), 0))
	full := max(free+reserved, float64(c.Used), 1)
	part := func(n float64) int { return int(math.Round(n / full * 1000)) }
	out.UsedWidth, out.Line = part(float64(max(c.Used, 0))), min(part(free), 994)
	out.ReservedAt, out.ReservedWidth = part(free), min(part(reserved), 1000-part(free))
	return out
}

// share is the fraction of the capacity that is used. Of no capacity, anything is more than all.
func share(c report.Class) float64 {
	switch {
	case c.Capacity > 0:
		return math.Round(float64(c.Used)/float64(c.Capacity)*1e4) / 1e4
	case c.Used > 0:
		return 1e6
	}
	return 0
}

func percent(c report.Class) string {
	if c.Capacity <= 0 {
		return "none"
	}
	return fmt.Sprintf("%.0f %%", math.Floor(float64(c.Used)/float64(c.Capacity)*100))
}

// treesOf hangs each provider below its parent. One whose parent was not read stands at the top.
func treesOf(providers []report.Provider) []*branch {
	all := make(map[string]*branch, len(providers))
	for _, p := range providers {
		one := &branch{Provider: p}
		for _, c := range p.Classes {
			one.Uses = append(one.Uses, fmt.Sprintf("%s %s of %s", c.Name, number(c.Used), number(c.Capacity)))
		}
		if p.Unread == "" && len(p.Classes) == 0 {
			one.Uses = []string{"no inventory"}
		}
		all[p.UUID] = one
	}
	var roots []*branch
	for _, p := range providers {
		one := all[p.UUID]
		if parent := all[p.Parent]; parent != nil && !under(all, parent, one) {
			parent.Below = append(parent.Below, one)
			continue
		}
		roots = append(roots, one)
	}
	slices.SortStableFunc(roots, func(a, b *branch) int { return cmp.Compare(a.Name, b.Name) })
	return roots
}

// under reports whether a provider is, by the parents that were read, one itself or one below it: such a circle has no root.
func under(all map[string]*branch, provider, above *branch) bool {
	for range len(all) {
		if provider == above {
			return true
		}
		next := all[provider.Parent]
		if next == nil {
			return false
		}
		provider = next
	}
	return true
}

// add adds an option for a value, once.
func (f *filter) add(prefix, value string) {
	key := prefix + token(value)
	if value == "" || slices.ContainsFunc(f.Options, func(o option) bool { return o.Value == key }) {
		return
	}
	f.Options = append(f.Options, option{key, value})
}

func (f *filter) sort() {
	slices.SortFunc(f.Options, func(a, b option) int { return cmp.Compare(a.Text, b.Text) })
}
