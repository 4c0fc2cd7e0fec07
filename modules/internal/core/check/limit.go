// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Limited returns a check that does the same but reports, and leaves alone, only subjects that within lets pass. It
// needs these parts too: what within was made of.
func (c *Check) Limited(needs []snapshot.Part, within func(Subject) bool) *Check {
	limited := *c
	limited.Needs = snapshot.Subset(slices.Concat(c.Needs, needs))
	limited.Run = func(p *Pass) {
		c.Run(p)
		p.findings = slices.DeleteFunc(p.findings, func(f Finding) bool { return !within(f.Subject) })
		p.left = slices.DeleteFunc(p.left, func(l left) bool { return !within(Subject{Type: c.Subject, UUID: l.uuid}) })
	}
	return &limited
}
