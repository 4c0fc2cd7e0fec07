// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unmatched says why the group without a suffix is not served, though each thing that it asks for is there: who has room may not give
// it, or those who may give lack a trait that another has.
func (j *Judge) unmatched(g *Group, root *Provider) []Reason {
	var out []Reason
	for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
		if len(j.Supply.givers(g, root.UUID, class)) == 0 {
			out = append(out, j.excluded(g, root, class)...)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, list := range g.Required {
		if !j.given(g, root, list) {
			return []Reason{j.apart(g, root, list)}
		}
	}
	r := about(KindTogether, stageTogether, root, root.label()+" has room, but no providers with room have "+everyOf(g.Required)+" between them", "")
	r.Group = g.Suffix
	return []Reason{r}
}

func everyOf(lists [][]string) string {
	words := make([]string, len(lists))
	for i, list := range lists {
		words[i] = strings.Join(list, " or ")
	}
	return strings.Join(words, " and ")
}

// excluded says why a provider with room for a class may not give it: of the first that has room.
func (j *Judge) excluded(g *Group, root *Provider, class string) []Reason {
	reach := j.Supply.reach(root.UUID)
	i := slices.IndexFunc(reach, func(p *Provider) bool { return p.room(class, g.Resources[class]) })
	if i < 0 {
		return nil
	}
	r := j.exclusion(g, root, reach[i])
	r.Group, r.Class, r.stage = g.Suffix, class, stageOf(class)
	r.Text += fmt.Sprintf(", so that it does not give %d %s, for which it has room", g.Resources[class], class)
	return []Reason{r}
}

// exclusion says why a provider in reach may not give anything to the group without a suffix, in the order of Supply.spreads.
func (j *Judge) exclusion(g *Group, root, p *Provider) Reason {
	lends := p.RootUUID != root.UUID
	switch {
	case lends && g.InTree != "":
		return about(KindNotShared, "", p, fmt.Sprintf("%s shares with %s, but the request names the tree of %s, and Placement takes nothing from outside of it",
			p.label(), root.label(), root.label()), "Ask without naming the host or the tree")
	case p.in(g.NotMemberOf):
		return j.inside(g, p, "")
	case root.in(g.NotMemberOf):
		return j.inside(g, root, "")
	}
	for _, list := range g.MemberOf {
		if !p.in(list) && (lends || !root.in(list)) {
			return j.outside(g, p, list, "")
		}
	}
	for _, trait := range g.Forbidden {
		if p.Has(trait) {
			r := about(KindForbidden, "", p, p.label()+" has the trait "+trait+", which the request forbids", takeTrait(p, trait))
			r.Traits = []string{trait}
			return r
		}
	}
	// The aggregates of the request are met by the tree one by one, but not by one provider.
	return about(KindAggregate, "", p, p.label()+" is not in all of the aggregates that are asked for", "")
}

// given reports whether somebody who gives a class has one of the traits.
func (j *Judge) given(g *Group, root *Provider, list []string) bool {
	for class := range g.Resources {
		if slices.ContainsFunc(j.Supply.givers(g, root.UUID, class), func(p *Provider) bool { return p.anyOf(list) }) {
			return true
		}
	}
	return false
}

// apart says why a provider with one of the traits gives nothing, while those with room lack the trait.
func (j *Judge) apart(g *Group, root *Provider, list []string) Reason {
	reach := j.Supply.reach(root.UUID)
	trait := strings.Join(list, " or ")
	for _, p := range reach {
		for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
			if _, offers := p.Inventories[class]; !offers || !p.anyOf(list) {
				continue
			}
			r := j.unable(g, root, p, class)
			r.Text += ", and those with room for it lack the trait " + trait
			r.Group, r.Traits, r.stage = g.Suffix, list, stageOf(class)
			return r
		}
	}
	holder := reach[max(0, slices.IndexFunc(reach, func(p *Provider) bool { return p.anyOf(list) }))]
	r := about(KindTrait, stageTraits, holder, fmt.Sprintf("%s has the trait %s, but gives nothing of what is asked for, and those that give it lack the trait", holder.label(), trait),
		giveTrait(root, list))
	r.Group, r.Traits = g.Suffix, list
	return r
}

// unable says why a provider that offers a class does not give it.
func (j *Judge) unable(g *Group, root, p *Provider, class string) Reason {
	if wrong := faults(p, class, g.Resources[class]); len(wrong) > 0 {
		return wrong[0]
	}
	r := j.exclusion(g, root, p)
	r.Class = class
	return r
}
