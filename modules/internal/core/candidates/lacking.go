// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// lackingTraits lists the required traits that nobody in reach has.
func (j *Judge) lackingTraits(g *Group, root *Provider, reach []*Provider) []Reason {
	var out []Reason
	for _, list := range g.Required {
		if slices.ContainsFunc(reach, func(p *Provider) bool { return p.anyOf(list) }) {
			continue
		}
		r := about(KindTrait, stageTraits, root, root.label()+" "+lackOf(list), giveTrait(root, list))
		r.Traits = list
		out = append(out, r)
	}
	return out
}

func lackOf(list []string) string {
	if len(list) == 1 {
		return "lacks the trait " + list[0]
	}
	return "has none of the traits " + strings.Join(list, ", ")
}

// lackingAggregates says which aggregates the tree is not in, or should not be in.
func (j *Judge) lackingAggregates(g *Group, root *Provider, reach []*Provider) []Reason {
	var out []Reason
	for _, list := range g.MemberOf {
		giver := func(p *Provider) bool { return p.in(list) && gives(g, p) }
		if !root.in(list) && !slices.ContainsFunc(reach, giver) {
			out = append(out, j.outside(g, root, list, stageAggregates))
		}
	}
	if root.in(g.NotMemberOf) {
		out = append(out, j.inside(g, root, stageAggregates))
	}
	return out
}

// outside says that a provider is in none of the aggregates.
func (j *Judge) outside(g *Group, p *Provider, list []string, stage string) Reason {
	one := "none of the aggregates "
	if len(list) == 1 {
		one = "not in the aggregate "
	} else {
		one = "in " + one
	}
	r := about(KindAggregate, stage, p, p.label()+" is "+one+j.aggregates(list), j.join(p, list))
	r.Group, r.Aggregates = g.Suffix, list
	return r
}

// inside says that a provider is in an aggregate that the request keeps out of.
func (j *Judge) inside(g *Group, p *Provider, stage string) Reason {
	var bad []string
	for _, a := range g.NotMemberOf {
		if slices.Contains(p.Aggregates, a) {
			bad = append(bad, a)
		}
	}
	r := about(KindNoAggregate, stage, p, p.label()+" is in the aggregate "+j.aggregates(bad)+", which the request keeps out of", j.leave(p, bad))
	r.Group, r.Aggregates = g.Suffix, bad
	return r
}

func (j *Judge) aggregates(uuids []string) string {
	words := make([]string, len(uuids))
	for i, uuid := range uuids {
		words[i] = uuid
		if a, known := j.Aggregates[uuid]; known && a.Name != "" {
			words[i] = foreign.Line(a.Name)
			if a.Zone() != "" {
				words[i] += " (availability zone " + foreign.Line(a.Zone()) + ")"
			}
		}
	}
	return strings.Join(words, ", ")
}

// gives reports whether a provider has an inventory of a class that the group asks for.
func gives(g *Group, p *Provider) bool {
	for class := range g.Resources {
		if _, has := p.Inventories[class]; has {
			return true
		}
	}
	return false
}

// barred lists the forbidden traits that all have who could give a class.
func (j *Judge) barred(g *Group, reach []*Provider) []Reason {
	var out []Reason
	for _, trait := range g.Forbidden {
		for class := range g.Resources {
			if p := allHave(reach, class, trait); p != nil {
				r := about(KindForbidden, stageForbidden, p, p.label()+" has the trait "+trait+", which the request forbids", takeTrait(p, trait))
				r.Traits = []string{trait}
				out = append(out, r)
				break
			}
		}
	}
	return out
}

// allHave returns a provider that gives the class if all that give it have the trait; else nil.
func allHave(reach []*Provider, class, trait string) (giver *Provider) {
	for _, p := range reach {
		if _, has := p.Inventories[class]; !has {
			continue
		}
		if !p.Has(trait) {
			return nil
		}
		giver = p
	}
	return giver
}
