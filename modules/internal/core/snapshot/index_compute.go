// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/lookup"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Servers returns all servers. Needs Servers.
func (s *Snapshot) Servers() []openstack.Server {
	s.need(Servers)
	return s.ServerList
}

// Server returns the server of that UUID. Needs Servers.
func (s *Snapshot) Server(uuid string) (openstack.Server, bool) {
	s.need(Servers)
	return lookup.Last(&s.indexed().server, s.ServerList, func(v *openstack.Server) string { return v.UUID }, uuid)
}

// Migrations returns all migrations. Needs Migrations.
func (s *Snapshot) Migrations() []openstack.Migration {
	s.need(Migrations)
	return s.MigrationList
}

// Migration returns the migration of that UUID. Needs Migrations.
func (s *Snapshot) Migration(uuid string) (openstack.Migration, bool) {
	s.need(Migrations)
	return lookup.Last(&s.indexed().migration, s.MigrationList, func(m *openstack.Migration) string { return m.UUID }, uuid)
}

// Moving reports whether a move of the server is in progress. Needs Migrations.
func (s *Snapshot) Moving(server string) bool {
	return slices.ContainsFunc(s.MigrationsOf(server), openstack.Migration.InProgress)
}

// MigrationsOf returns the moves of a server, done or not. Needs Migrations.
func (s *Snapshot) MigrationsOf(server string) []openstack.Migration {
	s.need(Migrations)
	return lookup.All(&s.indexed().ofServer, s.MigrationList, func(m *openstack.Migration) string { return m.ServerUUID }, server)
}

// Hypervisors returns all compute nodes. Needs Hypervisors.
func (s *Snapshot) Hypervisors() []openstack.Hypervisor {
	s.need(Hypervisors)
	return s.HypervisorList
}

// Hypervisor returns the compute node of that UUID. Needs Hypervisors.
func (s *Snapshot) Hypervisor(uuid string) (openstack.Hypervisor, bool) {
	s.need(Hypervisors)
	return lookup.Last(&s.indexed().hypervisor, s.HypervisorList, func(h *openstack.Hypervisor) string { return h.UUID }, uuid)
}

// HypervisorsNamed returns the compute nodes of a name, whatever the case of its letters. Needs Hypervisors.
func (s *Snapshot) HypervisorsNamed(name string) []openstack.Hypervisor {
	s.need(Hypervisors)
	return lookup.All(&s.indexed().titled, s.HypervisorList, func(h *openstack.Hypervisor) string { return strings.ToLower(h.Name) }, strings.ToLower(name))
}

// NodesOf returns the compute nodes of a service host: one, or with bare metal several. Needs Hypervisors.
func (s *Snapshot) NodesOf(host string) []openstack.Hypervisor {
	s.need(Hypervisors)
	return lookup.All(&s.indexed().onHost, s.HypervisorList, func(h *openstack.Hypervisor) string { return h.ServiceHost }, host)
}

// Computes returns the nova-compute of each compute node that has one, by the UUID of the node. Needs Services and Hypervisors.
func (s *Snapshot) Computes() map[string]openstack.ComputeService {
	byHost, out := map[string]openstack.ComputeService{}, map[string]openstack.ComputeService{}
	for _, service := range s.Services() {
		if service.Binary == "nova-compute" {
			byHost[service.Host] = service
		}
	}
	for _, node := range s.Hypervisors() {
		if service, has := byHost[node.ServiceHost]; has {
			out[node.UUID] = service
		}
	}
	return out
}

// Services returns all Nova services. Needs Services.
func (s *Snapshot) Services() []openstack.ComputeService {
	s.need(Services)
	return s.ServiceList
}

// Aggregates returns all host aggregates. Needs Aggregates.
func (s *Snapshot) Aggregates() []openstack.Aggregate {
	s.need(Aggregates)
	return s.AggregateList
}
