// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// rootTraits is the first microversion of Placement that takes traits of the root.
const rootTraits = "1.35"

// Query is the request as the newest Placement takes it: the query of GET /allocation_candidates.
func (r *Request) Query() url.Values {
	return r.QueryFor(func(string) bool { return true })
}

// QueryFor is the request as a Placement takes it that speaks some microversions only. What it can't be asked is in Needs.
func (r *Request) QueryFor(speaks func(microversion string) bool) url.Values {
	q := url.Values{}
	for i := range r.Groups {
		r.Groups[i].query(q)
	}
	switch {
	case r.Isolate:
		q.Set("group_policy", "isolate")
	case r.Policy:
		q.Set("group_policy", "none")
	}
	for _, suffixes := range r.SameSubtree {
		q.Add("same_subtree", strings.Join(suffixes, ","))
	}
	words := append(slices.Clone(r.RootRequired), not(r.RootForbidden)...)
	if len(words) > 0 && (speaks(rootTraits) || r.needsRoot()) {
		q.Set("root_required", strings.Join(words, ","))
	}
	return q
}

func (g *Group) query(q url.Values) {
	var words []string
	for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
		words = append(words, fmt.Sprintf("%s:%d", class, g.Resources[class]))
	}
	if len(words) > 0 {
		q.Set("resources"+g.Suffix, strings.Join(words, ","))
	}
	if words := g.traits(); len(words) > 0 {
		q["required"+g.Suffix] = words
	}
	for _, list := range g.MemberOf {
		q.Add("member_of"+g.Suffix, oneOf(list))
	}
	for _, aggregate := range g.NotMemberOf {
		q.Add("member_of"+g.Suffix, "!"+aggregate)
	}
	if g.InTree != "" {
		q.Set("in_tree"+g.Suffix, g.InTree)
	}
}

// traits are the words of required: one for all single traits, as Placement hears only the last word before 1.39, and one for each in:.
func (g *Group) traits() []string {
	var single, words []string
	for _, list := range g.Required {
		if len(list) == 1 {
			single = append(single, list[0])
		} else {
			words = append(words, oneOf(list))
		}
	}
	if single = append(single, not(g.Forbidden)...); len(single) > 0 {
		words = append([]string{strings.Join(single, ",")}, words...)
	}
	return words
}

func oneOf(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return "in:" + strings.Join(names, ",")
}

func not(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = "!" + name
	}
	return out
}
