// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// names plans the new names: a provider that keeps a nova-compute from registering makes way, then one of a compute node gets that
// node's name, which is free by then.
func (p *planner) names(findings []check.Finding) {
	for _, f := range findings {
		_, live := p.Snapshot.Hypervisor(f.Subject.UUID)
		switch {
		case f.ID == "PLC203" && live:
			p.hand(f, cmp.Or(keeps(f), "it is the resource provider of another compute node: heal that one's name (PLC204) first"))
		case f.ID == "PLC203" && (keeps(f) != "" || len(p.Snapshot.Tree(f.Subject.UUID)) > 1):
			// The tree goes once nobody holds anything of it; until then deletions hands it to a person.
		case f.ID == "PLC203":
			p.makeWay(f)
		}
	}
	p.ownNames(slices.DeleteFunc(slices.Clone(findings), func(f check.Finding) bool { return f.ID != "PLC204" }))
}

// ownNames plans to give providers the names of their compute nodes: first those whose name is free, then those whose name that frees.
func (p *planner) ownNames(waiting []check.Finding) {
	for before := len(waiting) + 1; len(waiting) < before; {
		before = len(waiting)
		waiting = slices.DeleteFunc(waiting, p.named)
	}
	for _, f := range waiting {
		bearer, _ := p.bearer(f)
		p.hand(f, fmt.Sprintf("resource provider %s has that name", p.called(bearer.UUID)))
	}
}

// keeps is why the audit says that a provider must not be given another name; empty if it may.
func keeps(f check.Finding) string {
	why, _ := f.Evidence["keeps_name"].(string)
	return why
}

// named plans to give a provider the name of its compute node. It reports false if another one keeps that, as far as it is planned yet.
func (p *planner) named(f check.Finding) bool {
	h, _ := p.Snapshot.Hypervisor(f.Subject.UUID)
	if n := len(p.Snapshot.HypervisorsNamed(h.Name)); n > 1 {
		p.hand(f, fmt.Sprintf("Nova has %d hypervisors of its name", n))
		return true
	}
	bearer, taken := p.bearer(f)
	if taken && p.renamed[bearer.UUID] == nil {
		return false
	}
	if d := p.rename(f, h.Name); d != nil {
		d.awaits = h.UUID
		d.after = p.renamed[bearer.UUID]
	}
	return true
}

// bearer is the provider that has the name of a finding's compute node.
func (p *planner) bearer(f check.Finding) (openstack.Provider, bool) {
	h, _ := p.Snapshot.Hypervisor(f.Subject.UUID)
	return p.Snapshot.ProviderNamed(h.Name)
}

// makeWay plans to rename a provider that has the name of a compute node and another UUID. nova-compute then makes its own.
func (p *planner) makeWay(f check.Finding) {
	h, ok := p.nodeNamed(f.Subject.Name)
	own, there := p.Snapshot.Provider(h.UUID)
	switch {
	case !ok:
		p.hand(f, "Nova shows no compute node of that name any more: audit again")
		return
	case !there && h.State != "up":
		p.hand(f, fmt.Sprintf("nova-compute on %s is %s: it has to be up to create its own resource provider", h.ServiceHost, h.State))
		return
	}
	d := p.rename(f, openstack.Provider{UUID: f.Subject.UUID, Name: f.Subject.Name}.NameAside("stale"))
	if d == nil {
		return
	}
	if there {
		d.What += fmt.Sprintf(". Resource provider %s can take that name then", p.called(own.UUID))
		return
	}
	d.makes = h.UUID
	d.What += fmt.Sprintf(". nova-compute on %s then creates its own, %s", h.ServiceHost, h.UUID)
	p.copyAggregates(f, h)
}

func (p *planner) nodeNamed(name string) (openstack.Hypervisor, bool) {
	named := p.Snapshot.HypervisorsNamed(name)
	if len(named) == 0 {
		return openstack.Hypervisor{}, false
	}
	return named[0], true
}

// rename plans a new name for the provider that a finding is about; nil if it is not there.
func (p *planner) rename(f check.Finding, name string) *draft {
	have, there := p.Providers[f.Subject.UUID]
	if !there {
		p.hand(f, "the resource provider is not there any more: audit again")
		return nil
	}
	was := repair.Provider{UUID: have.UUID, Name: have.Name, Parent: have.Parent, Generation: have.Generation}
	is := was
	is.Name = name
	d := p.add(draft{phase: renaming}, f)
	p.renamed[have.UUID], d.takes = d, name
	d.Changes = []repair.Change{{Op: repair.UpdateProvider, Before: provided(was), After: provided(is)}}
	d.What = fmt.Sprintf("Rename resource provider %s to %s", p.called(have.UUID), name)
	return d
}

// copyAggregates plans to put the provider that a nova-compute will make into the aggregates of the one that makes way: Nova
// mirrors an aggregate only when a host is put into it.
func (p *planner) copyAggregates(f check.Finding, h openstack.Hypervisor) {
	have := p.Providers[f.Subject.UUID]
	if len(have.Aggregates) == 0 {
		return
	}
	none := repair.Provider{UUID: h.UUID, Name: h.Name, Generation: AnyGeneration, Aggregates: []string{}}
	all := none
	all.Aggregates = slices.Clone(have.Aggregates)
	d := p.add(draft{phase: marking, awaits: h.UUID}, f)
	d.Changes = []repair.Change{{
		Op: repair.Aggregates, Before: provided(none), After: provided(all), Guards: []repair.Guard{{Provider: h.UUID}},
	}}
	d.What = fmt.Sprintf("Put the new resource provider of %s into the aggregates of the old one: %s", h.Name, strings.Join(all.Aggregates, ", "))
}

// AnyGeneration stands for the generation of a provider that does not exist yet when the plan is made.
const AnyGeneration = -1
