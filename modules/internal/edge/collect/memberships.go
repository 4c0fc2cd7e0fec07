// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// readMemberships reads which aggregates each root is a member of. In a large cloud one list is read for each host
// aggregate instead; aggregates that Nova does not have are not seen then.
func (r *reader) readMemberships(ctx context.Context) error {
	roots := r.roots()
	r.s.EveryMembership = r.EveryMembership || len(roots) <= r.Exact || !r.s.Parts[snapshot.Aggregates].Read
	read := r.readMembers
	if r.s.EveryMembership {
		read = func(ctx context.Context) error {
			return perProvider(ctx, r, roots, r.Placement.Aggregates, &r.s.MembershipMap)
		}
	}
	err := read(ctx)
	if fatal(err) {
		return err
	}
	for _, p := range r.s.ProviderList {
		if _, known := r.s.MembershipMap[p.UUID]; !known {
			r.s.MembershipMap[p.UUID] = []string{}
		}
	}
	return err
}

func (r *reader) roots() []string {
	var out []string
	for _, p := range r.s.ProviderList {
		if p.IsRoot() {
			out = append(out, p.UUID)
		}
	}
	return out
}

func (r *reader) readMembers(ctx context.Context) error {
	r.s.MembershipMap = map[string][]string{}
	for _, a := range r.s.AggregateList {
		members, err := r.Placement.Providers(ctx, url.Values{"member_of": {a.UUID}})
		if err != nil {
			return err
		}
		for _, p := range members {
			r.s.MembershipMap[p.UUID] = append(r.s.MembershipMap[p.UUID], a.UUID)
		}
	}
	return nil
}
