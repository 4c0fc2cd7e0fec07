// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/markdown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Capacity is how many more servers of each flavor fit, as the module returns it.
type Capacity struct {
	Msg       string           `json:"msg"`
	Complete  bool             `json:"complete"` // everything could be read
	Flavors   []Fit            `json:"flavors"`
	Free      []capacity.Free  `json:"free"`
	LeftOut   []LeftOutHost    `json:"left_out"`
	Truth     *[]capacity.Row  `json:"truth,omitempty"`
	NotRead   []string         `json:"not_read"`
	NotJudged []string         `json:"not_judged"`
	Cloud     *openstack.Cloud `json:"cloud,omitempty"` // nil if a saved snapshot was judged, which does not know its cloud
	TakenAt   time.Time        `json:"taken_at"`
	Requests  map[string]int   `json:"requests"`

	Labels Labels `json:"-"` // in the metrics, in place of what the cloud is called
}

// Fit is how many more servers of a flavor fit.
type Fit struct {
	Name       string          `json:"name"`
	FromVolume bool            `json:"from_volume"` // counted as booted from a volume
	Refused    string          `json:"refused"`     // why Placement refuses its request, and what helps; empty if it does not
	Now        capacity.Slots  `json:"now"`
	After      *capacity.Slots `json:"after,omitempty"` // if something is wished for
	Open       []string        `json:"open"`            // what the flavor asks for and is not counted
}

// LeftOutHost is a host that gets no servers.
type LeftOutHost struct {
	UUID   string `json:"provider_uuid"`
	Name   string `json:"provider_name"`
	Reason string `json:"reason"`
}

// CapacityFile marks capacities in JSON, so that they are not taken for an audit.
const CapacityFile = "openstack_ops.placement/capacity"

// CapacityJSON writes the result with the keys that the module returns, indented, and a mark of what it is.
func CapacityJSON(c *Capacity) ([]byte, error) {
	return indented(struct {
		head
		*Capacity
	}{head{CapacityFile, FileVersion}, c})
}

// CapacityMarkdown writes a page for people.
func CapacityMarkdown(c *Capacity) ([]byte, error) {
	p := &markdown.Page{}
	p.Line("# Capacity: %s\n", markdown.Escape(c.Msg))
	p.Line("Read at %s.", c.TakenAt.UTC().Format(time.RFC3339))
	if c.Cloud != nil && c.Cloud.Title() != "" {
		p.Line("Cloud: %s.", markdown.Escape(c.Cloud.Title()))
	}
	listed(p, "Could not be read", c.NotRead)
	c.flavorTable(p)
	c.freeTable(p)
	c.truthTable(p)
	if len(c.LeftOut) > 0 {
		p.Heading("Hosts that get no servers")
		for _, host := range c.LeftOut {
			p.Line("- %s: %s", markdown.Escape(host.Name), markdown.Escape(host.Reason))
		}
	}
	listed(p, "Not judged", c.NotJudged)
	return p.Bytes(), nil
}

func listed(p *markdown.Page, heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.Heading("%s", heading)
	for _, line := range lines {
		p.Line("- %s", markdown.Escape(line))
	}
}

func (c *Capacity) flavorTable(p *markdown.Page) {
	p.Heading("How many more servers fit")
	if len(c.Flavors) == 0 {
		p.Line("No flavor was counted.")
		return
	}
	p.Line("| flavor |%s fit | hosts | fragmented | most on | not counted |\n| --- |%s ---: | ---: | ---: | --- | --- |", c.ifWished(" when |"), c.ifWished(" --- |"))
	for _, f := range c.Flavors {
		p.Line("| %s |%s %s | %s |", markdown.Escape(f.Name), c.ifWished(" now |"), fitCells(f.Now), escaped(f.Open))
		if f.After != nil {
			p.Line("| %s | after | %s | %s |", markdown.Escape(f.Name), fitCells(*f.After), escaped(f.Open))
		}
	}
	c.refusedFlavors(p)
}

// refusedFlavors says why flavors fit nowhere, whatever room there is.
func (c *Capacity) refusedFlavors(p *markdown.Page) {
	for _, f := range c.Flavors {
		if f.Refused != "" {
			p.Line("\n%s fits nowhere: %s.", markdown.Escape(f.Name), markdown.Escape(f.Refused))
		}
	}
}

// Wished reports whether a change is assumed, so that there are numbers for after it.
func (c *Capacity) Wished() bool {
	return slices.ContainsFunc(c.Flavors, func(f Fit) bool { return f.After != nil }) ||
		slices.ContainsFunc(c.Free, func(f capacity.Free) bool { return f.After != nil })
}

// ifWished is the text, or nothing where no change is assumed.
func (c *Capacity) ifWished(text string) string {
	if !c.Wished() {
		return ""
	}
	return text
}

func fitCells(s capacity.Slots) string {
	most := "–"
	if len(s.Hosts) > 0 {
		most = fmt.Sprintf("%s (%d)", markdown.Escape(s.Hosts[0].Name), s.Hosts[0].Slots)
	}
	return fmt.Sprintf("%d | %d | %.0f %% | %s", s.Total, s.Count, 100*s.Fragmentation, most)
}

func (c *Capacity) freeTable(p *markdown.Page) {
	if len(c.Free) == 0 {
		return
	}
	p.Heading("What is left of each resource class")
	p.Line("| class |%s free | capacity | unusable | at once | most free on |\n| --- |%s ---: | ---: | ---: | ---: | --- |", c.ifWished(" when |"), c.ifWished(" --- |"))
	for _, f := range c.Free {
		p.Line("| %s |%s %s |", markdown.Escape(f.Class), c.ifWished(" now |"), freeCells(f.Amounts))
		if f.After != nil {
			p.Line("| %s | after | %s |", markdown.Escape(f.Class), freeCells(*f.After))
		}
	}
	p.Line("\nUnusable is the share of what is free on hosts where no counted flavor that requests the class fits. At once is the most that one consumer can get.")
}

func freeCells(a capacity.Amounts) string {
	most := "–"
	if a.Provider != "" {
		most = fmt.Sprintf("%s (%d)", markdown.Escape(a.Provider), a.LargestFree)
	}
	return fmt.Sprintf("%d | %d | %.0f %% | %d | %s", a.Free, a.Capacity, 100*a.Fragmentation, a.Largest, most)
}

func (c *Capacity) truthTable(p *markdown.Page) {
	if c.Truth == nil {
		return
	}
	p.Heading("What is used and what the servers ask for")
	p.Line("| provider | class | capacity | used | asked | difference | why |\n| --- | --- | ---: | ---: | ---: | ---: | --- |")
	for _, t := range *c.Truth {
		p.Line("| %s | %s | %d | %d | %s | %s | %s |", markdown.Escape(t.Name), markdown.Escape(t.Class), t.Capacity, t.Used, numberOr(t.Asked), numberOr(t.Difference), escaped(why(t)))
	}
}

// why lists what explains the difference of a row: findings, and moves in progress.
func why(t capacity.Row) []string {
	all := slices.Clone(t.Findings)
	for _, m := range t.Moves {
		all = append(all, "a move is in progress: "+m.Words())
	}
	return all
}

func escaped(texts []string) string { return markdown.Escape(strings.Join(texts, ", ")) }

func numberOr(n *int) string {
	if n == nil {
		return "–"
	}
	return fmt.Sprint(*n)
}
