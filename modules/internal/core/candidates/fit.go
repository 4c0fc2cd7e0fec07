// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"iter"
	"maps"
	"slices"
)

// Take is what a candidate takes of one class from one provider.
type Take struct {
	Provider, Class string
}

// Candidate is one way to serve a request.
type Candidate struct {
	Root  string              // of the tree that it lands in
	Takes map[Take]int        // amounts
	By    map[string][]string // UUIDs of providers by suffix of the group that they serve, sorted
}

// Candidates yields every way to serve the request in the tree of a root. There may be very many.
func (s *Supply) Candidates(r *Request, root string) iter.Seq[Candidate] {
	return func(yield func(Candidate) bool) {
		s.search(r, root, &search{steps: -1, yield: yield})
	}
}

// Steps is how many combinations of providers are tried in one tree before it is given up.
const Steps = 200_000

// Lands returns a way to serve the request in the tree of a root that takes something of that tree. tried is false if the tree has
// more combinations of providers than can be tried.
func (s *Supply) Lands(r *Request, root string) (found Candidate, lands, tried bool) {
	w := &search{steps: Steps}
	w.yield = func(c Candidate) bool {
		found, lands = c, s.own(c, root)
		return !lands
	}
	s.search(r, root, w)
	return found, lands, lands || w.steps != 0
}

// own reports whether a candidate takes something from its own tree.
func (s *Supply) own(c Candidate, root string) bool {
	for t := range c.Takes {
		if s.byUUID[t.Provider].RootUUID == root {
			return true
		}
	}
	return false
}

// option is one way to serve one group.
type option struct {
	group *Group
	from  map[string]*Provider // by class
	by    []*Provider          // who serves the group; one for a group with a suffix
}

func (s *Supply) search(r *Request, root string, w *search) {
	if !s.possible(r) || !r.anchor(s.byUUID[root]) {
		return
	}
	w.s, w.r, w.root, w.takes = s, r, root, map[Take]int{}
	for i := range r.Groups {
		options := s.options(&r.Groups[i], root)
		if len(options) == 0 {
			return
		}
		w.groups = append(w.groups, options)
	}
	w.next(0)
}

// possible reports whether what the request names exists: a tree that does not serves nobody.
func (s *Supply) possible(r *Request) bool {
	return !slices.ContainsFunc(r.Groups, func(g Group) bool { return g.InTree != "" && s.byUUID[g.InTree] == nil })
}

// options lists the ways to serve one group in a tree.
func (s *Supply) options(g *Group, root string) []option {
	if g.Suffix == "" {
		return s.spread(g, root)
	}
	var out []option
	for _, p := range s.reach(root) {
		if s.serves(g, p) {
			from := map[string]*Provider{}
			for class := range g.Resources {
				from[class] = p
			}
			out = append(out, option{g, from, []*Provider{p}})
		}
	}
	return out
}

// serves reports whether one provider can serve a group with a suffix alone. Here an aggregate of the root does not count for those
// below it. A group without resources goes by required traits and aggregates: Placement finds nobody for one that has neither, and
// does not look at its in_tree.
func (s *Supply) serves(g *Group, p *Provider) bool {
	if len(g.Resources) == 0 && len(g.Required) == 0 && len(g.MemberOf) == 0 {
		return false
	}
	return s.meets(g, p) && rooms(g, p)
}

// meets reports whether one provider has what a group with a suffix asks for, room left aside.
func (s *Supply) meets(g *Group, p *Provider) bool {
	return s.inTree(g, p) && has(g, p) && member(g.MemberOf, p) && !p.in(g.NotMemberOf) && !p.anyOf(g.Forbidden)
}

func (s *Supply) inTree(g *Group, p *Provider) bool {
	return g.InTree == "" || len(g.Resources) == 0 || s.byUUID[g.InTree].RootUUID == p.RootUUID
}

func has(g *Group, p *Provider) bool {
	return !slices.ContainsFunc(g.Required, func(list []string) bool { return !p.anyOf(list) })
}

func member(of [][]string, p *Provider) bool {
	return !slices.ContainsFunc(of, func(list []string) bool { return !p.in(list) })
}

func rooms(g *Group, p *Provider) bool {
	for class, amount := range g.Resources {
		if !p.room(class, amount) {
			return false
		}
	}
	return true
}

// spread lists the ways to serve the group without a suffix: each class from any provider in reach, if together they have the traits.
func (s *Supply) spread(g *Group, root string) []option {
	out := []option{{group: g, from: map[string]*Provider{}}}
	for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
		givers := s.givers(g, root, class)
		var more []option
		for _, o := range out {
			for _, p := range givers {
				from := maps.Clone(o.from)
				from[class] = p
				more = append(more, option{group: g, from: from})
			}
		}
		out = more
		if len(out) > Steps {
			out = out[:Steps]
		}
	}
	out = slices.DeleteFunc(out, func(o option) bool { return !o.collective() })
	for i := range out {
		out[i].by = distinct(out[i].from)
	}
	return out
}

// givers lists who can give one class of the group without a suffix.
func (s *Supply) givers(g *Group, root, class string) []*Provider {
	var out []*Provider
	for _, p := range s.reach(root) {
		if p.room(class, g.Resources[class]) && s.spreads(g, root, p) {
			out = append(out, p)
		}
	}
	return out
}

// spreads reports whether a provider may give something of the group without a suffix, room left aside.
func (s *Supply) spreads(g *Group, root string, p *Provider) bool {
	return s.within(g, root, p) && !p.anyOf(g.Forbidden)
}

// within reports whether a provider is where the group without a suffix has to be: in the tree and in the aggregates that it asks
// for. An aggregate of the root counts for the whole tree, but not for those that share with it.
func (s *Supply) within(g *Group, root string, p *Provider) bool {
	visits, top := p.RootUUID != root, s.byUUID[root]
	if g.InTree != "" && (visits || s.byUUID[g.InTree].RootUUID != root) {
		return false
	}
	if p.in(g.NotMemberOf) || top.in(g.NotMemberOf) {
		return false
	}
	return member(g.MemberOf, p) || !visits && member(g.MemberOf, top)
}

// collective reports whether those who give something have the required traits together.
func (o option) collective() bool {
	return !slices.ContainsFunc(o.group.Required, func(list []string) bool {
		for _, p := range o.from {
			if p.anyOf(list) {
				return false
			}
		}
		return true
	})
}

func distinct(from map[string]*Provider) []*Provider {
	var out []*Provider
	for _, p := range from {
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}
