// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// Plan is what names the plan.
type Plan struct {
	ID     string          `json:"id"`
	Digest string          `json:"digest"`
	Cloud  openstack.Cloud `json:"cloud"`
	MadeAt string          `json:"made_at"`
	Path   string          `json:"path"` // empty unless it has a file
	Steps  int             `json:"steps"`
}

// Diff is what Ansible shows with --diff, one for each step.
type Diff struct {
	BeforeHeader string       `json:"before_header"`
	AfterHeader  string       `json:"after_header"`
	Before       repair.State `json:"before"`
	After        repair.State `json:"after"`
}

// states lists the states in the order in which they are told.
func states() []heal.State {
	return []heal.State{
		heal.Done, heal.Planned, heal.Unchanged, heal.Skipped, heal.Failed, heal.Unknown, heal.NotTried, heal.ByHand,
	}
}

func (t *task) result() *Result {
	r := &Result{
		Plan: Plan{
			ID: t.plan.ID, Digest: change.Digest(t.file), Cloud: t.plan.Cloud, MadeAt: t.plan.MadeAt.Format("2006-01-02T15:04:05Z07:00"),
			Path: t.o.Plan, Steps: len(t.plan.Steps),
		},
		Steps: []Step{}, Diff: []Diff{}, NotRun: t.notRun, Proof: t.proof, Run: t.run, Requests: t.clients.Session.Requests(),
	}
	counts := map[heal.State]int{}
	for _, s := range t.plan.Steps {
		counts[s.State]++
		step := Step{Step: s, Before: s.Before(), After: s.After(), Guards: s.Guards(), Requests: requests(s)}
		r.Steps = append(r.Steps, step)
		if t.written[s.Number] > 0 || s.Writes() && t.dry {
			r.Changed = true
			header := fmt.Sprintf("step %d: %s", s.Number, s.What)
			r.Diff = append(r.Diff, Diff{header, header, step.Before, step.After})
		}
	}
	if t.run != "" {
		r.Journal = t.journal
	}
	r.Msg = t.sentence(counts)
	r.ready, r.budget = t.ready, t.budget
	r.Text = r.Show(screen.InPlay())
	return r
}

// sentence is the result in one line.
func (t *task) sentence(counts map[heal.State]int) string {
	var words []string
	for _, state := range states() {
		if counts[state] > 0 {
			words = append(words, fmt.Sprintf("%d %s", counts[state], state))
		}
	}
	text := strings.Join(words, ", ")
	if len(words) == 0 {
		text = "nothing to heal"
		if o := t.o; len(t.notRun) == 0 && len(o.Checks) == 0 && !t.call.Given("findings") && o.Report == "" && !t.follows() {
			text += "; to see what placement_heal cannot repair, run placement_audit"
		}
	}
	if len(t.notRun) > 0 {
		text = fmt.Sprintf("INCOMPLETE: %s; %s was not judged: %s", text, t.notRun[0].Check, t.notRun[0].Reason)
	}
	if len(words) == 0 {
		return text
	}
	if t.dry {
		text += fmt.Sprintf("; digest of the plan: %s", change.Digest(t.file)[:12])
	}
	if t.proof != nil && !t.proof.Clean {
		text += "; " + t.proof.words()
	}
	return text
}

// requests lists the requests of a step.
func requests(s heal.Step) []Request {
	out := []Request{}
	for _, c := range s.Changes {
		method, path := c.Request()
		out = append(out, Request{method, path})
	}
	return out
}
