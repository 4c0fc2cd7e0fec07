// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// marks plans what is a mark of a provider: the trait of disabled hosts, and aggregates.
func (p *planner) marks(findings []check.Finding) {
	groups := map[string][]check.Finding{}
	for _, f := range findings {
		switch f.ID {
		case "PLC208":
			p.disabled(f)
		case "PLC401", "PLC402":
			groups[f.Subject.UUID] = append(groups[f.Subject.UUID], f)
		}
	}
	for _, uuid := range sortedKeys(groups) {
		p.aggregates(uuid, groups[uuid])
	}
}

// disabled plans to give a provider the trait that fits its nova-compute, or to take it away.
func (p *planner) disabled(f check.Finding) {
	have, there := p.Providers[f.Subject.UUID]
	host, _ := f.Evidence["host"].(string)
	status, _ := f.Evidence["service_status"].(string)
	if !there || host == "" {
		p.hand(f, "the resource provider is not there any more: audit again")
		return
	}
	was := repair.Provider{UUID: have.UUID, Name: have.Name, Parent: have.Parent, Generation: have.Generation, Traits: have.Traits}
	is, verb := was, "Take the trait %s from resource provider %s: nova-compute on %s is %s"
	is.Traits = without(have.Traits, snapshot.TraitDisabled)
	if status == "disabled" {
		is.Traits, verb = with(have.Traits, snapshot.TraitDisabled), "Give the trait %s to resource provider %s: nova-compute on %s is %s"
	}
	d := p.add(draft{phase: marking}, f)
	d.Changes = []repair.Change{{
		Op: repair.Traits, Before: provided(was), After: provided(is), Guards: []repair.Guard{{Service: true, Host: host, Status: status}},
	}}
	d.What = fmt.Sprintf(verb, snapshot.TraitDisabled, p.called(have.UUID), host, status)
}

// aggregates plans the aggregates of a provider: those of its host that it lacks, without those that Nova has without it. One that
// Nova does not have may be another service's.
func (p *planner) aggregates(uuid string, findings []check.Finding) {
	have, there := p.Providers[uuid]
	if !there {
		p.hands(findings, "the resource provider is not there any more: audit again")
		return
	}
	was := repair.Provider{UUID: have.UUID, Name: have.Name, Parent: have.Parent, Generation: have.Generation, Aggregates: have.Aggregates}
	is := was
	var words []string
	for _, f := range findings {
		missing, stale, unknown := changesOf(f)
		is.Aggregates = without(with(is.Aggregates, missing...), stale...)
		for _, aggregate := range missing {
			words = append(words, "into "+aggregate)
		}
		for _, aggregate := range stale {
			words = append(words, "out of "+aggregate)
		}
		if len(unknown) > 0 && len(missing)+len(stale) == 0 {
			p.hand(f, "Nova does not have "+strings.Join(unknown, ", ")+": another service may use it")
		}
	}
	if is.Same(was) {
		return
	}
	d := p.add(draft{phase: marking}, slices.DeleteFunc(slices.Clone(findings), func(f check.Finding) bool {
		missing, stale, _ := changesOf(f)
		return len(missing)+len(stale) == 0
	})...)
	d.Changes = []repair.Change{{Op: repair.Aggregates, Before: provided(was), After: provided(is)}}
	d.What = fmt.Sprintf("Put resource provider %s %s", p.called(uuid), strings.Join(words, " and "))
}

// changesOf tells the aggregates that a finding misses, those that Nova has without the host, and those that it does not have.
func changesOf(f check.Finding) (missing, stale, unknown []string) {
	for _, one := range list(f.Evidence["missing"]) {
		missing = append(missing, text(one["uuid"]))
	}
	for _, one := range list(f.Evidence["stale"]) {
		if known, _ := one["nova_has_it"].(bool); known {
			stale = append(stale, text(one["uuid"]))
		} else {
			unknown = append(unknown, text(one["uuid"]))
		}
	}
	return missing, stale, unknown
}

func list(v any) []map[string]any {
	all, _ := v.([]map[string]any)
	return all
}

func text(v any) string {
	word, _ := v.(string)
	return word
}

// with returns the sorted list with more in it.
func with(all []string, more ...string) []string {
	return sortedSet(append(slices.Clone(all), more...))
}

// without returns the list without some.
func without(all []string, less ...string) []string {
	return append([]string{}, slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(less, one) })...)
}

// invisible adds usage that no allocation shows to the steps that write what those consumers should hold: where servers of the
// host without allocation should hold just that. Else a person has to make the consumers.
func (p *planner) invisible(findings []check.Finding) {
	for _, f := range findings {
		if f.ID != "PLC109" {
			continue
		}
		lost := map[string]int{}
		for _, c := range list(f.Evidence["classes"]) {
			n, _ := c["invisible"].(int)
			lost[text(c["class"])] = n
		}
		if !p.explained(f, lost) {
			p.hand(f, "it is unknown who holds it: all servers of the host have allocations, or what the flavors of the others ask for does not add up to it")
		}
	}
}

// explained adds the finding to the steps of the servers whose missing allocations are what is invisible on the provider.
func (p *planner) explained(f check.Finding, lost map[string]int) bool {
	var makers []*draft
	left := map[string]int{}
	add(left, lost, 1)
	for _, d := range p.drafts {
		if d.phase != taking || !strings.HasPrefix(d.Finding, "PLC105:") {
			continue
		}
		after := d.After().Consumers[0]
		if amounts := after.Held[f.Subject.UUID]; len(amounts) > 0 {
			add(left, amounts, -1)
			makers = append(makers, d)
		}
	}
	for _, n := range left {
		if n != 0 {
			return false
		}
	}
	for _, d := range makers {
		d.Also = append(d.Also, f.Fingerprint)
	}
	return len(makers) > 0
}
