// SPDX-License-Identifier: Apache-2.0

package trees

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// columns are the classes that have a column of their own in the table.
func columns() []string { return []string{"VCPU", "MEMORY_MB", "DISK_GB"} }

// Table adds all providers, one a line.
func (t Trees) Table(p *screen.Page) {
	head := append([]string{"PROVIDER"}, columns()...)
	head = append(head, "GEN", "NOTES")
	var rows [][]string
	for _, one := range t.Providers {
		row := []string{one.branch() + foreign.Line(one.Name)}
		for _, class := range columns() {
			row = append(row, one.room(class))
		}
		rows = append(rows, append(row, fmt.Sprint(one.Generation), p.Short(one.notes())))
	}
	p.Table(0, head, rows)
	t.unread(p)
}

// Full adds each provider with all that is known of it.
func (t Trees) Full(p *screen.Page) {
	for _, one := range t.Providers {
		one.full(p)
	}
	t.unread(p)
}

// unread says what is not shown because it could not be read.
func (t Trees) unread(p *screen.Page) {
	names := make([]string, len(t.Unread))
	for i, part := range t.Unread {
		names[i] = strings.ReplaceAll(string(part), "_", " ")
	}
	if len(names)+len(t.NotRun) > 0 {
		p.Blank()
	}
	if len(names) > 0 {
		p.Text(0, "Could not be read, and is not shown: "+strings.Join(names, ", "))
	}
	if len(t.NotRun) > 0 {
		p.Text(0, "Did not finish, so findings may be missing: "+report.Ranges(t.NotRun))
	}
}

// branch draws where a provider hangs.
func (one Provider) branch() string {
	if one.Depth == 0 {
		return ""
	}
	return strings.Repeat("  ", one.Depth-1) + "└ "
}

// room is how much of a class is used, such as "2/160 1%".
func (one Provider) room(class string) string {
	i := slices.IndexFunc(one.Classes, func(c Class) bool { return c.Class == class })
	if i < 0 {
		return "-"
	}
	return one.Classes[i].words()
}

func (c Class) words() string {
	text := fmt.Sprintf("%d/%d", c.Used, c.Capacity)
	if c.Capacity > 0 {
		text += fmt.Sprintf(" %d%%", c.Used*100/c.Capacity)
	}
	return text
}

// notes are what else there is to say in one line.
func (one Provider) notes() string {
	var words []string
	if one.Compute != "up, enabled" && one.Compute != "" {
		words = append(words, one.Compute)
	}
	for _, c := range one.Classes {
		if !slices.Contains(columns(), c.Class) {
			words = append(words, c.Class+" "+c.words())
		}
	}
	words = append(words, one.Findings...)
	words = append(words, one.Traits...)
	if len(one.Aggregates) > 0 {
		words = append(words, "in "+strings.Join(one.Aggregates, ", "))
	}
	return strings.Join(words, " · ")
}

func (one Provider) full(p *screen.Page) {
	at := 2 * one.Depth
	p.Blank()
	name := one.branch() + foreign.Line(one.Name)
	p.Line("%s  %s  generation %d", p.Paint(screen.Bold, name), foreign.Line(one.UUID), one.Generation)
	at += 2
	if one.Compute != "" {
		p.Text(at, "nova-compute on "+foreign.Line(one.Host)+": "+foreign.Line(one.Compute))
	}
	var rows [][]string
	for _, c := range one.Classes {
		rows = append(rows, []string{c.Class, fmt.Sprint(c.Used), fmt.Sprint(c.Capacity), c.over()})
	}
	p.Table(at, []string{"CLASS", "USED", "CAPACITY", "FULL"}, rows)
	one.list(p, at, "traits", one.Traits)
	one.list(p, at, "aggregates", one.Aggregates)
	one.list(p, at, "findings", one.Findings)
	one.held(p, at)
}

// over says in words how full a class is.
func (c Class) over() string {
	switch {
	case c.Used > c.Capacity:
		return fmt.Sprintf("over capacity by %d", c.Used-c.Capacity)
	case c.Capacity == 0:
		return ""
	}
	return fmt.Sprintf("%d%%", c.Used*100/c.Capacity)
}

func (one Provider) list(p *screen.Page, at int, title string, names []string) {
	if len(names) > 0 {
		p.Hang(strings.Repeat(" ", at)+screen.Pad(title, 12), at+12, foreign.Line(strings.Join(names, ", ")))
	}
}

// held lists the holders, those that Nova knows by name.
func (one Provider) held(p *screen.Page, at int) {
	if len(one.Holders) == 0 {
		return
	}
	var rows [][]string
	for _, h := range one.Holders {
		who, host := h.Consumer, "-"
		if h.Name != "" || h.Status != "" {
			who, host = fmt.Sprintf("%s (%s)", foreign.Line(h.Name), h.Status), cmp.Or(foreign.Line(h.Host), "-")
		}
		rows = append(rows, []string{who, host, amounts(h.Resources)})
	}
	p.Table(at, []string{"HELD BY", "HOST", "RESOURCES"}, rows)
}

func amounts(resources map[string]int) string {
	var words []string
	for _, class := range slices.SortedFunc(maps.Keys(resources), byClass) {
		words = append(words, fmt.Sprintf("%s %d", class, resources[class]))
	}
	return strings.Join(words, ", ")
}

// Parts are what the trees are made of.
func Parts() []snapshot.Part {
	return []snapshot.Part{
		snapshot.Providers, snapshot.Usages, snapshot.Capacities, snapshot.Allocations, snapshot.Services, snapshot.Hypervisors, snapshot.Servers,
		snapshot.Traits, snapshot.Aggregates, snapshot.Memberships,
	}
}
