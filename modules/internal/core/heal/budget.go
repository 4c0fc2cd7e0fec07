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

// Spent is what a plan takes of its budget: how many changes it makes, and of how many consumers and resource providers.
type Spent struct{ Changes, Consumers, Providers int }

// Spent counts what the steps that write take.
func (p *Plan) Spent() Spent {
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
	return Spent{changes, len(consumers), len(providers)}
}

// Exceeded says why a plan is over the budget; empty if it is not. Nothing of a plan that is over it may be done.
func (p *Plan) Exceeded(b Budget) string {
	spent := p.Spent()
	if spent.Changes > b.Changes {
		return fmt.Sprintf("the plan has %d changes, and max_changes allows %d: see that it is right, and give max_changes=%d", spent.Changes, b.Changes, spent.Changes)
	}
	if why := b.share("consumers", spent.Consumers, p.Consumers); why != "" {
		return why
	}
	return b.share("resource providers", spent.Providers, p.Providers)
}

// Words says what a plan takes of the budget: "2 of 20 changes, 1 of 11 consumers (at most 2), 0 of 9 resource providers (at most 1)".
func (b Budget) Words(p *Plan) string {
	spent := p.Spent()
	return fmt.Sprintf("%d of %d changes, %d of %d consumers (at most %d), %d of %d resource providers (at most %d)",
		spent.Changes, b.Changes, spent.Consumers, p.Consumers, b.most(p.Consumers), spent.Providers, p.Providers, b.most(p.Providers))
}

// most is how many of so many a run may change.
func (b Budget) most(all int) int { return int(math.Ceil(b.Share * float64(all))) }

func (b Budget) share(what string, n, all int) string {
	if most := b.most(all); n > most {
		return fmt.Sprintf("the plan changes %d of %d %s, and max_share (%g) allows %d: see that it is right, and give max_share=%.2f",
			n, all, what, b.Share, most, math.Min(1, math.Ceil(float64(n)/float64(max(all, 1))*100)/100))
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
