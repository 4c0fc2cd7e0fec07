// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// result tells how the providers are after these changes; in check mode how they would be.
func (t *task) result(made []repair.Change) *Result {
	r := &Result{Changed: len(made) > 0, Providers: []Provider{}, Holders: []Holder{}, Diff: []Diff{}, Requests: t.clients.Session.Requests()}
	var words []string
	for _, c := range made {
		before, after := c.Before.Providers[0], c.After.Providers[0]
		r.Diff = append(r.Diff, Diff{"resource provider " + before.UUID, "resource provider " + after.UUID, shown(before), shown(after)})
		if !after.Absent {
			r.Providers = append(r.Providers, Provider{after.UUID, after.Name, after.Parent, after.Generation})
		}
		words = append(words, said(before, after, t.call.CheckMode))
	}
	switch {
	case len(made) > 0:
		r.Msg = strings.Join(words, "; ")
		if !t.call.CheckMode {
			r.Journal = t.journal
		}
	case t.have == nil:
		r.Msg = "nothing to change: there is no resource provider " + t.o.Provider
	default:
		p := t.have
		r.Msg = fmt.Sprintf("nothing to change: resource provider %s (%s) is as wanted", p.Name, p.UUID)
		r.Providers = append(r.Providers, Provider{p.UUID, p.Name, p.ParentUUID, p.Generation})
	}
	return r
}

func shown(p repair.Provider) *repair.Provider {
	if p.Absent {
		return nil
	}
	return &p
}

// said is what became of a provider, or would.
func said(before, after repair.Provider, dry bool) string {
	did := func(done, would string) string { return map[bool]string{false: done, true: "would " + would}[dry] }
	switch {
	case before.Absent:
		return fmt.Sprintf("%s resource provider %s (%s)", did("created", "create"), after.Name, after.UUID)
	case after.Absent:
		return fmt.Sprintf("%s resource provider %s (%s)", did("deleted", "delete"), before.Name, before.UUID)
	case before.Name != after.Name:
		return fmt.Sprintf("%s resource provider %s (%s) to %s", did("renamed", "rename"), before.Name, before.UUID, after.Name)
	}
	return fmt.Sprintf("%s resource provider %s (%s) another parent", did("gave", "give"), after.Name, after.UUID)
}
