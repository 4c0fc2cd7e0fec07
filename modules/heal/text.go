// SPDX-License-Identifier: Apache-2.0

package heal

import "fmt"

// lines is the result for a person: the sentence, a line for each step, the proof, and how to go on. Ansible joins blanks.
func (r *Result) lines(dry bool) []string {
	out := []string{r.Msg, ""}
	for _, s := range r.Steps {
		line := fmt.Sprintf("step %d %s: %s", s.Number, s.State, s.What)
		if s.Reason != "" {
			line += " | " + s.Reason
		}
		out = append(out, line)
		if s.Command != "" {
			out = append(out, "$ "+s.Command)
		}
	}
	if len(r.Steps) == 0 {
		out = out[:1]
	}
	out = append(out, r.Proof.lines()...)
	return append(out, r.next(dry)...)
}

// lines says what was seen after the steps.
func (p *Proof) lines() []string {
	if p == nil {
		return nil
	}
	out := []string{"", "The audit afterwards finds nothing about what was written."}
	if !p.Complete {
		out[1] = "The audit afterwards is incomplete."
	} else if !p.Clean {
		out[1] = "The audit afterwards still finds:"
	}
	for _, f := range p.Findings {
		out = append(out, fmt.Sprintf("%s: %s", f.ID, f.Message))
	}
	for _, c := range p.Candidates {
		why := "Placement finds an allocation candidate"
		if !c.Found {
			why = "Placement finds no allocation candidate"
		}
		if c.Reason != "" {
			why += ": " + c.Reason
		}
		out = append(out, fmt.Sprintf("host %s: %s", c.Host, why))
	}
	return out
}

// next says how to follow a plan that was kept, or how to undo what was done.
func (r *Result) next(dry bool) []string {
	switch {
	case dry && r.Changed && r.Plan.Path != "":
		return []string{"", fmt.Sprintf("Follow this plan with plan=%s and confirm=%s.", r.Plan.Path, r.Plan.Digest[:12])}
	case r.Run != "":
		return []string{"", fmt.Sprintf("The journal %s has this as run %s; placement_restore undoes it.", r.Journal, r.Run)}
	}
	return nil
}
