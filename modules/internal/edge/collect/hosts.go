// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Occupied is what Nova has on some hosts, and who consumers of Placement are.
type Occupied struct {
	Hosts   []openstack.OnHost
	Holders []openstack.Holder
}

// ReadHosts reads what Nova has on these hosts, and who these consumers are. The snapshot has the migrations from before: a
// server that ends its move to a host meanwhile is seen in one of the two. Half of an answer is none: where a cell does not
// answer, it is an error. Needs Providers, Services, Hypervisors and Migrations.
func ReadHosts(ctx context.Context, src Source, s *snapshot.Snapshot, hosts, consumers []string) (*Occupied, error) {
	r := &occupants{identifier: identifier{Source: src, migrations: s.Migrations()}, s: s, listed: map[string]openstack.Server{}}
	out := &Occupied{Hosts: []openstack.OnHost{}, Holders: []openstack.Holder{}}
	hosts = slices.Clone(hosts)
	for i, host := range hosts {
		if err := r.list(ctx, host); err != nil {
			return nil, err
		}
		hosts[i] = foreign.Line(host) // as in all that was read
	}
	if err := r.identify(ctx, r.wanted(hosts, consumers)); err != nil {
		return nil, err
	}
	for _, host := range hosts {
		out.Hosts = append(out.Hosts, r.onHost(host))
	}
	for _, uuid := range consumers {
		holder, err := r.judged(ctx, uuid, hosts)
		if err != nil {
			return nil, err
		}
		out.Holders = append(out.Holders, holder)
	}
	if err := unknownServers(slices.Collect(maps.Values(r.listed))); err != nil {
		return nil, err
	}
	return out, (&looker{Source: src}).cellsAnswer(ctx)
}

// occupants reads who is on hosts.
type occupants struct {
	identifier

	s      *snapshot.Snapshot
	listed map[string]openstack.Server // on any of the hosts, by UUID
}

func (r *occupants) list(ctx context.Context, host string) error {
	servers, err := r.Compute.ServersOn(ctx, host)
	for _, server := range servers {
		r.listed[server.UUID] = server
	}
	return err
}

// wanted are the UUIDs of the servers that have to be read one by one.
func (r *occupants) wanted(hosts, consumers []string) []string {
	all := slices.Concat(slices.Collect(maps.Keys(r.listed)), consumers)
	for _, host := range hosts {
		for _, m := range r.moves(host) {
			all = append(all, m.ServerUUID)
		}
	}
	return all
}

// moves are those from and to the host that are under way.
func (r *occupants) moves(host string) []openstack.Migration {
	return slices.DeleteFunc(slices.Clone(r.migrations), func(m openstack.Migration) bool {
		return !m.InProgress() || !openstack.SameHost(m.SourceHost, host) && !openstack.SameHost(m.DestHost, host)
	})
}

func (r *occupants) onHost(host string) openstack.OnHost {
	on := openstack.OnHost{Host: host, Nodes: []openstack.Hypervisor{}, Servers: []openstack.Resident{}, Moves: []openstack.Move{}}
	for _, n := range r.s.Hypervisors() {
		if n.Stands(host) {
			on.Nodes = append(on.Nodes, n)
		}
	}
	for _, uuid := range slices.Sorted(maps.Keys(r.listed)) {
		if s := r.listed[uuid]; openstack.SameHost(s.Host, host) {
			on.Servers = append(on.Servers, openstack.Resident{
				UUID: uuid, Name: s.Name, Status: s.Status, TaskState: s.TaskState, Host: s.Host, Contradiction: r.hidden(uuid),
			})
		}
	}
	for _, m := range r.moves(host) {
		on.Moves = append(on.Moves, openstack.Move{Migration: m, Name: r.known[m.ServerUUID].Name})
	}
	return on
}

// hidden tells that Nova lists a server that it does not find by its UUID. Only a login that sees the servers of all projects
// one by one can tell.
func (r *occupants) hidden(uuid string) string {
	_, listed := r.listed[uuid]
	if !r.Admin || !r.absent[uuid] || !listed && r.known[uuid].UUID == "" {
		return ""
	}
	return fmt.Sprintf("nova lists server %s, but answers 404 when it is read by its UUID", uuid)
}

// judged is a holder with what two answers say of it, and with what an evacuated server holds where it is now.
func (r *occupants) judged(ctx context.Context, uuid string, hosts []string) (openstack.Holder, error) {
	h := r.holder(uuid)
	if h.Kind != openstack.KindServer {
		return h, nil
	}
	_, listed := r.listed[uuid]
	if h.Contradiction = r.hidden(uuid); !listed && slices.ContainsFunc(hosts, func(host string) bool { return openstack.SameHost(host, h.Host) }) {
		h.Contradiction = fmt.Sprintf("nova has server %s on %s when it is read by its UUID, but does not list it there", uuid, h.Host)
	}
	if len(h.EvacuatedFrom) == 0 {
		return h, nil
	}
	node, there := r.s.NodeOf(r.known[uuid])
	if !there {
		return h, nil
	}
	held, err := r.Placement.Consumer(ctx, uuid)
	h.HoldsAtHost = slices.ContainsFunc(held.Allocations, func(a openstack.Allocation) bool {
		root, found := r.s.Root(a.ProviderUUID)
		return found && root.UUID == node.UUID
	})
	return h, err
}

// identifier finds out who consumers are.
type identifier struct {
	Source
	migrations []openstack.Migration
	known      map[string]openstack.Server // by UUID
	absent     map[string]bool             // those that Nova has 404 for, by UUID
}

// identify reads the servers of these UUIDs, and those that migrations of these UUIDs move. What has 404 is looked for in the
// list of all projects.
func (r *identifier) identify(ctx context.Context, uuids []string) error {
	servers := map[string]bool{}
	for _, uuid := range uuids {
		if m, moved := r.migration(uuid); moved {
			uuid = m.ServerUUID
		}
		servers[uuid] = true
	}
	found, absent, err := each(ctx, r.Concurrency, slices.Sorted(maps.Keys(servers)), r.Compute.Server)
	if err != nil {
		return err
	}
	r.absent = map[string]bool{}
	for _, uuid := range absent {
		r.absent[uuid] = true
	}
	listed, _, err := each(ctx, r.Concurrency, absent, r.Compute.ListedServer)
	r.known = map[string]openstack.Server{}
	maps.Copy(r.known, found)
	maps.Copy(r.known, listed)
	return err
}

func (r *identifier) migration(uuid string) (openstack.Migration, bool) {
	i := slices.IndexFunc(r.migrations, func(m openstack.Migration) bool { return m.UUID == uuid })
	if i < 0 {
		return openstack.Migration{}, false
	}
	return r.migrations[i], true
}

func (r *identifier) holder(uuid string) openstack.Holder {
	if m, moved := r.migration(uuid); moved {
		s := r.known[m.ServerUUID]
		return openstack.Holder{UUID: uuid, Kind: openstack.KindMigration, ServerUUID: m.ServerUUID, Name: s.Name, Status: m.Status, Host: s.Host}
	}
	s, found := r.known[uuid]
	if !found {
		return openstack.Holder{UUID: uuid, Kind: openstack.KindUnknown}
	}
	return openstack.Holder{
		UUID: uuid, Kind: openstack.KindServer, Name: s.Name, Status: s.Status, Host: s.Host, EvacuatedFrom: r.evacuatedFrom(uuid),
	}
}

// evacuatedFrom are the hosts whose share of an evacuated server Nova removes when their compute service is deleted: those of
// evacuations that are done. When nova-compute of the source has cleaned up, they are completed (nova/scheduler/client/report.py,
// _remove_allocations_for_evacuated_instances).
func (r *identifier) evacuatedFrom(server string) []string {
	var hosts []string
	for _, m := range r.migrations {
		if m.ServerUUID == server && m.Type == "evacuation" && m.Status == "done" && !slices.Contains(hosts, m.SourceHost) {
			hosts = append(hosts, m.SourceHost)
		}
	}
	slices.Sort(hosts)
	return hosts
}

// Identify tells who consumers are, as far as Nova can be read. It leaves out what Nova has neither as a server nor as a
// migration. The list of migrations, which may be long, is read only for consumers that are no servers.
func Identify(ctx context.Context, src Source, uuids []string) (map[string]openstack.Holder, error) {
	known := map[string]openstack.Holder{}
	servers := &identifier{Source: src}
	if err := servers.identify(ctx, uuids); err != nil {
		return nil, err
	}
	rest := servers.take(uuids, known)
	if len(rest) == 0 {
		return known, nil
	}
	migrations, err := src.Compute.Migrations(ctx)
	if err != nil {
		return known, err
	}
	moved := &identifier{Source: src, migrations: migrations}
	rest = slices.DeleteFunc(rest, func(uuid string) bool { _, is := moved.migration(uuid); return !is })
	if err := moved.identify(ctx, rest); err != nil {
		return known, err
	}
	moved.take(rest, known)
	return known, nil
}

// take adds those that are known, and returns the others.
func (r *identifier) take(uuids []string, known map[string]openstack.Holder) (rest []string) {
	for _, uuid := range uuids {
		if h := r.holder(uuid); h.Kind != openstack.KindUnknown {
			known[uuid] = h
		} else {
			rest = append(rest, uuid)
		}
	}
	return rest
}
