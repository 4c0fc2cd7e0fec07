// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// consumers plans one write for each consumer that findings are about, whatever their number. Those that are no servers come
// first: they make room.
func (p *planner) consumers() {
	servers := map[string]openstack.Server{}
	for _, uuid := range slices.Sorted(maps.Keys(p.bySelf)) {
		have, read := p.Consumers[uuid]
		server, is := p.Snapshot.Server(uuid)
		switch {
		case !read:
			p.hands(p.bySelf[uuid], "what consumer "+uuid+" holds was not read")
		case is:
			servers[uuid] = server
		default:
			p.strange(uuid, have, p.bySelf[uuid])
		}
	}
	for _, uuid := range slices.Sorted(maps.Keys(servers)) {
		p.server(servers[uuid], p.Consumers[uuid], p.bySelf[uuid])
	}
}

// hands adds a step for a person for each of the findings.
func (p *planner) hands(findings []check.Finding, why string) {
	for _, f := range findings {
		p.hand(f, why)
	}
}

// strange plans to empty a consumer that is no server: an orphan, or a migration that has ended.
func (p *planner) strange(uuid string, have repair.Consumer, findings []check.Finding) {
	empties := slices.ContainsFunc(findings, func(f check.Finding) bool { return f.ID == "PLC101" || f.ID == "PLC102" })
	if !empties {
		p.hands(findings, "it is unknown to whom the consumer belongs")
		return
	}
	if slices.ContainsFunc(findings, func(f check.Finding) bool { return f.Evidence["unproven_roots"] != nil }) {
		p.hands(findings, "it may belong to another Nova: name what belongs to this Nova in the option owned")
		return
	}
	if why := p.judged(have); why != "" {
		p.hands(findings, why)
		return
	}
	guard, what := repair.Guard{NoServer: uuid}, "consumer "+uuid+", which is neither a server nor a migration"
	if m, ok := p.Snapshot.Migration(uuid); ok {
		if guard, ok = p.ended(m); !ok {
			p.hands(findings, fmt.Sprintf("server %s has no allocation on its own host: give it that allocation first", m.ServerUUID))
			return
		}
		what = fmt.Sprintf("migration %s, which is %s", uuid, m.Status)
	}
	p.empty(have, "Empty "+what+": it holds "+p.holding(have.Held), guard, findings)
}

// ended returns what has to hold for what an ended migration holds to be taken away: its server is gone, or stays as it is and
// has a share of its own host. False if it has none.
func (p *planner) ended(m openstack.Migration) (repair.Guard, bool) {
	server, ok := p.Snapshot.Server(m.ServerUUID)
	if !ok {
		return repair.Guard{NoServer: m.ServerUUID}, true
	}
	if server.Host == "" {
		return repair.GuardOf(server), true
	}
	node, known := p.node(server)
	return repair.GuardOf(server), known && len(check.SharesOf(p.Snapshot, server.UUID, node.UUID).Own) > 0
}

// empty plans to take away all that a consumer holds.
func (p *planner) empty(have repair.Consumer, what string, guard repair.Guard, findings []check.Finding) {
	after := have
	after.Held = repair.Held{}
	p.write(writing{freeing, what, guard}, findings, have, after)
}

// writing says when a consumer is written, what that does, and what has to hold then.
type writing struct {
	when  phase
	what  string
	guard repair.Guard
}

// write plans to write one consumer.
func (p *planner) write(w writing, findings []check.Finding, before, after repair.Consumer) *draft {
	c := repair.Change{Op: repair.Allocations, Before: one(before), After: one(after), Guards: []repair.Guard{w.guard}}
	d := p.add(draft{phase: w.when, frees: leaves(before.Held, after.Held)}, findings...)
	d.What, d.Changes, d.Destructive = w.what, []repair.Change{c}, less(before.Held, after.Held)
	return d
}

// leaves lists the providers of which nothing is held any more.
func leaves(before, after repair.Held) []string {
	var out []string
	for uuid := range before {
		if len(after[uuid]) == 0 {
			out = append(out, uuid)
		}
	}
	return out
}

// less reports whether less is held afterwards, over all providers together.
func less(before, after repair.Held) bool {
	sum := func(held repair.Held) map[string]int {
		all := map[string]int{}
		for _, amounts := range held {
			for class, n := range amounts {
				all[class] += n
			}
		}
		return all
	}
	left := sum(after)
	for class, n := range sum(before) {
		if left[class] < n {
			return true
		}
	}
	return false
}

// judged says why what was read of a consumer is not what the audit judged; empty if it is.
func (p *planner) judged(have repair.Consumer) string {
	held := p.Snapshot.Held(have.UUID)
	switch {
	case len(held) == 0 && have.Generation == nil:
		return ""
	case len(held) == 0 || have.Generation == nil || check.Generation(held) != *have.Generation:
		return "what consumer " + have.UUID + " holds has changed since the audit read it: audit again"
	}
	return ""
}
