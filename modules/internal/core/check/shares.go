// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Shares is what a server holds, told apart by whose it is: of its own compute node and what is nested in it, of other
// compute services, and of neither, as shared storage is.
type Shares struct{ Own, Elsewhere, Beside []openstack.Allocation }

// SharesOf tells apart what a server holds. own is the UUID of its compute node, empty if Nova shows none. Needs
// Allocations and what ComputeRoot needs.
func SharesOf(s *snapshot.Snapshot, server, own string) Shares {
	var shares Shares
	held := s.Held(server)
	slices.SortFunc(held, func(a, b openstack.Allocation) int { return strings.Compare(a.ProviderUUID, b.ProviderUUID) })
	for _, a := range held {
		switch compute, ok := s.ComputeOf(a.ProviderUUID); {
		case !ok:
			shares.Beside = append(shares.Beside, a)
		case compute.UUID == own:
			shares.Own = append(shares.Own, a)
		default:
			shares.Elsewhere = append(shares.Elsewhere, a)
		}
	}
	return shares
}

// Moved returns what a server would hold if what it holds elsewhere were on its own node. False if that can't be told: what
// is nested in another host has no place of its own here, of several hosts only equal shares are one, and its own node may not offer
// what another does, as where one has shared storage, or one of them is bare metal.
func (h Shares) Moved(s *snapshot.Snapshot, own string) ([]openstack.Allocation, bool) {
	if len(h.Own) > 0 || len(h.Elsewhere) == 0 {
		return nil, false
	}
	for _, a := range h.Elsewhere {
		compute, _ := s.ComputeOf(a.ProviderUUID)
		if compute.UUID != a.ProviderUUID || !maps.Equal(a.Resources, h.Elsewhere[0].Resources) {
			return nil, false
		}
	}
	moved, offered := openstack.Allocation{ProviderUUID: own, Resources: h.Elsewhere[0].Resources}, s.Capacity(own)
	for class := range moved.Resources {
		if _, offers := offered[class]; !offers && len(offered) > 0 {
			return nil, false
		}
	}
	return append([]openstack.Allocation{moved}, h.Beside...), true
}

// Move is the remedy for a server that holds nothing of its own host: it is moved, for if that were taken away it would hold
// nothing. Needs what ComputeRoot needs.
func Move(s *snapshot.Snapshot, server openstack.Server, node openstack.Hypervisor, shares Shares) Remedy {
	text := fmt.Sprintf("Move the allocation of server %s from %s to its own host %s in one request with its generation, while "+
		"nothing is done with the server", Named(server.Name, server.UUID), Places(s, shares.Elsewhere), Named(node.Name, node.UUID))
	moved, ok := shares.Moved(s, node.UUID)
	if _, there := s.Provider(node.UUID); !there {
		return Remedy{Text: text + ". First give that host a resource provider (PLC205)"}
	}
	if s.Has(snapshot.Capacities) && len(s.Capacity(node.UUID)) == 0 {
		return Remedy{Text: text + ". First let nova-compute write its inventory (PLC207): until then Placement refuses that"}
	}
	if !ok {
		return Remedy{Text: text + ": PUT /allocations/" + server.UUID + " at microversion 1.28 to 1.37, with what its flavor asks for"}
	}
	if first, full := RoomFirst(s, server, moved); full {
		return first
	}
	owner := openstack.Owner{ConsumerUUID: server.UUID, ProjectID: server.ProjectID, UserID: server.UserID}
	return Remedy{Text: text, Command: Rewrite(owner, moved)}
}

// ProvidersOf lists the providers of shares.
func ProvidersOf(shares []openstack.Allocation) []string {
	uuids := make([]string, len(shares))
	for i, a := range shares {
		uuids[i] = a.ProviderUUID
	}
	return uuids
}

// Places names the providers of shares: "cn1 (772c…) and cn1_pci (32cc…)".
func Places(s *snapshot.Snapshot, shares []openstack.Allocation) string {
	words := make([]string, len(shares))
	for i, a := range shares {
		provider, _ := s.Provider(a.ProviderUUID)
		words[i] = Named(provider.Name, a.ProviderUUID)
	}
	return strings.Join(words, " and ")
}

// Return is the fault of a move that ended without its end: the server is on the host that it left, and the migration still
// holds what is there.
type Return struct {
	Migration openstack.Migration
	server    openstack.Server
	shares    []openstack.Allocation // of the migration
	after     int                    // the generation of the server's allocation; none: nil in the request
	holds     bool
}

// ReturnOf finds the migration that ended and holds what a server should have back: the server is on the host that the
// move began on, holds nothing there, and the migration holds something of that host and of no other. Needs Providers, Allocations
// and Migrations.
func ReturnOf(s *snapshot.Snapshot, server openstack.Server) (Return, bool) {
	held := s.Held(server.UUID)
	if server.Host == "" || slices.ContainsFunc(held, atHome(s, server)) {
		return Return{}, false
	}
	for _, m := range s.MigrationsOf(server.UUID) {
		shares := s.Held(m.UUID)
		if m.InProgress() || m.SourceHost != server.Host || m.SourceNode != server.Node || len(shares) == 0 {
			continue
		}
		if slices.ContainsFunc(hosted(shares), func(a openstack.Allocation) bool { return !atHome(s, server)(a) }) {
			continue // such as what a live migration was to have on its destination
		}
		slices.SortFunc(shares, func(a, b openstack.Allocation) int { return strings.Compare(a.ProviderUUID, b.ProviderUUID) })
		return Return{m, server, shares, Generation(held), len(held) > 0}, true
	}
	return Return{}, false
}

// atHome reports whether a share is of the node that a server is on, or of what is nested in that. The provider of a node has its
// UUID and its name; one of them may be wrong.
func atHome(s *snapshot.Snapshot, server openstack.Server) func(openstack.Allocation) bool {
	var node openstack.Hypervisor
	if s.Usable(snapshot.Hypervisors) {
		node, _ = s.NodeOf(server)
	}
	most := s.Providers() // a file may hold a circle of parents
	return func(a openstack.Allocation) bool {
		p, ok := s.Provider(a.ProviderUUID)
		for range most {
			if ok && (p.UUID == node.UUID || p.Name == server.Node) {
				return true
			}
			p, ok = s.Provider(p.ParentUUID)
		}
		return false
	}
}

// hosted returns the shares of hosts: shared storage may give to the server and to its migration at once.
func hosted(shares []openstack.Allocation) []openstack.Allocation {
	hosts := slices.DeleteFunc(slices.Clone(shares), func(a openstack.Allocation) bool {
		return !slices.ContainsFunc(snapshot.Hosting(), func(class string) bool { return a.Resources[class] > 0 })
	})
	if len(hosts) == 0 {
		return shares
	}
	return hosts
}

// Remedy is one request, for neither half of it works alone: the server's part finds no room while the migration holds it,
// and without the migration's share another server may take the room first.
func (r Return) Remedy() Remedy {
	return Remedy{Text: fmt.Sprintf("Give server %s what migration %s holds, in one request that empties the migration: POST "+
		"/allocations of Placement at microversion 1.28 to 1.37, with the body that evidence.request has. Its generations make it fail "+
		"if anybody writes in between", Named(r.server.Name, r.server.UUID), r.Migration.UUID)}
}

// Request is that request. A consumer of no generation is new.
func (r Return) Request() map[string]any {
	back := map[string]any{}
	for _, a := range r.shares {
		back[a.ProviderUUID] = map[string]any{"resources": a.Resources}
	}
	consumer := func(allocations map[string]any, generation any) map[string]any {
		return map[string]any{
			"allocations": allocations, "project_id": r.server.ProjectID, "user_id": r.server.UserID, "consumer_generation": generation,
		}
	}
	var generation any
	if r.holds {
		generation = r.after
	}
	return map[string]any{
		"method": "POST", "path": "/allocations", "microversion": "1.28",
		"body": map[string]any{
			r.Migration.UUID: consumer(map[string]any{}, Generation(r.shares)),
			r.server.UUID:    consumer(back, generation),
		},
	}
}
