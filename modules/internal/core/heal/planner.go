// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// phase orders the steps of a plan: names come first, as a nova-compute needs time to make the provider that a name kept it from;
// then what frees room, then what takes room; a tree goes when nothing is left on it. Who has to be stopped before stands above all.
type phase int

const (
	warning phase = iota
	renaming
	freeing
	taking
	marking
	deleting
	byHand
)

// draft is a step on its way into a plan.
type draft struct {
	Step

	phase   phase
	frees   []string // providers that nothing of its consumers is left on
	makes   string   // UUID of the provider that appears because of it
	awaits  string   // UUID of the provider that it writes to, and that may have to appear first
	deletes []string // providers that it deletes
	takes   string   // the name that it gives
	after   *draft   // that frees the name which it gives
}

// rank is how many steps have to free names one after the other before it.
func (d *draft) rank() int {
	if d.after == nil {
		return 0
	}
	return d.after.rank() + 1
}

// planner collects drafts.
type planner struct {
	*Facts

	drafts  []*draft
	bySelf  map[string][]check.Finding // findings by the consumer that a step for them writes
	trees   []*tree                    // that no compute node stands behind
	moving  map[string]bool            // servers that move to their host's provider without a finding of their own
	renamed map[string]*draft          // steps that give another name, by UUID of the provider
}

// Steps makes the steps for the findings, in their order.
func Steps(f *Facts) []Step {
	p := &planner{Facts: f, bySelf: map[string][]check.Finding{}, moving: map[string]bool{}, renamed: map[string]*draft{}}
	var providers []check.Finding
	for _, one := range f.Findings {
		switch {
		case !slices.Contains(Checks(), one.ID):
			p.hand(one, "")
		case check.Waits(one.Because):
			p.hand(one, "the findings that it follows from have to be resolved first: "+strings.Join(one.Because, ", "))
		case one.Subject.Type == check.OfProvider:
			providers = append(providers, one)
		default:
			p.consume(one)
		}
	}
	p.marks(providers)
	p.names(providers)
	p.abandoned(providers)
	p.consumers()
	p.deletions()
	p.invisible(providers)
	p.flapping()
	return p.yield(p.ordered())
}

// consume notes a finding about a consumer with the consumer that has to be written for it.
func (p *planner) consume(f check.Finding) {
	uuid := f.Subject.UUID
	if m, ok := p.Snapshot.Migration(uuid); ok {
		if server, ok := p.Snapshot.Server(m.ServerUUID); ok {
			if back, ok := check.ReturnOf(p.Snapshot, server); ok && back.Migration.UUID == uuid {
				uuid = server.UUID // one request for both
			}
		}
	}
	p.bySelf[uuid] = append(p.bySelf[uuid], f)
}

// add adds a draft for findings that belong together, by fingerprint.
func (p *planner) add(d draft, findings ...check.Finding) *draft {
	slices.SortStableFunc(findings, func(a, b check.Finding) int { return cmp.Compare(a.Fingerprint, b.Fingerprint) })
	d.Finding, d.Target, d.State = findings[0].Fingerprint, findings[0].Subject, Planned
	d.Also = []string{}
	for _, f := range findings[1:] {
		if f.Fingerprint != d.Finding && !slices.Contains(d.Also, f.Fingerprint) {
			d.Also = append(d.Also, f.Fingerprint)
		}
	}
	d.Undo = true
	p.drafts = append(p.drafts, &d)
	return &d
}

// hand adds a step for a person: what the finding says, and why it is not done here.
func (p *planner) hand(f check.Finding, why string) {
	d := p.add(draft{phase: byHand}, f)
	d.What, d.Command, d.Reason, d.State, d.Undo = f.Remedy.Text, f.Remedy.Command, why, ByHand, false
	d.Changes = []repair.Change{}
	if why == "" {
		d.Reason = f.ID + " is not healed by placement_heal"
	}
}

// ordered puts the drafts into their order, and says which needs which.
func (p *planner) ordered() []Step {
	slices.SortStableFunc(p.drafts, func(a, b *draft) int {
		return cmp.Or(cmp.Compare(a.phase, b.phase), cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Finding, b.Finding))
	})
	steps := make([]Step, len(p.drafts))
	for i, d := range p.drafts {
		d.Number = i + 1
	}
	for i, d := range p.drafts {
		d.Needs, d.Undo = p.needs(d), d.Undo && p.undoable(d)
		steps[i] = d.Step
	}
	return steps
}

// needs lists the steps that have to be done before: those that make what it writes to, and that free what it deletes.
func (p *planner) needs(d *draft) []int {
	out := []int{}
	for _, other := range p.drafts {
		frees := func(uuid string) bool { return slices.Contains(other.frees, uuid) }
		if other.Number < d.Number && other.State == Planned &&
			(d.after == other || d.awaits != "" && d.awaits == other.makes || slices.ContainsFunc(d.deletes, frees)) {
			out = append(out, other.Number)
		}
	}
	return out
}

// called names a provider for a person.
func (p *planner) called(uuid string) string {
	if provider, ok := p.Snapshot.Provider(uuid); ok {
		return fmt.Sprintf("%s (%s)", provider.Name, uuid)
	}
	if h, ok := p.Snapshot.Hypervisor(uuid); ok {
		return fmt.Sprintf("%s (%s)", h.Name, uuid)
	}
	return uuid
}

// holding says what is held, for a person.
func (p *planner) holding(held repair.Held) string {
	var all []openstack.Allocation
	for uuid, amounts := range held {
		all = append(all, openstack.Allocation{ProviderUUID: uuid, Resources: amounts})
	}
	slices.SortFunc(all, func(a, b openstack.Allocation) int { return cmp.Compare(a.ProviderUUID, b.ProviderUUID) })
	words := make([]string, len(all))
	for i, a := range all {
		words[i] = check.Amounts(a.Resources) + " on " + p.called(a.ProviderUUID)
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, " and ")
}

func one(c repair.Consumer) repair.State {
	return repair.State{Consumers: []repair.Consumer{c}}
}

func provided(p repair.Provider) repair.State {
	return repair.State{Providers: []repair.Provider{p}}
}
