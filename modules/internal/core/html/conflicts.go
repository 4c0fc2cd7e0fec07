// SPDX-License-Identifier: Apache-2.0

package html

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// Conflicts writes the page of what logs told about conflicts.
func Conflicts(c *report.Refusals) ([]byte, error) {
	r, err := newRenderer()
	if err != nil {
		return nil, err
	}
	p := &page{Title: "Placement conflicts", Sentence: c.Msg + ".", Heading: "Conflicts", None: "No conflict was found in what was read."}
	p.Verdict, p.Tone = refusalVerdict(c)
	p.Counts = []count{{c.Summary.Conflicts, "refused requests"}, {c.Summary.Act, "to act on"}, {c.Summary.Noise, "ERROR lines that are noise"}}
	p.Facts = conflictFacts(c)
	p.UnreadTitle, p.UnreadText = "Could not be read", "It is unknown which conflicts these logs contain."
	for _, n := range c.NotRead {
		p.Unread = append(p.Unread, unread{Cause: n.Source + ": " + n.Reason})
	}
	if err := p.conflicts(r, c); err != nil {
		return nil, err
	}
	p.unplaced(c)
	return r.render(p)
}

func refusalVerdict(c *report.Refusals) (word, tone string) {
	switch {
	case c.Clean && c.Complete:
		return "Nothing to act on", "good"
	case c.Summary.Act > 0 && !c.Complete:
		return "Incomplete, with conflicts to act on", "bad"
	case c.Summary.Act > 0:
		return "Conflicts to act on", "bad"
	case !c.Complete:
		return "Incomplete", "warn"
	}
	return "Conflicts without a time", "warn"
}

func conflictFacts(c *report.Refusals) []fact {
	s := c.Summary
	all := []fact{{"Logs of", cmp.Or(c.Host, "unknown host")}, {"Read at", at(s.TakenAt)}}
	if title := c.Cloud.Title(); title != "" {
		all = append([]fact{{"Cloud", title}}, all...)
	}
	if s.Since != nil {
		all = append(all, fact{"Since", at(*s.Since)})
	}
	if s.Until != nil {
		all = append(all, fact{"Until", at(*s.Until)})
	}
	return append(all, fact{"Logs", number(len(c.Sources))}, fact{"Lines", number(s.Lines)}, fact{"Lines not understood", number(s.Unread)},
		fact{"Conflicts without a time", number(s.Undated)})
}

// conflicts adds the conflicts, their filters and when they were.
func (p *page) conflicts(r *renderer, c *report.Refusals) error {
	verdicts, kinds := filter{ID: "severity", Label: "Verdict"}, filter{ID: "check", Label: "Conflict"}
	var items []item
	for _, one := range c.Conflicts {
		items = append(items, ofConflict(one))
		verdicts.add("s-", string(one.Verdict))
		kinds.add("c-", one.Conflict)
	}
	kinds.sort()
	p.Filters = []filter{verdicts, kinds}
	p.Timeline = timelineOf(c.Conflicts)
	var err error
	p.Items, err = entries(r, "item", items)
	return err
}

// unplaced adds a table of what had nowhere to go.
func (p *page) unplaced(c *report.Refusals) {
	if len(c.Unplaced) == 0 {
		return
	}
	t := table{Title: "No valid host", Head: []string{"Requests", "What", "Last", "Command that explains it"}}
	for _, g := range c.Unplaced {
		last := ""
		if g.Last != nil {
			last = at(*g.Last)
		}
		t.Rows = append(t.Rows, []string{number(g.Count), g.Message, last, g.Command})
	}
	p.Tables = append(p.Tables, t)
}

func ofConflict(c explained.Conflict) item {
	one := item{
		Keys:  "s-" + token(string(c.Verdict)) + " c-" + token(c.Conflict),
		Badge: string(c.Verdict), Tone: conflictTone(c), Code: c.Conflict, Subject: cmp.Or(c.Target.Name, c.Target.UUID), Message: c.Message,
		Reason: c.Meaning, Remedy: c.Remedy, Command: c.Command,
	}
	if c.Act {
		one.State = "to act on"
	}
	one.Under = "Refused once"
	if c.Count != 1 {
		one.Under = fmt.Sprintf("Refused %s times", number(c.Count))
	}
	if c.Last != nil {
		one.Under += ", the last at " + at(*c.Last)
	}
	one.Evidence = append(evidence(c.Evidence), fact{"tried again", c.Retried})
	for _, client := range c.Clients {
		who := strings.TrimSpace(cmp.Or(client.Host, client.Address, "unknown client") + " " + client.Service)
		one.Evidence = append(one.Evidence, fact{"refused", fmt.Sprintf("%s (%d)", who, client.Count)})
	}
	for _, fingerprint := range c.Findings {
		one.Evidence = append(one.Evidence, fact{"finding of the audit", fingerprint})
	}
	return one
}

func conflictTone(c explained.Conflict) string {
	switch {
	case c.Verdict == explained.Lasting || c.Verdict == explained.Storm:
		return string(check.High)
	case c.Act || c.Verdict == explained.Undecided:
		return string(check.Medium)
	}
	return string(check.Low)
}
