// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Judge says why a request lands where it does.
type Judge struct {
	Supply  *Supply
	Request *Request
	// Aggregates are Nova's host aggregates by UUID, as far as they were read.
	Aggregates map[string]openstack.Aggregate
	// Services are the compute services of roots, as far as they were read.
	Services map[string]openstack.ComputeService
}

// Tree is the judgement of one tree.
type Tree struct {
	Root    *Provider
	Fits    bool
	Reasons []Reason // none if it fits; in the order of Stages
}

// Tree judges the tree of a root.
func (j *Judge) Tree(root string) Tree {
	t := Tree{Root: j.Supply.Provider(root)}
	_, lands, tried := j.Supply.Lands(j.Request, root)
	if lands {
		t.Fits = true
		return t
	}
	t.Reasons = j.atRoot(t.Root)
	for i := range j.Request.Groups {
		g := &j.Request.Groups[i]
		if g.Suffix == "" {
			t.Reasons = append(t.Reasons, j.spread(g, t.Root)...)
		} else {
			t.Reasons = append(t.Reasons, j.single(g, t.Root)...)
		}
	}
	if len(t.Reasons) == 0 {
		t.Reasons = []Reason{j.together(t.Root, tried)}
	}
	order := j.stageNames()
	slices.SortStableFunc(t.Reasons, func(a, b Reason) int { return cmp.Compare(slices.Index(order, a.stage), slices.Index(order, b.stage)) })
	return t
}

// OnHost judges a tree once more by what Placement is not asked for: the nodes of the request.
func (j *Judge) OnHost(t Tree) Tree {
	if len(j.Request.Nodes) == 0 || slices.Contains(j.Request.Nodes, t.Root.UUID) {
		return t
	}
	return Tree{Root: t.Root, Reasons: []Reason{about(KindOtherTree, stageHost, t.Root, t.Root.label()+" is no compute node of the host that the request names", "")}}
}

// about begins a reason.
func about(kind, stage string, p *Provider, text, help string) Reason {
	return Reason{Kind: kind, stage: stage, Provider: p.UUID, Name: p.Name, Text: text, Help: help}
}

// atRoot says what the request asks of the root itself.
func (j *Judge) atRoot(root *Provider) []Reason {
	var out []Reason
	for _, trait := range j.Request.RootForbidden {
		switch {
		case !root.Has(trait):
		case trait == Disabled:
			out = append(out, j.disabled(root))
		default:
			r := about(KindRootTrait, stageRoot, root, root.label()+" has the trait "+trait+", which the root must not have", takeTrait(root, trait))
			r.Traits = []string{trait}
			out = append(out, r)
		}
	}
	for _, trait := range j.Request.RootRequired {
		if !root.Has(trait) {
			r := about(KindRootTrait, stageRoot, root, root.label()+" lacks the trait "+trait, giveTrait(root, []string{trait}))
			r.Traits = []string{trait}
			out = append(out, r)
		}
	}
	return out
}

// spread says why the group without a suffix is not served.
func (j *Judge) spread(g *Group, root *Provider) []Reason {
	if r := j.elsewhere(g, root, stageTree); r != nil {
		return r // it says nothing else about this tree
	}
	reach := j.Supply.reach(root.UUID)
	out := j.lackingTraits(g, root, reach)
	out = append(out, j.lackingAggregates(g, root, reach)...)
	out = append(out, j.barred(g, reach)...)
	for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
		out = append(out, j.class(g, root, reach, class)...)
	}
	if len(out) == 0 && len(j.Supply.spread(g, root.UUID)) == 0 {
		out = append(out, j.unmatched(g, root)...)
	}
	return out
}

// elsewhere says that the group names another tree.
func (j *Judge) elsewhere(g *Group, root *Provider, stage string) []Reason {
	if g.InTree == "" {
		return nil
	}
	named := j.Supply.Provider(g.InTree)
	if named != nil && named.RootUUID == root.UUID {
		return nil
	}
	text := ""
	if named != nil {
		text = fmt.Sprintf("the request names the tree of %s, and %s is another", named.label(), root.label())
	} else {
		text = fmt.Sprintf("the request names the tree of %s, and there is no such resource provider", g.InTree)
	}
	r := about(KindOtherTree, stage, root, text, "")
	r.Group = g.Suffix
	return []Reason{r}
}

// class says why nobody in reach gives a class.
func (j *Judge) class(g *Group, root *Provider, reach []*Provider, class string) []Reason {
	amount := g.Resources[class]
	var nearest []Reason
	for _, p := range reach {
		if _, has := p.Inventories[class]; !has {
			continue
		}
		wrong := faults(p, class, amount)
		if len(wrong) == 0 {
			return nil
		}
		if nearest == nil || nearer(wrong, nearest) {
			nearest = wrong
		}
	}
	if nearest == nil {
		nearest = []Reason{j.absent(root, class)}
	}
	for i := range nearest {
		nearest[i].stage = stageOf(class)
	}
	return nearest
}

// nearer reports whether these reasons are fewer, or lack less.
func nearer(a, b []Reason) bool {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(lacking(a), lacking(b))) < 0
}

// lacking is the share of what is asked for that is lacking, over all classes.
func lacking(reasons []Reason) float64 {
	sum := 0.0
	for _, r := range reasons {
		switch {
		case r.Numbers == nil:
			sum++
		case r.Numbers.Lacks > 0:
			sum += float64(r.Numbers.Lacks) / float64(max(r.Numbers.Asked, 1))
		}
	}
	return sum
}

// absent says that a tree has nothing of a class, and who shares it with others.
func (j *Judge) absent(root *Provider, class string) Reason {
	for _, p := range j.Supply.sharers {
		if _, has := p.Inventories[class]; has {
			r := about(KindNotShared, "", root, fmt.Sprintf("%s has no inventory of %s, and %s, which shares it, is in no aggregate with it",
				root.label(), class, p.label()), fmt.Sprintf("Put %s and %s into one aggregate", root.label(), p.label()))
			r.Class = class
			return r
		}
	}
	r := about(KindNoInventory, "", root, fmt.Sprintf("%s has no inventory of %s", root.label(), class), giveClass(root, class))
	r.Class = class
	return r
}
