// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
)

// refusal is the whole refusal of a task: data, and one sentence that a person can read.
type refusal struct {
	refused   []Refused
	late      bool // others were written before, or classes created: this provider has changed since all were judged
	unsettled bool // whether an earlier write was applied is unknown
}

// ResultKeys puts the data into the result of the failed task.
func (r *refusal) ResultKeys() map[string]any { return map[string]any{"refused": r.refused} }

// Error says for each class what was asked, what is used and what would be safe.
func (r *refusal) Error() string {
	texts := make([]string, len(r.refused))
	for i, one := range r.refused {
		texts[i] = one.text()
	}
	head := "refused, and nothing was written: "
	switch {
	case r.unsettled:
		head = fmt.Sprintf("refused, and %v: ", change.ErrUnsettled)
	case r.late:
		head = "refused: "
	}
	return head + strings.Join(texts, "; ")
}

func (r Refused) text() string {
	if r.Field == "" {
		return fmt.Sprintf("%s of %s is in use: %d are used%s", r.Class, r.Provider, r.Used, r.holders())
	}
	safe := "there is no safe value of it with the other fields as wanted"
	if r.LowestSafe != nil {
		word := "lowest"
		if r.Field == "reserved" {
			word = "highest"
		}
		safe = fmt.Sprintf("the %s safe value is %v", word, r.LowestSafe)
	}
	return fmt.Sprintf("%s.%s=%v of %s gives a capacity of %d (now %d), but %d are used%s; %s",
		r.Class, r.Field, r.Asked, r.Provider, r.CapacityAfter, r.CapacityBefore, r.Used, r.holders(), safe)
}

func (r Refused) holders() string {
	if len(r.Consumers) == 0 {
		return ""
	}
	words := make([]string, len(r.Consumers))
	for i, c := range r.Consumers {
		words[i] = fmt.Sprintf("%s%s %d", c.UUID, c.who(), c.Amount)
	}
	return ", most by " + strings.Join(words, ", ")
}

const mostConsumers = 5

// refused gathers what is refused, with the largest consumers of each class.
func (t *task) refused(ctx context.Context) []Refused {
	out := []Refused{}
	for _, j := range t.jobs {
		if j.view == nil || len(j.view.Plan.Refused) == 0 || j.written {
			continue
		}
		held, err := t.client.Allocations(ctx, j.UUID)
		if err != nil {
			t.call.Warn("could not read who uses %s: %v", j.Name, err)
		}
		for _, r := range j.view.Plan.Refused {
			out = append(out, Refused{Provider: j.Name, UUID: j.UUID, Refusal: r, Consumers: largest(held.Allocations, r.Class)})
		}
	}
	t.name(ctx, out)
	return out
}

func largest(held []openstack.Allocation, class string) []Consumer {
	all := []Consumer{}
	for _, a := range held {
		if n := a.Resources[class]; n > 0 {
			all = append(all, Consumer{UUID: a.ConsumerUUID, Amount: n})
		}
	}
	slices.SortFunc(all, func(a, b Consumer) int { return cmp.Or(cmp.Compare(b.Amount, a.Amount), cmp.Compare(a.UUID, b.UUID)) })
	return all[:min(len(all), mostConsumers)]
}

// result says how the providers are now, or, if the real run would write, would be.
func (t *task) result(would bool) *Result {
	r := &Result{Providers: []Provider{}, CreatedClasses: []string{}, Refused: []Refused{}, Clamped: []Clamped{}, Diff: []Diff{}, dry: t.call.CheckMode}
	switch {
	case len(t.created) > 0:
		r.CreatedClasses, r.Changed = t.created, true
	case would && t.changes() && len(t.missing) > 0:
		r.CreatedClasses, r.Changed = t.missing, true
	}
	for _, j := range t.jobs {
		if j.view != nil {
			r.add(j, would)
		}
	}
	if t.changes() && !t.call.CheckMode && t.writer.Journal != nil {
		r.Journal = t.journal
	}
	r.Msg = r.sentence(t.call.CheckMode)
	r.Requests = t.clients.Session.Requests()
	return r
}

func (r *Result) add(j *job, would bool) {
	plan := j.view.Plan
	changed := plan.Changes() && (j.written || would)
	p := Provider{UUID: j.UUID, Name: j.Name, Generation: j.view.Generation, Changed: changed, Inventories: plan.Before, Usages: j.view.Used}
	if changed {
		p.Inventories, p.was = plan.After, plan.Before
		r.Changed = true
		r.Diff = append(r.Diff, Diff{j.Name, j.Name, changedOnly(plan.Before, plan.After), changedOnly(plan.After, plan.Before)})
	}
	r.Providers = append(r.Providers, p)
	for _, c := range plan.Clamped {
		r.Clamped = append(r.Clamped, Clamped{j.Name, j.UUID, c})
	}
}

// changedOnly returns the inventories of a that are not the same in b.
func changedOnly(a, b change.Inventories) change.Inventories {
	out := maps.Clone(a)
	maps.DeleteFunc(out, func(class string, i openstack.Inventory) bool { other, there := b[class]; return there && other == i })
	return out
}

func (r *Result) sentence(check bool) string {
	n := 0
	for _, p := range r.Providers {
		if p.Changed {
			n++
		}
	}
	changed, created := "changed", "created"
	if check {
		changed, created = "would change", "would create"
	}
	text := fmt.Sprintf("%d of %d resource providers %s", n, len(r.Providers), changed)
	if len(r.CreatedClasses) > 0 {
		text += fmt.Sprintf("; %s: %s", created, names(r.CreatedClasses))
	}
	for _, c := range r.Clamped {
		text += fmt.Sprintf("; %s.%s of %s is %v instead of %v, which would be below its usage", c.Class, c.Field, c.Provider, c.Set, c.Asked)
	}
	return text
}
