// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// Flapping is the id of the check whose findings name providers that another client keeps writing.
const Flapping = "PLC210"

// flapping has the plan begin with who has to stop: a step on such a provider does not last, or makes the other's writes fail.
func (p *planner) flapping() {
	for _, f := range p.Flapping {
		d := p.add(draft{phase: warning}, f)
		d.What = fmt.Sprintf("Stop the second writer of resource provider %s: Placement's log has its address and user", p.called(f.Subject.UUID))
		d.Command = foreign.Command("openstack resource provider show %s", f.Subject.UUID)
		d.Reason, d.State, d.Undo, d.Changes = "its generation grows faster than one writer explains", ByHand, false, []repair.Change{}
	}
}

// yield skips the steps that write a provider which another client keeps writing, and those that need one of them.
func (p *planner) yield(steps []Step) []Step {
	skipped := map[int]bool{}
	for i := range steps {
		s := &steps[i]
		if !s.Writes() {
			continue
		}
		if at := slices.IndexFunc(p.Flapping, func(f check.Finding) bool { return s.moves(f.Subject.UUID) }); at >= 0 {
			s.Reason = fmt.Sprintf("another client keeps writing resource provider %s (%s)", p.called(p.Flapping[at].Subject.UUID), Flapping)
		} else if at := slices.IndexFunc(s.Needs, func(n int) bool { return skipped[n] }); at >= 0 {
			s.Reason = fmt.Sprintf("step %d, which it needs, is skipped", s.Needs[at])
		} else {
			continue
		}
		s.State, skipped[s.Number] = Skipped, true
	}
	return steps
}

// moves reports whether a change of the step moves the generation of a provider, or waits for it.
func (s Step) moves(uuid string) bool {
	for _, c := range s.Changes {
		if slices.Contains(c.Moves(), uuid) {
			return true
		}
	}
	return slices.ContainsFunc(s.Guards(), func(g repair.Guard) bool { return g.Provider == uuid })
}
