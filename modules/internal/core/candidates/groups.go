// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"maps"
	"slices"
)

// single says why a group with a suffix is not served: of the provider that comes nearest.
func (j *Judge) single(g *Group, root *Provider) []Reason {
	var nearest []Reason
	for _, p := range j.Supply.reach(root.UUID) {
		if len(g.Resources) > 0 && !gives(g, p) {
			continue
		}
		wrong := j.unserved(g, p)
		if len(wrong) == 0 {
			return nil
		}
		if nearest == nil || nearer(wrong, nearest) {
			nearest = wrong
		}
	}
	if nearest == nil {
		for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
			nearest = append(nearest, j.absent(root, class))
		}
	}
	for i := range nearest {
		nearest[i].Group, nearest[i].stage = g.Suffix, stageGroup(g.Suffix)
	}
	return nearest
}

// unserved says what is wrong with one provider for a group with a suffix.
func (j *Judge) unserved(g *Group, p *Provider) []Reason {
	if !j.Supply.inTree(g, p) {
		return j.elsewhere(g, p, "")
	}
	if len(g.Resources)+len(g.Required)+len(g.MemberOf) == 0 {
		return []Reason{about(KindTrait, "", p, "group "+g.Suffix+" asks for no resources, traits or aggregates: Placement finds no provider for it", "")}
	}
	var out []Reason
	for _, list := range g.Required {
		if !p.anyOf(list) {
			r := about(KindTrait, "", p, p.label()+" "+lackOf(list), giveTrait(p, list))
			r.Traits = list
			out = append(out, r)
		}
	}
	for _, list := range g.MemberOf {
		if !p.in(list) {
			out = append(out, j.outside(g, p, list, ""))
		}
	}
	if p.in(g.NotMemberOf) {
		out = append(out, j.inside(g, p, ""))
	}
	for _, trait := range g.Forbidden {
		if p.Has(trait) {
			r := about(KindForbidden, "", p, p.label()+" has the trait "+trait+", which the request forbids", takeTrait(p, trait))
			r.Traits = []string{trait}
			out = append(out, r)
		}
	}
	for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
		out = append(out, faults(p, class, g.Resources[class])...)
	}
	return out
}

// together says why groups that are served one by one are not served at once.
func (j *Judge) together(root *Provider, tried bool) Reason {
	if !tried {
		return about(KindNotJudged, stageTogether, root, fmt.Sprintf("%s has more than %d ways to serve the request: not all of them were tried", root.label(), Steps), "")
	}
	without := *j.Request
	without.Isolate = false
	if _, lands, _ := j.Supply.Lands(&without, root.UUID); lands {
		return about(KindIsolate, stageTogether, root, root.label()+" has room for all groups, but not for each on a provider of its own (group_policy isolate)",
			"Set group_policy to none")
	}
	without.SameSubtree = nil
	if _, lands, _ := j.Supply.Lands(&without, root.UUID); lands {
		return about(KindSameSubtree, stageTogether, root, root.label()+" has room for all groups, but not below one provider (same_subtree)", "")
	}
	for _, class := range j.classes() {
		asked, free := j.sums(root, class)
		if asked > free {
			r := about(KindTogether, stageTogether, root, fmt.Sprintf("%s has room for each group alone, but not for all at once: %d %s are asked for, %d are free",
				root.label(), asked, class, free), fmt.Sprintf("Free %d %s in the tree of %s", asked-free, class, root.label()))
			r.Class = class
			return r
		}
	}
	return about(KindTogether, stageTogether, root, root.label()+" has room for each group alone, but not for all at once", "")
}

// classes lists the classes that are asked for.
func (j *Judge) classes() []string {
	all := map[string]bool{}
	for _, g := range j.Request.Groups {
		for class := range g.Resources {
			all[class] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// sums adds up what all groups ask of a class, and what is free of it in reach.
func (j *Judge) sums(root *Provider, class string) (asked, free int) {
	for _, g := range j.Request.Groups {
		asked += g.Resources[class]
	}
	for _, p := range j.Supply.reach(root.UUID) {
		if i, has := p.Inventories[class]; has {
			free += max(0, i.Capacity()-p.Usages[class])
		}
	}
	return asked, free
}
