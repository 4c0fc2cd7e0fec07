// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// NodeOf returns the compute node that a server runs on: the one of its host, or where the host may have several, as with bare
// metal, the one that has the name of the server's node. False if Nova shows none. Needs Hypervisors.
func (s *Snapshot) NodeOf(server openstack.Server) (openstack.Hypervisor, bool) {
	if server.Host == "" {
		return openstack.Hypervisor{}, false
	}
	ofHost := s.NodesOf(server.Host)
	if len(ofHost) == 1 && !ofHost[0].ManyNodes() {
		return ofHost[0], true
	}
	i := slices.IndexFunc(ofHost, func(h openstack.Hypervisor) bool { return h.Name == server.Node })
	if i < 0 {
		return s.rehashed(server.Node)
	}
	return ofHost[i], true
}

// rehashed returns the bare-metal node of that name, whichever nova-compute has it now: nodes go from one to another when one
// stops, and their servers keep the host that they had.
func (s *Snapshot) rehashed(name string) (openstack.Hypervisor, bool) {
	i := slices.IndexFunc(s.Hypervisors(), func(h openstack.Hypervisor) bool { return h.Type == "ironic" && h.Name == name })
	if i < 0 {
		return openstack.Hypervisor{}, false
	}
	return s.Hypervisors()[i], true
}

// Adrift returns the bare-metal node of a server that another nova-compute manages now, while that of the server's host is down:
// Nova sends what is asked of the server to the one that is down. Needs Hypervisors and Services.
func (s *Snapshot) Adrift(server openstack.Server) (openstack.Hypervisor, bool) {
	node, known := s.NodeOf(server)
	if !known || node.Type != "ironic" || node.ServiceHost == server.Host {
		return openstack.Hypervisor{}, false
	}
	return node, slices.ContainsFunc(s.Services(), func(v openstack.ComputeService) bool {
		return v.Binary == "nova-compute" && v.Host == server.Host && v.State == "down"
	})
}

// ComputeOf returns the provider of the compute service that a provider is part of: the nearest one upwards that is a compute
// node's, which is not always a root, or the root of the tree if that is a compute root. Needs what ComputeRoot needs.
func (s *Snapshot) ComputeOf(uuid string) (openstack.Provider, bool) {
	p, ok := s.Provider(uuid)
	for range s.ProviderList { // a file may hold a circle of parents
		if _, live := s.Hypervisor(p.UUID); live || !ok || p.IsRoot() {
			break
		}
		p, ok = s.Provider(p.ParentUUID)
	}
	if _, live := s.Hypervisor(p.UUID); ok && live && !s.Sharing(p.UUID) {
		return p, true
	}
	root, ok := s.Root(uuid)
	return root, ok && s.ComputeRoot(root.UUID)
}

// ComputeTrees returns the providers of the compute services of which a consumer holds something, by name. Needs Allocations
// and what ComputeRoot needs.
func (s *Snapshot) ComputeTrees(consumer string) []openstack.Provider {
	var computes []openstack.Provider
	for _, a := range s.Held(consumer) {
		compute, ok := s.ComputeOf(a.ProviderUUID)
		known := func(p openstack.Provider) bool { return p.UUID == compute.UUID }
		if ok && !slices.ContainsFunc(computes, known) {
			computes = append(computes, compute)
		}
	}
	slices.SortFunc(computes, func(a, b openstack.Provider) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.UUID, b.UUID))
	})
	return computes
}

// Since returns when Nova last wrote something about a server or one of its moves: a task or a build stands since then at
// the latest. Zero if Nova does not say. Needs Migrations.
func (s *Snapshot) Since(server openstack.Server) time.Time {
	since := server.Created
	if server.Updated.After(since) {
		since = server.Updated
	}
	for _, m := range s.MigrationsOf(server.UUID) {
		if m.Since().After(since) {
			since = m.Since()
		}
	}
	return since
}

// Older reports whether something stands for longer than this. What has no time never does.
func (s *Snapshot) Older(since time.Time, than time.Duration) bool {
	return !since.IsZero() && s.TakenAt.Sub(since) > than
}

// Busy says why what a server holds may be on its way to something else; empty if it stands still. Tasks, builds and moves
// that stand for longer than patience are stuck: they excuse nothing. Needs Migrations.
func (s *Snapshot) Busy(server openstack.Server, patience time.Duration) string {
	fresh := !s.Older(s.Since(server), patience)
	moving := func(m openstack.Migration) bool { return m.InProgress() && !s.Older(m.Since(), patience) }
	switch {
	case server.Status == openstack.Unknown && server.VMState != "": // of a cell that does not answer, nothing says its state
		return "its flavor can't be read"
	case server.Status == openstack.Unknown:
		return "its cell does not answer"
	case server.TaskState != "" && fresh:
		return "a task is under way: " + server.TaskState
	case slices.ContainsFunc(s.MigrationsOf(server.UUID), moving):
		return "a move is in progress"
	case server.VMState == "soft-delete", server.Status == "SOFT_DELETED", server.Status == "DELETED":
		return "it is being deleted"
	case server.Status == "BUILD" && fresh:
		return "it is being built"
	}
	return ""
}

// HostServices returns the compute services of a host: those of that very name, or if there is none, those whose names differ
// from it only in case. Needs Services.
func (s *Snapshot) HostServices(host string) (same, alike []string) {
	for _, service := range s.Services() {
		switch {
		case service.Binary != "nova-compute":
		case service.Host == host:
			same = append(same, service.Host)
		case strings.EqualFold(service.Host, host):
			alike = append(alike, service.Host)
		}
	}
	return same, alike
}
