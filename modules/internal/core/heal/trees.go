// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// tree is a provider without compute node, with all that is below it.
type tree struct {
	top       openstack.Provider
	findings  []check.Finding
	providers []openstack.Provider // leaf first
}

// abandoned gathers the trees that no compute node stands behind, and plans to move what servers hold there to the provider of
// their host.
func (p *planner) abandoned(findings []check.Finding) {
	for _, f := range findings {
		if !slices.Contains([]string{"PLC201", "PLC202", "PLC203", "PLC206"}, f.ID) {
			continue
		}
		top, there := p.Snapshot.Provider(f.Subject.UUID)
		_, live := p.Snapshot.Hypervisor(f.Subject.UUID)
		switch {
		case live && f.ID == "PLC203": // names tells of it
		case live:
			p.hand(f, "Nova still has the compute node of that resource provider: delete its compute service first")
		case !there:
			p.hand(f, "the resource provider is not there any more: audit again")
		case f.ID == "PLC201" && p.Snapshot.NamesakeDown(top) != "":
			p.hand(f, "Nova still has the compute service of host "+p.Snapshot.NamesakeDown(top)+", which is down: delete it first")
		case f.Evidence["unproven_roots"] != nil:
			p.hand(f, "nothing in Nova identifies it as one of its former hosts: name what belongs to this Nova in the option owned")
		default:
			p.gather(f, top)
		}
	}
	for _, t := range p.trees {
		p.moveAway(t)
	}
}

// gather adds a finding to the tree of its root, or of its subject where the root has no finding.
func (p *planner) gather(f check.Finding, top openstack.Provider) {
	for _, above := range p.trees {
		if slices.ContainsFunc(above.providers, func(one openstack.Provider) bool { return one.UUID == top.UUID }) {
			above.findings = append(above.findings, f)
			return
		}
	}
	p.trees = append(p.trees, &tree{top: top, findings: []check.Finding{f}, providers: openstack.LeafFirst(top.UUID, p.Snapshot.Tree(top.RootUUID))})
}

// moveAway plans to move what servers hold on a tree, where their host has another provider. Servers with findings of
// their own move anyway.
func (p *planner) moveAway(t *tree) {
	for _, provider := range t.providers {
		for _, a := range p.Snapshot.HeldOn(provider.UUID) {
			server, is := p.Snapshot.Server(a.ConsumerUUID)
			node, known := p.node(server)
			own := about(p.bySelf[a.ConsumerUUID]).has("PLC103", "PLC104")
			if !is || !known || own || p.moving[a.ConsumerUUID] || node.UUID == provider.UUID {
				continue
			}
			if p.Snapshot.Busy(server, time.Duration(math.MaxInt64)) != "" {
				continue // deletions names it as holder
			}
			p.moving[server.UUID] = true
			p.bySelf[server.UUID] = append(p.bySelf[server.UUID], t.findings[0])
		}
	}
}

// deletions plans to delete the trees of which nothing is held once the other steps are done.
func (p *planner) deletions() {
	for _, t := range p.trees {
		if holders := p.holders(t); len(holders) > 0 {
			for _, f := range t.findings {
				p.hand(f, "it is still held by "+foreign.Some(holders, 5))
			}
			continue
		}
		p.delete(t)
	}
}

func (p *planner) delete(t *tree) {
	d := draft{phase: deleting}
	var names []string
	for _, one := range t.providers {
		was, there := p.Providers[one.UUID]
		if !there {
			continue
		}
		if step := p.renamed[one.UUID]; step != nil {
			was.Name = step.takes
		}
		c := repair.Deletion(was)
		c.Guards = append(p.succeeded(&d, was), repair.Guard{NoNode: one.UUID})
		d.Changes = append(d.Changes, c)
		d.deletes, names = append(d.deletes, one.UUID), append(names, p.called(one.UUID))
	}
	d.What, d.Destructive = "Delete resource provider "+strings.Join(names, ", then "), true
	p.add(d, t.findings...)
}

// succeeded has the deletion of a provider that made way for another wait until nova-compute has made that one and its inventory.
func (p *planner) succeeded(d *draft, was repair.Provider) []repair.Guard {
	step := p.renamed[was.UUID]
	if step == nil || step.makes == "" {
		return nil
	}
	d.awaits = step.makes
	g := repair.Guard{Provider: step.makes}
	if _, offers := was.Inventories["MEMORY_MB"]; offers { // as each nova-compute but Ironic's does
		g.Classes = []string{"MEMORY_MB"}
	}
	return []repair.Guard{g}
}

// holders names who holds something of the tree after the steps that are planned.
func (p *planner) holders(t *tree) []string {
	after := p.after()
	var out []string
	for _, provider := range t.providers {
		for _, a := range p.Snapshot.HeldOn(provider.UUID) {
			if held, planned := after[a.ConsumerUUID]; planned && len(held[provider.UUID]) == 0 {
				continue
			}
			out = append(out, p.holder(a.ConsumerUUID))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// after is what consumers hold after the steps that are planned, by consumer.
func (p *planner) after() map[string]repair.Held {
	after := map[string]repair.Held{}
	for _, d := range p.drafts {
		for _, c := range d.Changes {
			for _, one := range c.After.Consumers {
				after[one.UUID] = one.Held
			}
		}
	}
	return after
}

func (p *planner) holder(uuid string) string {
	if server, ok := p.Snapshot.Server(uuid); ok {
		return fmt.Sprintf("server %s (%s), %s on host %s", server.Name, uuid, server.Status, server.Host)
	}
	if m, ok := p.Snapshot.Migration(uuid); ok {
		return fmt.Sprintf("migration %s of server %s, which is %s", uuid, m.ServerUUID, m.Status)
	}
	return "consumer " + uuid
}
