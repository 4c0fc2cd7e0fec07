// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Capacity is where servers of the flavors in use can land, as placement_capacity_info returned it.
type Capacity struct {
	Msg     string     `json:"msg"`
	Flavors *[]Landing `json:"flavors"` // nil if it could not be read
	NotRead []string   `json:"not_read"`
}

// Landing is where a server of one flavor can land.
type Landing struct {
	Name string         `json:"name"`
	Now  capacity.Slots `json:"now"`
}

// Table is a table of a report.
type Table struct {
	Head []string
	Rows [][]string
}

// Capacities is what was read of the capacity now and, after an upgrade, before it. Both are nil if that was not asked for.
type Capacities struct {
	Now, Before *Capacity
	Compared    bool // an upgrade has happened: Before counts
}

// mostNamed is how many hosts a reason names.
const mostNamed = 3

// reasons are the flavors that have nowhere to go any more, and what could not be read.
func (c Capacities) reasons() []Reason {
	if c.Now == nil {
		return nil
	}
	all := c.Now.unread("the capacity for the flavors in use", "Make it readable, then run this again")
	if !c.Compared {
		return all
	}
	before := c.Before
	if before == nil {
		before = &Capacity{Msg: "it was not given"}
	}
	all = append(all, before.unread("the capacity from before the upgrade", "Compare by hand with what placement_capacity_info returns now, or run pre_upgrade.yml before the next upgrade")...)
	return append(c.stranded(), all...)
}

// unread are the reasons for what could not be read.
func (c *Capacity) unread(what, todo string) []Reason {
	var all []Reason
	add := func(text string) {
		all = append(all, Reason{Severity: check.Medium, What: "capacity", Text: foreign.Line(text), Todo: todo, Unread: true})
	}
	if c.Flavors == nil {
		add(what + " could not be read: " + cmp.Or(c.Msg, "no reason was given"))
	}
	for _, text := range c.NotRead {
		add(what + " could not be read to its end: " + text)
	}
	return all
}

// stranded are the flavors in use that could land somewhere before, and can land nowhere now.
func (c Capacities) stranded() []Reason {
	before := c.Before.landings()
	var all []Reason
	for _, now := range c.Now.list() {
		then, has := before[now.Name]
		if !has || then.Now.Count == 0 || now.Now.Count > 0 {
			continue
		}
		command := foreign.Command("placement why --flavor %s", now.Name)
		if foreign.Altered(command) {
			command = "" // no command can hold that name
		}
		all = append(all, Reason{
			Severity: check.High, What: "capacity",
			Text: fmt.Sprintf("a server of flavor %s can land on no host; before the upgrade it could land on %s%s",
				foreign.Line(now.Name), number(then.Now.Count, "host"), someOf(then.Now)),
			Todo: "Find out why no host takes it, and repair what the answer names", Command: command,
		})
	}
	return all
}

// someOf names some of the hosts, in brackets.
func someOf(s capacity.Slots) string {
	var names []string
	for _, h := range s.Hosts[:min(mostNamed, len(s.Hosts))] {
		names = append(names, foreign.Line(h.Name))
	}
	if len(names) == 0 {
		return ""
	}
	if s.Count > len(names) {
		names = append(names, "…")
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// list returns the flavors; none if they could not be read.
func (c *Capacity) list() []Landing {
	if c == nil || c.Flavors == nil {
		return nil
	}
	return *c.Flavors
}

// landings returns the flavors by name.
func (c *Capacity) landings() map[string]Landing {
	out := map[string]Landing{}
	for _, l := range c.list() {
		out[l.Name] = l
	}
	return out
}

// words says it in one line; nothing if it was not asked for or not read.
func (c Capacities) words() string {
	if c.Now == nil {
		return ""
	}
	if c.Now.Flavors == nil {
		return "not read"
	}
	before, nowhere, fewer := c.Before.landings(), 0, 0
	for _, now := range c.Now.list() {
		then, has := before[now.Name]
		switch {
		case now.Now.Count == 0:
			nowhere++
		case has && now.Now.Count < then.Now.Count:
			fewer++
		}
	}
	text := fmt.Sprintf("%s in use, %d can land nowhere", number(len(c.Now.list()), "flavor"), nowhere)
	if c.Compared && c.Before != nil && c.Before.Flavors != nil {
		text += fmt.Sprintf(", %d on fewer hosts than before the upgrade", fewer)
	}
	return text
}

// Table has a row for each flavor in use; no rows if it was not asked for or not read.
func (c Capacities) Table() Table {
	t := Table{Head: []string{"Flavor", "Hosts", "Servers that fit"}}
	if c.Compared {
		t.Head = []string{"Flavor", "Hosts before", "Hosts now", "Servers that fit before", "Servers that fit now"}
	}
	before := c.Before.landings()
	for _, now := range c.Now.list() {
		row := []string{now.Name, fmt.Sprint(now.Now.Count), fmt.Sprint(now.Now.Total)}
		if c.Compared {
			hosts, fit := "not known", "not known"
			if then, has := before[now.Name]; has {
				hosts, fit = fmt.Sprint(then.Now.Count), fmt.Sprint(then.Now.Total)
			}
			row = []string{row[0], hosts, row[1], fit, row[2]}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// capacity shows it in a line.
func (t *text) capacity(c Capacities) {
	if words := c.words(); words != "" {
		t.add("Capacity: %s", words)
	}
}

// capacity shows it as a table.
func (p *page) capacity(c Capacities) {
	table := c.Table()
	if len(table.Rows) == 0 {
		return
	}
	p.Heading("Where the flavors in use can land")
	p.row(table.Head...)
	p.Line("|%s", strings.Repeat(" --- |", len(table.Head)))
	for _, row := range table.Rows {
		p.row(row...)
	}
}
