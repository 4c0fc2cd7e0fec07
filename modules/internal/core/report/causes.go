// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

// node is a finding and those that follow from it.
type node struct {
	check.Finding
	below []*node
}

// tree hangs each finding below the first of its causes that was found too. Every finding is in it exactly once, in the
// order in which they came; of findings that follow from each other one stands at the top.
func tree(findings []check.Finding) []*node {
	nodes, byPrint := make([]*node, len(findings)), map[string]*node{}
	for i, f := range findings {
		nodes[i] = &node{Finding: f}
		if byPrint[f.Fingerprint] == nil {
			byPrint[f.Fingerprint] = nodes[i]
		}
	}
	parent := map[*node]*node{}
	var roots []*node
	for _, n := range nodes {
		if parent[n] = causeOf(n, byPrint, parent); parent[n] == nil {
			roots = append(roots, n)
		}
	}
	for _, n := range nodes {
		if p := parent[n]; p != nil {
			p.below = append(p.below, n)
		}
	}
	return roots
}

// causeOf returns the first cause that does not itself hang below n.
func causeOf(n *node, byPrint map[string]*node, parent map[*node]*node) *node {
	for _, fingerprint := range n.Because {
		cause := byPrint[fingerprint]
		above := cause
		for above != nil && above != n {
			above = parent[above]
		}
		if cause != nil && above == nil {
			return cause
		}
	}
	return nil
}

// worst is the worst severity of the finding and of all that follows from it.
func (n *node) worst() check.Severity {
	worst := n.Severity
	for _, b := range n.below {
		if w := b.worst(); w.AtLeast(worst) {
			worst = w
		}
	}
	return worst
}

// size counts what follows from the finding, directly or not.
func (n *node) size() int {
	size := len(n.below)
	for _, b := range n.below {
		size += b.size()
	}
	return size
}

// byWorst groups the findings at the top by the worst that is in each, worst first.
func byWorst(roots []*node) map[check.Severity][]*node {
	groups := map[check.Severity][]*node{}
	for _, n := range roots {
		groups[n.worst()] = append(groups[n.worst()], n)
	}
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b *node) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return groups
}

func (n *node) rank() int { return slices.Index(check.Severities(), n.Severity) }
