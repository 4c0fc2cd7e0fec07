// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
)

// Plan is a plan of changes and what became of it: of a repair, or of the undoing of a run.
type Plan struct {
	ID, Digest, Cloud, MadeAt, Path string

	Msg    string
	Steps  []heal.Step
	NotRun []check.NotRun
	Text   []string // the whole result, a line each
	Dry    bool     // nothing was written
	Undoes bool     // the steps undo those of a run, whose id is ID
	Checks []*check.Check
}

// Title says what kind of plan it is.
func (p *Plan) Title() string {
	if p.Undoes {
		return "Placement undo"
	}
	return "Placement repair"
}

// Verdict says in a few words how it stands, and in one whether that is good, warn or bad.
func (p *Plan) Verdict() (words, tone string) {
	n := map[heal.State]int{}
	for _, s := range p.Steps {
		n[s.State]++
	}
	switch {
	case n[heal.Failed]+n[heal.Unknown] > 0 && p.Undoes:
		return "Not everything is undone", "bad"
	case n[heal.Failed]+n[heal.Unknown] > 0:
		return "Not everything is healed", "bad"
	case p.Dry && n[heal.Planned] > 0:
		return "Plan: nothing is changed yet", "warn"
	case n[heal.ByHand]+n[heal.Skipped]+n[heal.NotTried]+len(p.NotRun) > 0:
		return "Something is left to do", "warn"
	case p.Undoes:
		return "Nothing is left to undo", "good"
	}
	return "Nothing is left to heal", "good"
}

// CanUndo tells in a sentence whether a step can be undone; nothing of a step that changes nothing, or that is an undo itself.
func (p *Plan) CanUndo(s heal.Step) string {
	switch {
	case len(s.Changes) == 0 || p.Undoes:
		return ""
	case !s.Undo:
		return "It can't be undone."
	}
	return "placement_restore can undo it."
}
