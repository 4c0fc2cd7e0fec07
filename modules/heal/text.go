// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

// Show is the result for a person: the sentence, the steps, the proof, and how to go on.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	words := []string{"Plan " + firstOf(r.Plan.ID)}
	if title := r.Plan.Cloud.Title(); title != "" {
		words = append(words, foreign.Line(title))
	}
	p.Hang(p.Paint(screen.Bold, "Placement heal")+"   ", 17, strings.Join(append(words, "made at "+r.Plan.MadeAt), " · "))
	if r.budget != "" && len(r.Steps) > 0 {
		p.Hang("Budget           ", 17, r.budget)
	}
	p.Said(0, p.Short(r.Msg))
	if len(r.Steps) > 0 {
		p.Blank()
	}
	for _, s := range r.Steps {
		show(p, s)
	}
	r.Proof.show(p)
	r.next(p)
	return p.Lines()
}

// firstOf is the beginning of an id that tells it from others at a glance.
func firstOf(id string) string { return id[:min(len(id), 8)] }

// show is one step: its number, its state, what it heals and does, why it did not, and its command.
func show(p *screen.Page, s Step) {
	const at = 16
	begin := fmt.Sprintf("%4d ", s.Number) + p.Paint(style(s.State), screen.Pad(string(s.State), at-5))
	what := heals(s) + s.What
	if len(s.Changes) > 0 && !s.Undo {
		what += " (cannot be undone)"
	}
	p.Hang(begin, at, p.Short(what))
	if s.Reason != "" {
		p.Said(at, p.Short(s.Reason))
	}
	if s.Command != "" {
		p.Command(at, s.Command)
	}
}

// heals names the checks whose findings a step heals: "PLC202, PLC201: ".
func heals(s Step) string {
	var ids []string
	for _, fingerprint := range append([]string{s.Finding}, s.Also...) {
		if id := check.IDOf(fingerprint); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return strings.Join(ids, ", ") + ": "
}

func style(state heal.State) screen.Style {
	switch state {
	case heal.Done:
		return screen.Good
	case heal.Failed, heal.Unknown:
		return screen.Worse
	case heal.ByHand, heal.Skipped, heal.NotTried:
		return screen.Warn
	case heal.Planned, heal.Unchanged:
	}
	return screen.Plain
}

// show says what was seen after the steps.
func (f *Proof) show(p *screen.Page) {
	if f == nil {
		return
	}
	p.Blank()
	switch {
	case !f.Complete:
		p.Text(0, "The audit afterwards is incomplete.")
	case f.Clean:
		p.Text(0, "The audit afterwards finds nothing about what was written.")
	default:
		p.Text(0, "The audit afterwards still finds:")
	}
	for _, finding := range f.Findings {
		p.Hang("  ", 4, p.Short(finding.ID+": "+finding.Message))
	}
	for _, c := range f.Candidates {
		why := "Placement finds an allocation candidate"
		if !c.Found {
			why = "Placement finds no allocation candidate"
		}
		if c.Reason != "" {
			why += ": " + c.Reason
		}
		p.Hang("  ", 4, p.Short("host "+c.Host+": "+why))
	}
}

// next says how to follow a plan that can be followed, or how to undo what was written.
func (r *Result) next(p *screen.Page) {
	switch {
	case r.ready && r.Changed:
		p.Blank()
		r.follow(p)
	case !r.wrote():
	case p.Play:
		p.Blank()
		p.Text(0, fmt.Sprintf("The journal %s has this as run %s; placement_restore undoes it.", foreign.Line(r.Journal), foreign.Line(r.Run)))
	default:
		p.Blank()
		p.Text(0, "To see what an undo would do:")
		p.Command(2, strings.TrimSpace("placement restore "+p.Cloud)+" "+foreign.Command("--journal %s --run %s --check", r.Journal, r.Run))
	}
}

// wrote reports whether the run wrote something, as far as is known: then its journal has it.
func (r *Result) wrote() bool {
	return r.Run != "" && (r.Changed || slices.ContainsFunc(r.Steps, func(s Step) bool { return s.State == heal.Unknown }))
}

// follow says how to do the plan, with options of a task or with flags.
func (r *Result) follow(p *screen.Page) {
	switch kept := r.Plan.Path != ""; {
	case kept && p.Play:
		p.Text(0, "Nothing was written but the file of the plan. To do exactly this, run the same without check mode and with:")
		p.Line("  plan: %s", foreign.Line(r.Plan.Path))
		p.Line("  confirm: %s", r.Plan.Digest[:12])
	case kept:
		p.Text(0, "Nothing was written but the file of the plan. To do exactly this, run the same without --check and with:")
		p.Line("  --confirm %s", r.Plan.Digest[:12])
	case p.Play:
		p.Text(0, "Nothing was written. Run the same without check mode to do it, or with a plan file to decide later.")
	default:
		p.Text(0, "Nothing was written. Run the same without --check to do it, or with --plan FILE to decide later.")
	}
}

// ExitCode reports whether something is left: steps of a plan, or what could not be healed.
func (r *Result) ExitCode() int {
	left := func(s Step) bool { return s.State != heal.Done && s.State != heal.Unchanged }
	switch {
	case slices.ContainsFunc(r.Steps, left) || r.Proof != nil && len(r.Proof.Findings) > 0:
		return terminal.Found
	case len(r.NotRun) > 0 || r.Proof != nil && !r.Proof.Complete:
		return terminal.Incomplete
	}
	return terminal.Done
}
