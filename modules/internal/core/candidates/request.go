// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Zone asks for an availability zone, as Nova does: for one of the host aggregates that have it. It reports whether there is one.
func (r *Request) Zone(zone string, aggregates []openstack.Aggregate) bool {
	var uuids []string
	for _, a := range aggregates {
		if a.Zone() == zone {
			uuids = append(uuids, a.UUID)
		}
	}
	slices.Sort(uuids)
	for i := range r.Groups {
		if len(uuids) > 0 && r.Groups[i].Suffix == "" {
			r.Groups[i].MemberOf = append(r.Groups[i].MemberOf, uuids)
		}
	}
	return len(uuids) > 0
}

// Only asks for the compute nodes of one host. Nova asks Placement for the tree of a single one; of several it takes from the answer
// what is theirs (scheduler/utils.py, resources_from_request_spec).
func (r *Request) Only(nodes []string) {
	if len(nodes) != 1 {
		r.Nodes = nodes
		return
	}
	for i := range r.Groups {
		if r.Groups[i].Suffix == "" {
			r.Groups[i].InTree = nodes[0]
		}
	}
}

// Traits lists all traits that the request names.
func (r *Request) Traits() []string {
	out := slices.Concat(r.RootRequired, r.RootForbidden)
	for _, g := range r.Groups {
		out = append(out, slices.Concat(g.Required...)...)
		out = append(out, g.Forbidden...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Requires reports whether a group of the request requires the trait.
func (r *Request) Requires(trait string) bool {
	return slices.ContainsFunc(r.Groups, func(g Group) bool {
		return slices.ContainsFunc(g.Required, func(list []string) bool { return slices.Equal(list, []string{trait}) })
	})
}

// Aggregates lists the UUIDs of all aggregates that the request names.
func (r *Request) Aggregates() []string {
	var out []string
	for _, g := range r.Groups {
		out = append(out, slices.Concat(g.MemberOf...)...)
		out = append(out, g.NotMemberOf...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
