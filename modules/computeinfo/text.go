// SPDX-License-Identifier: Apache-2.0

package computeinfo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Show is the result for people: the computes, what is on their hosts, who the consumers are, and what the step of Kolla-Ansible
// would do.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	p.Headline(r.Msg)
	r.showComputes(p)
	for _, h := range r.Hosts {
		showHost(p, h)
	}
	r.showConsumers(p)
	r.showIdentities(p)
	return p.Lines()
}

func (r *Result) showComputes(p *screen.Page) {
	var rows [][]string
	for _, c := range r.Computes {
		state := cmp.Or(foreign.Line(c.State), "unknown")
		if c.ForcedDown {
			state += " (forced)"
		}
		seen := "never"
		if c.Updated != nil {
			seen = c.Updated.UTC().Format(time.DateTime)
		}
		rows = append(rows, []string{foreign.Line(c.Host), state, cmp.Or(foreign.Line(c.Status), "unknown"), seen, r.nodesOf(p, c)})
	}
	spaced(p, []string{"HOST", "STATE", "STATUS", "LAST REPORT (UTC)", "COMPUTE NODES"}, rows)
}

// spaced is a table behind an empty line, if it has rows.
func spaced(p *screen.Page, head []string, rows [][]string) {
	if len(rows) > 0 {
		p.Blank()
	}
	p.Table(0, head, rows)
}

// nodesOf lists the compute nodes, and says which of them have no resource provider, as far as both could be read.
func (r *Result) nodesOf(p *screen.Page, c Compute) string {
	unread := func(part snapshot.Part) bool {
		return slices.ContainsFunc(r.NotRead, func(n Unread) bool { return n.Part == string(part) })
	}
	if unread(snapshot.Hypervisors) {
		return "not read"
	}
	var words []string
	for _, n := range c.Nodes {
		word := check.Named(n.Name, n.UUID)
		if !unread(snapshot.Providers) && !slices.ContainsFunc(c.Providers, func(other computeid.Named) bool { return other.UUID == n.UUID }) {
			word += " without a resource provider"
		}
		words = append(words, p.Short(word))
	}
	return cmp.Or(strings.Join(words, ", "), "-")
}

// showHost lists the servers on a host and the moves from and to it.
func showHost(p *screen.Page, h openstack.OnHost) {
	p.Blank()
	p.Said(0, p.Paint(screen.Bold, "servers on "+foreign.Line(h.Host)))
	if len(h.Servers) == 0 {
		p.Text(2, "none")
	}
	var rows [][]string
	for _, s := range h.Servers {
		rows = append(rows, []string{foreign.Line(cmp.Or(s.Name, s.UUID)), foreign.Line(s.Status), p.Short(cmp.Or(s.Contradiction, s.TaskState, "-"))})
	}
	p.Table(2, []string{"SERVER", "STATUS", "TASK"}, rows)
	for _, m := range h.Moves {
		who := cmp.Or(m.Name, m.ServerUUID)
		p.Said(2, p.Short(fmt.Sprintf("%s of server %s from %s to %s: %s", cmp.Or(m.Type, "move"), who, m.SourceHost, cmp.Or(m.DestHost, "-"), m.Status)))
	}
}

// showConsumers says who consumers in Placement are.
func (r *Result) showConsumers(p *screen.Page) {
	var rows [][]string
	for _, c := range r.Consumers {
		row := []string{p.Short(c.UUID), c.Kind, cmp.Or(c.Name, "-"), cmp.Or(c.Host, "-"), p.Short(cmp.Or(c.Contradiction, c.Status, "-"))}
		for i := range row {
			row[i] = foreign.Line(row[i])
		}
		rows = append(rows, row)
	}
	spaced(p, []string{"CONSUMER", "KIND", "SERVER", "HOST", "STATUS"}, rows)
}

// showIdentities says of each host what the step would do, those that it would harm first.
func (r *Result) showIdentities(p *screen.Page) {
	all := slices.Clone(r.Identities)
	slices.SortStableFunc(all, func(a, b computeid.Identity) int {
		return cmp.Compare(map[bool]int{true: 1}[a.Safe], map[bool]int{true: 1}[b.Safe])
	})
	for _, i := range all {
		p.Blank()
		word := p.Paint(screen.Good, "safe")
		if !i.Safe {
			word = p.Paint(screen.Worse, "UNSAFE")
		}
		p.Said(0, p.Paint(screen.Bold, foreign.Line(i.Host))+"  "+word+"  "+p.Short(i.Message))
		if i.Remedy != "" {
			p.Text(2, p.Short(i.Remedy))
		}
	}
	if len(r.Unseen) > 0 {
		p.Blank()
		p.Said(0, "Not looked at: "+foreign.List(r.Unseen))
	}
}
