// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// NodeOf returns the compute node that a server runs on: the one of its host, or where the host has several, as bare metal
// has, the one that has the name of the server's node. False if Nova shows none. Needs Hypervisors.
func (s *Snapshot) NodeOf(server openstack.Server) (openstack.Hypervisor, bool) {
	if server.Host == "" {
		return openstack.Hypervisor{}, false
	}
	ofHost := s.NodesOf(server.Host)
	if len(ofHost) == 1 {
		return ofHost[0], true
	}
	i := slices.IndexFunc(ofHost, func(h openstack.Hypervisor) bool { return h.Name == server.Node })
	if i < 0 {
		return openstack.Hypervisor{}, false
	}
	return ofHost[i], true
}

// ComputeTrees returns the roots of the compute trees in which a consumer holds something, by name. Needs Allocations and
// what ComputeRoot needs.
func (s *Snapshot) ComputeTrees(consumer string) []openstack.Provider {
	var roots []openstack.Provider
	for _, a := range s.Held(consumer) {
		root, ok := s.Root(a.ProviderUUID)
		known := func(p openstack.Provider) bool { return p.UUID == root.UUID }
		if ok && s.ComputeRoot(root.UUID) && !slices.ContainsFunc(roots, known) {
			roots = append(roots, root)
		}
	}
	slices.SortFunc(roots, func(a, b openstack.Provider) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.UUID, b.UUID))
	})
	return roots
}

// Busy says why what a server holds may be on its way to something else; empty if it stands still. Needs Migrations.
func (s *Snapshot) Busy(server openstack.Server) string {
	switch {
	case server.Status == openstack.Unknown:
		return "its cell does not answer"
	case server.TaskState != "":
		return "a task is under way: " + server.TaskState
	case s.Moving(server.UUID):
		return "a move is in progress"
	case server.VMState == "soft-delete", server.Status == "SOFT_DELETED", server.Status == "DELETED":
		return "it is being deleted"
	case server.Status == "BUILD":
		return "it is being built"
	}
	return ""
}
