// SPDX-License-Identifier: Apache-2.0

package cutoffsharing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// judgeHosts judges a provider that shares with some compute nodes: does it with those whose servers hold something of it?
func judgeHosts(p *check.Pass, provider openstack.Provider) {
	nodes := apart(p.Snapshot, provider)
	switch {
	case len(nodes) == 0:
	case !p.Snapshot.EveryMembership:
		p.NotJudged(provider.UUID, unread)
	default:
		reportHosts(p, provider, nodes)
	}
}

// apart lists the compute nodes that are in no aggregate with a provider of which their servers hold something, by name.
func apart(s *snapshot.Snapshot, provider openstack.Provider) []openstack.Hypervisor {
	var nodes []openstack.Hypervisor
	for _, a := range s.HeldOn(provider.UUID) {
		server, _ := s.Server(a.ConsumerUUID)
		node, known := s.NodeOf(server)
		if known && server.TaskState == "" && !slices.Contains(nodes, node) && !together(s, node, provider) {
			nodes = append(nodes, node)
		}
	}
	slices.SortFunc(nodes, func(a, b openstack.Hypervisor) int { return strings.Compare(a.Name, b.Name) })
	return nodes
}

// together reports whether a provider is in an aggregate with a compute node, or with what is nested in that. A node that has no
// provider is another fault (PLC205), and so is one that Nova has in such an aggregate (PLC401).
func together(s *snapshot.Snapshot, node openstack.Hypervisor, provider openstack.Provider) bool {
	if _, there := s.Provider(node.UUID); !there {
		return true
	}
	shared := s.Memberships(provider.UUID)
	ofNova := func(a openstack.Aggregate) bool {
		return slices.Contains(shared, a.UUID) && slices.Contains(a.Hosts, node.ServiceHost)
	}
	if s.Has(snapshot.Aggregates) && slices.ContainsFunc(s.Aggregates(), ofNova) {
		return true
	}
	return slices.ContainsFunc(s.Tree(node.UUID), func(part openstack.Provider) bool {
		return slices.ContainsFunc(s.Memberships(part.UUID), func(uuid string) bool { return slices.Contains(shared, uuid) })
	})
}

func reportHosts(p *check.Pass, provider openstack.Provider, nodes []openstack.Hypervisor) {
	const most = 5
	var names []string
	for _, node := range nodes {
		names = append(names, node.ServiceHost)
	}
	where := strings.Join(names[:min(len(names), most)], ", ")
	if len(names) > most {
		where += fmt.Sprintf(" and %d more", len(names)-most)
	}
	facts := evidence(p, provider)
	facts["hosts"] = names
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) shares its inventory through aggregates, but is in none with %s, whose servers hold something "+
			"of it: it gives nothing to new servers there", provider.Name, provider.UUID, where),
		Evidence: facts, Remedy: remedy(provider),
	})
}
