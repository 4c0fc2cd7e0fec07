// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Parts lists the parts of a snapshot that a judgement needs; those of Nova only add to what is told.
func Parts() []snapshot.Part {
	return []snapshot.Part{snapshot.Providers, snapshot.Usages, snapshot.Capacities, snapshot.Inventories}
}

// FromSnapshot takes the providers of a snapshot, with who has which trait and who is in which aggregate. It fails if one of Parts was not
// read as a whole: what is unknown is not nothing.
func FromSnapshot(s *snapshot.Snapshot, holders, members map[string][]string) ([]Provider, error) {
	for _, part := range Parts() {
		if st := s.Parts[part]; !st.Read {
			return nil, fmt.Errorf("the %s of resource providers could not be read: %s", part, st.Reason)
		}
	}
	traits, aggregates := turned(holders), turned(members)
	out := make([]Provider, 0, len(s.Providers()))
	for _, p := range s.Providers() {
		out = append(out, Provider{
			Provider: p, Inventories: s.Inventory(p.UUID), Usages: s.Usage(p.UUID), Traits: traits[p.UUID], Aggregates: aggregates[p.UUID],
		})
	}
	return out, nil
}

// Strange returns the traits of a request of which a saved snapshot does not tell who has them: it has the traits that an audit reads,
// and no others. It fails if the snapshot has no traits.
func Strange(s *snapshot.Snapshot, r *Request) ([]string, error) {
	if _, reason, unread := s.Unread([]snapshot.Part{snapshot.Traits}); unread {
		return nil, fmt.Errorf("the snapshot lacks traits: %s", reason)
	}
	return slices.DeleteFunc(r.Traits(), s.KnowsTrait), nil
}

// Saved takes the providers of a saved snapshot. Requests with traits that are Strange can't be judged on them.
func Saved(s *snapshot.Snapshot) ([]Provider, error) {
	if _, reason, unread := s.Unread([]snapshot.Part{snapshot.Traits, snapshot.Memberships}); unread {
		return nil, fmt.Errorf("the snapshot lacks traits or memberships: %s", reason)
	}
	members := map[string][]string{}
	for _, p := range s.Providers() {
		for _, a := range s.Memberships(p.UUID) {
			members[a] = append(members[a], p.UUID)
		}
	}
	return FromSnapshot(s, s.TraitHolders, members)
}

// turned makes of lists by name lists of names.
func turned(lists map[string][]string) map[string][]string {
	out := map[string][]string{}
	for name, members := range lists {
		for _, one := range members {
			out[one] = append(out[one], name)
		}
	}
	for one := range out {
		slices.Sort(out[one])
	}
	return out
}
