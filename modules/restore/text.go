// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

// Show is the result for a person: the sentence, and the steps.
func (r *Result) Show(v screen.View) []string {
	const at = 16
	p := screen.Of(v, r)
	p.Headline(r.Msg)
	if len(r.Steps) > 0 {
		p.Blank()
	}
	for _, s := range r.Steps {
		p.Hang(fmt.Sprintf("%4d %s", s.Step, screen.Pad(s.State, at-5)), at, p.Short(s.what()))
		if s.Reason != "" {
			p.Said(at, p.Short(s.Reason))
		}
	}
	if !p.Play && r.ready {
		p.Blank()
		p.Text(0, "Nothing was written. Run the same without --check to undo it.")
	}
	return p.Lines()
}

// ExitCode reports whether something is not undone.
func (r *Result) ExitCode() int {
	undone := func(s Step) bool { return s.State == "done" || s.State == "unchanged" }
	if slices.ContainsFunc(r.Steps, func(s Step) bool { return !undone(s) }) {
		return terminal.Found
	}
	return terminal.Done
}
