// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Proof is what was seen after the steps.
type Proof struct {
	Clean      bool            `json:"clean"`    // nothing is found any more of what was done
	Complete   bool            `json:"complete"` // the second audit could read all
	Findings   []check.Finding `json:"findings"` // what is still found about the subjects that were written
	Candidates []Candidate     `json:"candidates"`
}

// words says why it is not clean.
func (p *Proof) words() string {
	switch n := len(p.Findings); {
	case !p.Complete:
		return "the audit afterwards is incomplete"
	case n == 1:
		return "afterwards 1 finding is left about what was written: " + p.Findings[0].Message
	default:
		return fmt.Sprintf("afterwards %d findings are left about what was written, the first: %s", n, p.Findings[0].Message)
	}
}

// Candidate is what the scheduler finds of a host that was repaired.
type Candidate struct {
	Host      string         `json:"host"`
	Provider  string         `json:"provider"`
	Resources map[string]int `json:"resources"` // that were asked for
	Found     bool           `json:"found"`
	Reason    string         `json:"reason"` // why nothing could be asked for
}

// prove audits the cloud again, and asks Placement for candidates on each host that was repaired.
func (t *task) prove(ctx context.Context) error {
	t.call.Progress("auditing what was repaired", 0, 0)
	s, verdict, err := t.look(ctx, 0)
	if err != nil {
		return fmt.Errorf("the steps are done, but the audit after them failed: %w", err)
	}
	p := &Proof{Complete: verdict.Complete(), Findings: []check.Finding{}, Candidates: []Candidate{}}
	touched := t.touched()
	for _, f := range verdict.Findings {
		if touched[f.Subject.UUID] && !slices.Contains(heal.Witnesses(), f.ID) {
			p.Findings = append(p.Findings, f)
		}
	}
	p.Clean = p.Complete && len(p.Findings) == 0
	t.proof = p
	for _, h := range s.Hypervisors() {
		if touched[h.UUID] {
			c, err := t.candidate(ctx, h)
			if err != nil {
				return fmt.Errorf("the steps are done, but the candidates on %s could not be read: %w", h.Name, err)
			}
			p.Candidates = append(p.Candidates, c)
		}
	}
	return nil
}

// touched lists the UUIDs of all that steps of which something was written are about.
func (t *task) touched() map[string]bool {
	out := map[string]bool{}
	for _, s := range t.plan.Steps {
		if t.written[s.Number] == 0 {
			continue
		}
		out[s.Target.UUID] = true
		for _, c := range s.Changes {
			for _, uuid := range append(c.After.Target(), c.Moves()...) {
				out[uuid] = true
			}
		}
	}
	return out
}

// candidate asks Placement for the least of each class that a host gives to a server.
func (t *task) candidate(ctx context.Context, h openstack.Hypervisor) (Candidate, error) {
	c := Candidate{Host: h.ServiceHost, Provider: h.UUID, Resources: map[string]int{}}
	offered, err := t.clients.Placement.Offered(ctx, h.UUID)
	if err != nil {
		return c, err
	}
	used, err := t.clients.Placement.Used(ctx, h.UUID)
	if err != nil {
		return c, err
	}
	for _, class := range slices.Sorted(maps.Keys(offered)) {
		if !slices.Contains(snapshot.Hosting(), class) {
			continue
		}
		i := offered[class]
		least := max(i.MinUnit, i.StepSize)
		if used[class]+least > i.Capacity() {
			c.Reason = fmt.Sprintf("it has no room for %d of %s", least, class)
			return c, nil
		}
		c.Resources[class] = least
	}
	if len(c.Resources) == 0 {
		c.Reason = "it offers nothing that a server takes"
		return c, nil
	}
	c.Found, err = t.clients.Placement.Lands(ctx, h.UUID, c.Resources)
	return c, err
}
