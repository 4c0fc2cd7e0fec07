// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// about are the findings about one server.
type about []check.Finding

func (a about) has(ids ...string) bool {
	return slices.ContainsFunc(a, func(f check.Finding) bool { return slices.Contains(ids, f.ID) })
}

// server plans the one write that puts right what a server holds.
func (p *planner) server(server openstack.Server, have repair.Consumer, findings about) {
	if why := p.judged(have); why != "" {
		p.hands(findings, why)
		return
	}
	after, why := have, ""
	after.ProjectID, after.UserID = server.ProjectID, server.UserID
	if back, ok := check.ReturnOf(p.Snapshot, server); ok && findings.has("PLC102", "PLC104", "PLC105") {
		p.giveBack(server, have, back.Migration, findings)
		return
	}
	after.Held, why = p.right(server, have, findings)
	if why != "" {
		p.hands(findings, why)
		return
	}
	if after.Held, findings = p.amounts(server, after.Held, findings); len(findings) == 0 {
		return
	}
	if why := p.homeless(server, after); why != "" {
		p.hands(findings, why)
		return
	}
	when := taking
	if len(repair.Change{Before: one(have), After: one(after)}.Growth()) == 0 {
		when = freeing
	}
	what := fmt.Sprintf("Set the allocation of server %s (%s) to %s, instead of %s", server.Name, server.UUID, p.holding(after.Held), p.holding(have.Held))
	if have.Same(repair.Consumer{UUID: have.UUID, ProjectID: have.ProjectID, UserID: have.UserID, Held: after.Held}) {
		what = fmt.Sprintf("Give the allocation of server %s (%s) the project and user of the server", server.Name, server.UUID)
	}
	if misfits := p.misfits(have, after); misfits != "" {
		p.hands(findings, misfits)
		return
	}
	d := p.write(writing{when, what + p.outdated(server), repair.GuardOf(server)}, findings, have, after)
	p.await(d, server, after)
}

// outdated says what has to be done with a server whose record names a node that its host had before: Nova looks that node up when it
// migrates or resizes the server, and fails with "Compute host … could not be found" (seen with Nova 26). Empty if all is well.
func (p *planner) outdated(server openstack.Server) string {
	node, known := p.node(server)
	if !known || server.Node == "" || strings.EqualFold(server.Node, node.Name) {
		return ""
	}
	return fmt.Sprintf("; Nova's record of this server names node %s, which Nova no longer has: shelve and unshelve the server before you migrate or resize it", server.Node)
}

// await has a write to the provider of the server's host wait for it where there is none yet.
func (p *planner) await(d *draft, server openstack.Server, after repair.Consumer) {
	node, known := p.node(server)
	if !known || len(after.Held[node.UUID]) == 0 {
		return
	}
	d.awaits = node.UUID
	if _, there := p.Providers[node.UUID]; !there {
		d.Changes[0].Guards = append(d.Changes[0].Guards, repair.Guard{Provider: node.UUID, Classes: sortedKeys(after.Held[node.UUID])})
	}
}

// homeless says that the provider of the server's host is not there, and that no step has nova-compute make it; empty if all is well.
func (p *planner) homeless(server openstack.Server, after repair.Consumer) string {
	node, known := p.node(server)
	if _, there := p.Providers[node.UUID]; !known || there || len(after.Held[node.UUID]) == 0 || p.comes(node.UUID) {
		return ""
	}
	return p.lacks(node)
}

// right is what a server is to hold, or why that is for a person to tell.
func (p *planner) right(server openstack.Server, have repair.Consumer, findings about) (repair.Held, string) {
	node, known := p.node(server)
	shares := check.SharesOf(p.Snapshot, server.UUID, node.UUID)
	held := have.Held.Clone()
	switch {
	case findings.has("PLC107"):
		return repair.Held{}, ""
	case !known && (findings.has("PLC103", "PLC104", "PLC105", "PLC106") || p.moving[server.UUID]):
		return nil, fmt.Sprintf("Nova shows no compute node of host %q", server.Host)
	case findings.has("PLC103", "PLC104") || p.moving[server.UUID]:
		held = p.moved(node, shares)
	case findings.has("PLC105"):
		held = nil
	}
	if held == nil {
		return p.flavored(server, node, nil)
	}
	return held, ""
}

// amounts puts right the amounts of what a server holds, where its flavor tells them for certain. Where it does not, that one
// finding is for a person, and the others are left.
func (p *planner) amounts(server openstack.Server, held repair.Held, findings about) (repair.Held, about) {
	if !findings.has("PLC106") {
		return held, findings
	}
	node, _ := p.node(server)
	right, why := p.flavored(server, node, held)
	if why == "" {
		return right, findings
	}
	var left about
	for _, f := range findings {
		if f.ID == "PLC106" {
			p.hand(f, why)
			continue
		}
		left = append(left, f)
	}
	return held, left
}

// moved is what a server holds without what it has of other hosts; nil where its flavor has to tell.
func (p *planner) moved(node openstack.Hypervisor, shares check.Shares) repair.Held {
	if len(shares.Own) == 0 {
		moved, ok := shares.Moved(p.Snapshot, node.UUID)
		if !ok {
			return nil
		}
		return repair.Of(moved)
	}
	own := repair.Of(append(slices.Clone(shares.Own), shares.Beside...))
	for _, a := range shares.Elsewhere {
		for class := range a.Resources {
			if !slices.ContainsFunc(sortedKeys(own), func(uuid string) bool { return own[uuid][class] > 0 }) {
				return nil // only another host gives it
			}
		}
	}
	return own
}

// giveBack plans one request that gives a server what its ended migration holds, and empties that.
func (p *planner) giveBack(server openstack.Server, have repair.Consumer, m openstack.Migration, findings []check.Finding) {
	holder, read := p.Consumers[m.UUID]
	if why := p.judged(holder); !read || why != "" {
		p.hands(findings, "what migration "+m.UUID+" holds has changed since the audit read it: audit again")
		return
	}
	after, none := have, holder
	after.ProjectID, after.UserID, after.Held, none.Held = server.ProjectID, server.UserID, holder.Held.Clone(), repair.Held{}
	c := repair.Change{
		Op: repair.Allocations, Before: repair.State{Consumers: []repair.Consumer{holder, have}},
		After: repair.State{Consumers: []repair.Consumer{none, after}}, Guards: []repair.Guard{repair.GuardOf(server)},
	}
	d := p.add(draft{phase: taking, frees: leaves(have.Held, after.Held)}, findings...)
	d.Changes = []repair.Change{c}
	d.What = fmt.Sprintf("Give server %s (%s) what its migration %s holds (%s), in one request that empties the migration",
		server.Name, server.UUID, m.UUID, p.holding(holder.Held))
}

// misfits says why Placement would refuse the write; empty where it would not, or where the provider is not there yet.
func (p *planner) misfits(before, after repair.Consumer) string {
	c := repair.Change{Before: one(before), After: one(after)}
	var words []string
	for _, uuid := range sortedKeys(c.Growth()) {
		provider, there := p.Providers[uuid]
		if !there {
			continue
		}
		for _, why := range c.Misfits(uuid, provider.Inventories, p.used(uuid)) {
			words = append(words, "resource provider "+p.called(uuid)+" "+why)
		}
	}
	return strings.Join(words, "; ")
}

// used is what is used of a provider once the steps so far are done.
func (p *planner) used(uuid string) map[string]int {
	out := map[string]int{}
	for class, n := range p.Snapshot.Usage(uuid) {
		out[class] = n
	}
	for _, d := range p.drafts {
		for _, c := range d.Changes {
			for _, one := range c.After.Consumers {
				add(out, one.Held[uuid], 1)
			}
			for _, one := range c.Before.Consumers {
				add(out, one.Held[uuid], -1)
			}
		}
	}
	return out
}

func add(sum, amounts map[string]int, sign int) {
	for class, n := range amounts {
		sum[class] += sign * n
	}
}
