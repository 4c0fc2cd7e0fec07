// SPDX-License-Identifier: Apache-2.0

package report

import "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"

// Cause is a finding and those that follow from it.
type Cause struct {
	check.Finding

	Worst check.Severity // of the finding and of all that follows from it
	Below []*Cause
}

// Causes returns the findings that follow from no other one, with the others below them. The causes with the worst finding come
// first. Each finding is there once.
func Causes(findings []check.Finding) []*Cause {
	groups := byWorst(tree(findings))
	var all []*Cause
	for _, severity := range check.Severities() {
		all = append(all, causesOf(groups[severity])...)
	}
	return all
}

func causesOf(nodes []*node) []*Cause {
	var all []*Cause
	for _, n := range nodes {
		all = append(all, &Cause{Finding: n.Finding, Worst: n.worst(), Below: causesOf(n.below)})
	}
	return all
}
