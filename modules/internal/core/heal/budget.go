// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"fmt"
	"math"
)

// Budget is how much a run may change.
type Budget struct {
	Changes int     // at most
	Share   float64 // of all consumers, and of all providers; rounded up
}

// Exceeded says why a plan is over the budget; empty if it is not. Nothing of a plan that is over it may be done.
func (p *Plan) Exceeded(b Budget) string {
	changes, consumers, providers := 0, map[string]bool{}, map[string]bool{}
	for _, s := range p.Steps {
		if !s.Writes() {
			continue
		}
		changes += len(s.Changes)
		after := s.After()
		for _, c := range after.Consumers {
			consumers[c.UUID] = true
		}
		for _, one := range after.Providers {
			providers[one.UUID] = true
		}
	}
	if changes > b.Changes {
		return fmt.Sprintf("the plan has %d changes, and max_changes allows %d: see that it is right, and give max_changes=%d", changes, b.Changes, changes)
	}
	if why := share("consumers", len(consumers), p.Consumers, b.Share); why != "" {
		return why
	}
	return share("resource providers", len(providers), p.Providers, b.Share)
}

func share(what string, n, all int, limit float64) string {
	if most := int(math.Ceil(limit * float64(all))); n > most {
		return fmt.Sprintf("the plan changes %d of %d %s, and max_share (%g) allows %d: see that it is right, and give max_share=%.2f",
			n, all, what, limit, most, math.Min(1, math.Ceil(float64(n)/float64(max(all, 1))*100)/100))
	}
	return ""
}

// Refuse skips the destructive steps, and those that need one of them. why says what speaks against them.
func (p *Plan) Refuse(why string) {
	refused := map[int]bool{}
	for i := range p.Steps {
		s := &p.Steps[i]
		if !s.Writes() {
			continue
		}
		dependent := false
		for _, n := range s.Needs {
			dependent = dependent || refused[n]
		}
		if s.Destructive || dependent {
			s.State, s.Reason = Skipped, why
			refused[s.Number] = true
		}
	}
}
