// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Query is the request as Placement takes it: the query of GET /allocation_candidates.
func (r *Request) Query() url.Values {
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
	if words := append(slices.Clone(r.RootRequired), not(r.RootForbidden)...); len(words) > 0 {
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
	for _, list := range g.Required {
		q.Add("required"+g.Suffix, oneOf(list))
	}
	for _, trait := range g.Forbidden {
		q.Add("required"+g.Suffix, "!"+trait)
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
