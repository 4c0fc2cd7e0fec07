// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

// Cause is a finding and those that follow from it.
type Cause struct {
	check.Finding

	Below []*Cause
}

// Causes returns the findings that follow from no other one, with the others below them. The causes with the worst finding come
// first. Each finding is there once.
func Causes(findings []check.Finding) []*Cause {
	groups := byWorst(tree(findings))
	var all []*Cause
	for _, severity := range check.Severities() {
		all = append(all, groups[severity]...)
	}
	return all
}

// tree hangs each finding below the first of its causes that was found too. Every finding is in it exactly once, in the
// order in which they came; of findings that follow from each other one stands at the top.
func tree(findings []check.Finding) []*Cause {
	nodes, byPrint := make([]*Cause, len(findings)), map[string]*Cause{}
	for i, f := range findings {
		nodes[i] = &Cause{Finding: f}
		if byPrint[f.Fingerprint] == nil {
			byPrint[f.Fingerprint] = nodes[i]
		}
	}
	parent := map[*Cause]*Cause{}
	var roots []*Cause
	for _, n := range nodes {
		if parent[n] = causeOf(n, byPrint, parent); parent[n] == nil {
			roots = append(roots, n)
		}
	}
	for _, n := range nodes {
		if p := parent[n]; p != nil {
			p.Below = append(p.Below, n)
		}
	}
	return roots
}

// causeOf returns the first cause that does not itself hang below n.
func causeOf(n *Cause, byPrint map[string]*Cause, parent map[*Cause]*Cause) *Cause {
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
func (n *Cause) worst() check.Severity {
	worst := n.Severity
	for _, b := range n.Below {
		if w := b.worst(); w.AtLeast(worst) {
			worst = w
		}
	}
	return worst
}

// Size counts what follows from the finding, directly or not.
func (n *Cause) Size() int {
	size := len(n.Below)
	for _, b := range n.Below {
		size += b.Size()
	}
	return size
}

// all counts findings and what follows from them.
func all(findings []*Cause) int {
	sum := 0
	for _, n := range findings {
		sum += 1 + n.Size()
	}
	return sum
}

// others are the findings below n that ask for another command. Those that follow from one with the same command stand in its place:
// a command that was run need not be told again.
func (n *Cause) others(command string) []*Cause {
	var out []*Cause
	for _, below := range n.Below {
		if command != "" && below.Remedy.Command == command {
			out = append(out, below.others(command)...)
			continue
		}
		out = append(out, below)
	}
	return out
}

// byWorst groups the findings at the top by the worst that is in each, worst first.
func byWorst(roots []*Cause) map[check.Severity][]*Cause {
	groups := map[check.Severity][]*Cause{}
	for _, n := range roots {
		groups[n.worst()] = append(groups[n.worst()], n)
	}
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b *Cause) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return groups
}

func (n *Cause) rank() int { return slices.Index(check.Severities(), n.Severity) }
