// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"context"
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Move is a live migration that would make room.
type Move struct {
	Server  string `json:"server_uuid"`
	Name    string `json:"server_name"`
	From    string `json:"from"` // service hosts
	To      string `json:"to"`
	Text    string `json:"text"`
	Command string `json:"command"`
}

// move looks for a live migration that would make room on one of the nearest hosts, if the flavor lands nowhere. It takes one list of
// servers for each of these hosts.
func (t *task) move(ctx context.Context, r *Result) {
	if r.Lands || r.Refused != "" || len(r.Fits)+len(r.Contradictions) > 0 || !t.ofFlavor() || !t.s.Has(snapshot.Services) || !t.s.Has(snapshot.Hypervisors) {
		return
	}
	if t.clients != nil {
		defer func() { r.Requests = t.clients.Session.Requests() }()
	}
	services := t.services()
	for _, tree := range candidates.Nearest(t.trees, most) {
		service, has := services[tree.Root.UUID]
		if !tree.Cramped() || !uses(service, has) || len(t.s.NodesOf(service.Host)) != 1 {
			continue
		}
		servers, err := t.servers(ctx, service.Host)
		if err != nil {
			r.NotJudged = append(r.NotJudged, "whether a live migration would make room: "+err.Error())
			return
		}
		mover, to := t.judge.Move(tree.Root, t.movers(servers), t.targets(service, services))
		if to != "" {
			r.Move = moveOf(mover, service.Host, services[to].Host)
			return
		}
	}
}

// servers lists the servers of a host.
func (t *task) servers(ctx context.Context, host string) ([]openstack.Server, error) {
	if t.clients != nil {
		return t.src.Compute.ServersOn(ctx, host)
	}
	var out []openstack.Server
	for _, server := range t.s.Servers() { // the flavor is of one of them
		if openstack.SameHost(server.Host, host) {
			out = append(out, server)
		}
	}
	return out, nil
}

// movers are the servers that can be moved live, and of which the flavor tells all that they hold. The one that is asked about is none.
func (t *task) movers(servers []openstack.Server) []candidates.Mover {
	var out []candidates.Mover
	for _, server := range servers {
		if server.Status != "ACTIVE" || server.TaskState != "" || server.Flavor.ExtraSpecs == nil || openstack.SameUUID(server.UUID, t.o.Server) {
			continue
		}
		if request, open := scheduler.OfFlavor(server.Flavor, server.FromVolume, nil, t.s.Compute.Newest); len(open) == 0 {
			out = append(out, candidates.Mover{UUID: server.UUID, Name: server.Name, Request: request})
		}
	}
	return out
}

// targets are the compute nodes that Nova uses in the zone of a host.
func (t *task) targets(from openstack.ComputeService, services map[string]openstack.ComputeService) []string {
	var out []string
	for _, tree := range t.trees {
		service, has := services[tree.Root.UUID]
		if uses(service, has) && service.Zone == from.Zone && service.Host != from.Host {
			out = append(out, tree.Root.UUID)
		}
	}
	return out
}

// moveOf names the move, and leaves the target to Nova's scheduler: it takes hosts in the cell of the server only, which no API shows.
func moveOf(m candidates.Mover, from, to string) *Move {
	return &Move{
		Server: m.UUID, Name: m.Name, From: from, To: to,
		Text: fmt.Sprintf("Move server %s (%s) off %s, which makes room there. %s has room for it, if it is in the same cell of Nova", foreign.Line(m.Name), m.UUID,
			foreign.Line(from), foreign.Line(to)),
		Command: foreign.Command("openstack server migrate --live-migration %s", m.UUID),
	}
}
