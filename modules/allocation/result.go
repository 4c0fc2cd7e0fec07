// SPDX-License-Identifier: Apache-2.0

package allocation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// result tells how the consumers are now; in check mode how they would be.
func (t *task) result(c repair.Change, now repair.State, changed bool) *Result {
	r := &Result{Changed: changed, Consumers: []Consumer{}, Diff: []Diff{}, Requests: t.clients.Session.Requests()}
	for _, one := range now.Consumers {
		r.Consumers = append(r.Consumers, Consumer{one.UUID, one.Generation, one.ProjectID, one.UserID, one.Held})
	}
	if !changed {
		r.Msg = "nothing to change: consumer " + t.o.Consumer + " " + t.holds(c.Before.Consumers[0].Held)
		return r
	}
	if !t.call.CheckMode {
		r.Journal = t.journal
	}
	var words []string
	for i, before := range c.Before.Consumers {
		after := c.After.Consumers[i]
		r.Diff = append(r.Diff, Diff{"consumer " + before.UUID, "consumer " + after.UUID, before.Held, after.Held})
		words = append(words, fmt.Sprintf("consumer %s %s, before it %s", after.UUID, t.holds(after.Held), strings.Replace(t.holds(before.Held), "holds", "held", 1)))
	}
	r.Msg = strings.Join(words, "; ")
	if t.call.CheckMode {
		r.Msg = "would change: " + r.Msg
	}
	return r
}

// holds says what a consumer holds.
func (t *task) holds(all repair.Held) string {
	var words []string
	for _, provider := range slices.Sorted(maps.Keys(all)) {
		var amounts []string
		for _, class := range slices.Sorted(maps.Keys(all[provider])) {
			amounts = append(amounts, fmt.Sprintf("%s %d", class, all[provider][class]))
		}
		words = append(words, strings.Join(amounts, ", ")+" on "+t.name(provider))
	}
	if len(words) == 0 {
		return "holds nothing"
	}
	return "holds " + strings.Join(words, " and ")
}
