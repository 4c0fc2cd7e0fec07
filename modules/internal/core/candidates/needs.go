// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"slices"
	"strings"
)

// Need is a part of a request that an older Placement does not take.
type Need struct {
	Microversion string // the first that takes it
	What         string
}

// Needs lists what of the request needs a newer microversion than the oldest that is supported, the oldest first.
func (r *Request) Needs() []Need {
	some := func(is func(Group) bool) bool { return slices.ContainsFunc(r.Groups, is) }
	var needs []Need
	for _, one := range []struct {
		is bool
		Need
	}{
		{some(func(g Group) bool { return g.InTree != "" }), Need{"1.31", "landing in one tree (host, in_tree)"}},
		{some(func(g Group) bool { return len(g.NotMemberOf) > 0 }), Need{"1.32", "keeping out of an aggregate (! in member_of)"}},
		{some(Group.named), Need{"1.33", "a request group whose name is not a number"}},
		{r.needsRoot(), Need{rootTraits, "a trait of the root (root_required, root_forbidden)"}},
		{len(r.SameSubtree) > 0, Need{"1.36", "landing in one subtree (same_subtree)"}},
		{some(Group.choosy), Need{"1.39", "requiring one of several traits (in: in required)"}},
	} {
		if one.is {
			needs = append(needs, one.Need)
		}
	}
	return needs
}

// needsRoot reports whether traits of the root matter where no root can be disabled: nova-compute of Stein and before does not set
// the trait, and Nova did not ask for it.
func (r *Request) needsRoot() bool {
	return len(r.RootRequired) > 0 || slices.ContainsFunc(r.RootForbidden, func(trait string) bool { return trait != Disabled })
}

// named reports whether the suffix is more than a number.
func (g Group) named() bool { return strings.Trim(g.Suffix, "0123456789") != "" }

// choosy reports whether one of several traits is asked for.
func (g Group) choosy() bool {
	return slices.ContainsFunc(g.Required, func(list []string) bool { return len(list) > 1 })
}
