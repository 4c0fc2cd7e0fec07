// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"cmp"
	"maps"
	"slices"
)

// Mover is a server that may be moved, with the request that its flavor makes.
type Mover struct {
	UUID, Name string
	Request    *Request
}

// Cramped reports whether a tree lacks nothing but room on its root.
func (t Tree) Cramped() bool {
	for _, r := range t.Reasons {
		if r.Kind != KindFull && r.Kind != KindReserved || r.Provider != t.Root.UUID {
			return false
		}
	}
	return len(t.Reasons) > 0
}

// Move finds a server on a root that leaves room for the request when it goes to one of the targets, which has room for it now: the
// smallest that does. Only servers are taken that ask for nothing but amounts of the root.
func (j *Judge) Move(root *Provider, servers []Mover, targets []string) (found Mover, target string) {
	servers = slices.Clone(servers)
	slices.SortStableFunc(servers, func(a, b Mover) int { return cmp.Compare(a.Request.total(), b.Request.total()) })
	for _, one := range servers {
		if !j.roomWithout(one, root) {
			continue
		}
		for _, to := range targets {
			if _, lands, _ := j.Supply.Lands(one.Request, to); lands && to != root.UUID {
				return one, to
			}
		}
	}
	return Mover{}, ""
}

// total is the sum of all amounts, to compare servers of one kind.
func (r *Request) total() int {
	sum := 0
	for _, g := range r.Groups {
		for _, n := range g.Resources {
			sum += n
		}
	}
	return sum
}

// roomWithout reports whether the request lands in the tree of the root without what the server holds there.
func (j *Judge) roomWithout(one Mover, root *Provider) bool {
	if len(one.Request.Groups) != 1 || one.Request.Groups[0].Suffix != "" {
		return false
	}
	used := root.Usages
	left := maps.Clone(used)
	for class, n := range one.Request.Groups[0].Resources {
		if _, has := root.Inventories[class]; !has {
			continue
		}
		if left[class] -= n; left[class] < 0 {
			return false // it does not hold what its flavor asks for
		}
	}
	root.Usages = left
	defer func() { root.Usages = used }()
	_, lands, _ := j.Supply.Lands(j.Request, root.UUID)
	return lands
}
