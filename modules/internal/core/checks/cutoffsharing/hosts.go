// SPDX-License-Identifier: Apache-2.0

package cutoffsharing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const doubtful = "servers hold something of it, but their shares are those of a move too, or their host has another shared provider"

// judgeHosts judges a provider that shares with some compute nodes: does it with those whose servers hold something of it?
func judgeHosts(p *check.Pass, provider openstack.Provider) {
	nodes, doubt := apart(p.Snapshot, provider)
	switch {
	case len(nodes) == 0 && doubt:
		p.NotJudged(provider.UUID, doubtful)
	case len(nodes) == 0:
	case !p.Snapshot.EveryMembership:
		p.NotJudged(provider.UUID, unread)
	default:
		reportHosts(p, provider, nodes)
	}
}

// apart lists the compute nodes that are in no aggregate with a provider of which their servers hold something, by name. It also
// reports whether there may be others: of servers whose shares do not show that they use the provider where they are.
func apart(s *snapshot.Snapshot, provider openstack.Provider) (nodes []openstack.Hypervisor, doubt bool) {
	for _, a := range s.HeldOn(provider.UUID) {
		server, _ := s.Server(a.ConsumerUUID)
		node, known := s.NodeOf(server)
		switch {
		case !known || server.TaskState != "" || slices.Contains(nodes, node) || together(s, node, provider):
		case !usesThere(s, node, a):
			doubt = true
		default:
			nodes = append(nodes, node)
		}
	}
	slices.SortFunc(nodes, func(a, b openstack.Hypervisor) int { return strings.Compare(a.Name, b.Name) })
	return nodes, doubt
}

// usesThere reports whether a server's share of a sharing provider belongs to the node that the server is on. A server that was evacuated
// keeps its share of the old host's pool, and one whose share is wrong holds a pool that its host never had: such a server holds
// something of another host, nothing of its own, or the class a second time, or its host has a pool of its own.
func usesThere(s *snapshot.Snapshot, node openstack.Hypervisor, share openstack.Allocation) bool {
	own := false
	for _, a := range s.Held(share.ConsumerUUID) {
		compute, ofHost := s.ComputeOf(a.ProviderUUID)
		switch {
		case a.ProviderUUID == share.ProviderUUID:
		case ofHost && compute.UUID != node.UUID, common(a, share):
			return false
		default:
			own = own || ofHost
		}
	}
	another := func(p openstack.Provider) bool {
		return p.UUID != share.ProviderUUID && s.Sharing(p.UUID) && together(s, node, p)
	}
	return own && !slices.ContainsFunc(s.Providers(), another)
}

// common reports whether two allocations are of a resource class in common.
func common(a, b openstack.Allocation) bool {
	for class := range a.Resources {
		if _, both := b.Resources[class]; both {
			return true
		}
	}
	return false
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
		Evidence: facts,
		Remedy: check.Remedy{
			Text: fmt.Sprintf("Find out which aggregate resource provider %s is to share with %s: each compute node in an aggregate gets what is "+
				"shared in it. Put whichever of the two is missing into that aggregate. Setting the list of aggregates replaces it: give the "+
				"whole list", check.Named(provider.Name, provider.UUID), where),
			Command: foreign.Command("openstack --os-placement-api-version 1.19 resource provider aggregate list %s", provider.UUID),
		},
	})
}
