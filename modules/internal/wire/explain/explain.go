// SPDX-License-Identifier: Apache-2.0

// Package explain is the command placement explain: the page of a check, or of a conflict, in the terminal. It asks no cloud.
package explain

import (
	"context"
	_ "embed"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

//go:embed doc.yml
var doc []byte

// Command returns placement explain.
func Command() terminal.Command {
	return terminal.Command{Module: ansible.Define("placement_explain", doc, run), Argument: "topic", Words: topics}
}

// Options are the options of placement explain.
type Options struct {
	Topic string `json:"topic,omitempty" jsonschema_description:"Id or name of a check, such as PLC202 or duplicate-provider, or name of a conflict, such as inventory-generation. Without it, all of them are listed."`
}

// Result is the page.
type Result struct {
	Changed bool             `json:"changed"`
	Check   *check.Doc       `json:"check,omitempty"`
	Entry   *catalogue.Entry `json:"conflict,omitempty"`

	of *check.Check
}

func run(_ context.Context, _ *ansible.Call, o *Options) (*Result, error) {
	if o.Topic == "" {
		return &Result{}, nil
	}
	topic := strings.TrimSpace(o.Topic)
	all := checks.All()
	i := slices.IndexFunc(all, func(c *check.Check) bool { return strings.EqualFold(c.ID, topic) || c.Name == topic })
	if i >= 0 {
		return &Result{Check: &all[i].Doc, of: all[i]}, nil
	}
	entries := catalogue.All()
	name := strings.TrimPrefix(topic, "409-")
	i = slices.IndexFunc(entries, func(e catalogue.Entry) bool { return e.Name == topic || e.Name == name })
	if i >= 0 {
		return &Result{Entry: &entries[i]}, nil
	}
	return nil, &ansible.OptionError{Option: "topic", Value: o.Topic, Reason: "must be a check or a conflict; placement explain lists them"}
}

// topics are the words that are explained.
func topics() []string {
	var words []string
	for _, c := range checks.All() {
		words = append(words, c.ID, c.Name)
	}
	for _, e := range catalogue.All() {
		words = append(words, e.Name)
	}
	return words
}

// Show is the page as text.
func (r *Result) Show(v screen.View) []string {
	p := screen.New(v)
	switch {
	case r.of != nil:
		showCheck(p, r.of)
	case r.Entry != nil:
		showEntry(p, r.Entry)
	default:
		list(p)
	}
	return p.Lines()
}

func list(p *screen.Page) {
	p.Line("%s", p.Paint(screen.Bold, "Checks"))
	var rows [][]string
	for _, c := range checks.All() {
		rows = append(rows, []string{c.ID, c.Name, string(c.Severity), c.Title})
	}
	p.Table(2, []string{"ID", "NAME", "SEVERITY", "WHAT IS WRONG"}, rows)
	p.Blank()
	p.Line("%s", p.Paint(screen.Bold, "Conflicts"))
	rows = nil
	for _, e := range catalogue.All() {
		rows = append(rows, []string{e.Name, e.Meaning})
	}
	p.Table(2, []string{"NAME", "WHAT IT MEANS"}, rows)
}

func showCheck(p *screen.Page, c *check.Check) {
	p.Hang(p.Paint(screen.Bold, c.ID+" "+c.Name)+"  ", len(c.ID)+len(c.Name)+3, string(c.Severity)+", about a "+string(c.Subject))
	p.Text(0, c.Title)
	part(p, "What it means", c.Doc.Meaning)
	part(p, "Why it happens", c.Doc.Causes)
	part(p, "What to do", c.Doc.Remedy)
	p.Blank()
	p.Line("%s", p.Paint(screen.Bold, "How to check it by hand"))
	for _, line := range strings.Split(strings.TrimSpace(c.Doc.ByHand), "\n") {
		p.Command(4, line)
	}
	part(p, "What is never judged", c.Doc.Never)
}

func showEntry(p *screen.Page, e *catalogue.Entry) {
	p.Line("%s", p.Paint(screen.Bold, e.Name))
	for _, text := range e.Texts {
		p.Text(4, text)
	}
	part(p, "What it means", e.Meaning)
	part(p, "Who tries again", e.Retried)
	part(p, "What to do", e.Remedy)
}

// part adds a part of a page, its commands alone on their lines.
func part(p *screen.Page, title, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	p.Blank()
	p.Line("%s", p.Paint(screen.Bold, title))
	for _, one := range check.Paragraphs(text) {
		if one.Command {
			p.Command(4, one.Text)
			continue
		}
		p.Text(2, one.Text)
	}
}
