// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Busy says why what a server holds may be on its way to something else; empty if it stands still, or for longer than
// stuck_after. Needs Migrations.
func (p *Pass) Busy(server openstack.Server) string {
	return p.Snapshot.Busy(server, p.Settings.StuckAfter)
}

// Stuck returns the fingerprints of what PLC502, PLC504 and PLC505 find of a server: moves, a task or a build that stand for
// longer than stuck_after. Needs Migrations.
func (p *Pass) Stuck(server openstack.Server) []string {
	var stuck []string
	for _, m := range p.Snapshot.MigrationsOf(server.UUID) {
		if m.InProgress() && p.Snapshot.Older(m.Since(), p.Settings.StuckAfter) {
			stuck = append(stuck, Fingerprint("PLC502", OfConsumer, m.UUID))
		}
	}
	if !p.Snapshot.Older(p.Snapshot.Since(server), p.Settings.StuckAfter) {
		return stuck
	}
	switch {
	case server.Status == "BUILD":
		stuck = append(stuck, Fingerprint("PLC505", OfServer, server.UUID))
	case server.TaskState != "" && !p.Snapshot.Moving(server.UUID):
		stuck = append(stuck, Fingerprint("PLC504", OfServer, server.UUID))
	}
	return stuck
}

// First lists the ids of the checks whose findings have to end before anything is done about what follows from them: what Before
// returns is of these.
func First() []string { return []string{"PLC502", "PLC504", "PLC505", "PLC508"} }

// Waits reports whether one of the causes of a finding has to end before anything is done about it.
func Waits(because []string) bool {
	return slices.ContainsFunc(because, func(cause string) bool { return slices.Contains(First(), IDOf(cause)) })
}

// Before returns the fingerprints of what has to end before anything is done about a server: what Stuck returns, and a lost
// instance mapping (PLC508). Needs Migrations.
func (p *Pass) Before(server openstack.Server) []string {
	return append(p.Unmapped(server), p.Stuck(server)...)
}

// Unmapped returns the fingerprint of what PLC508 finds of a server, if its instance mapping is lost.
func (p *Pass) Unmapped(server openstack.Server) []string {
	if !p.Snapshot.LostMapping(server.UUID) {
		return nil
	}
	return []string{Fingerprint("PLC508", OfServer, server.UUID)}
}

// Reachable returns the remedy of a fault that takes an action of Nova on a server. One whose instance mapping is lost has to
// be given it back first.
func (p *Pass) Reachable(server openstack.Server, r Remedy) Remedy {
	if len(p.Unmapped(server)) == 0 {
		return r
	}
	return Remedy{Text: fmt.Sprintf("First give server %s its instance mapping back (PLC508): until then Nova answers 404 to all that is "+
		"asked of it. Audit again then", Named(server.Name, server.UUID))}
}

// Afterwards returns the remedy of a fault of a server. Where its instance mapping is lost or something of it is stuck, that has
// to end first, and what the server should hold depends on how it ends.
func (p *Pass) Afterwards(server openstack.Server, r Remedy) Remedy {
	stuck := p.Stuck(server)
	if len(stuck) > 0 {
		r = Remedy{Text: fmt.Sprintf("First end what is stuck (%s). What server %s should hold depends on how it ends: audit again "+
			"then", strings.Join(stuck, ", "), Named(server.Name, server.UUID))}
	}
	return p.Reachable(server, r)
}

// ServerEvidence puts what Nova knows of a server into the evidence of a finding.
func ServerEvidence(evidence map[string]any, server openstack.Server) map[string]any {
	evidence["host"], evidence["node"] = server.Host, server.Node
	evidence["status"], evidence["task_state"] = server.Status, server.TaskState
	return evidence
}

// HolderEvidence puts the server that a consumer is, or that a migration is of, into the evidence of a finding about the
// consumer, as far as Nova's servers were read.
func HolderEvidence(evidence map[string]any, s *snapshot.Snapshot, server string) map[string]any {
	if !s.Has(snapshot.Servers) {
		return evidence
	}
	if v, ok := s.Server(server); ok {
		evidence["server_uuid"], evidence["server_name"] = v.UUID, v.Name
		evidence["server_status"], evidence["host"] = v.Status, v.Host
	}
	return evidence
}

// HeldAnywhere is what a consumer holds, as far as allocations were read: for checks that only want them.
func HeldAnywhere(s *snapshot.Snapshot, consumer string) []openstack.Allocation {
	if !s.Has(snapshot.Allocations) || !s.Has(snapshot.Providers) {
		return nil
	}
	return s.Held(consumer)
}

// Holders is who holds something of a provider, the first ten by UUID, with the server that each is as far as Nova's servers
// were read. Needs Allocations.
func Holders(s *snapshot.Snapshot, provider string) []map[string]any {
	held := s.HeldOn(provider)
	slices.SortFunc(held, func(a, b openstack.Allocation) int { return strings.Compare(a.ConsumerUUID, b.ConsumerUUID) })
	out := make([]map[string]any, 0, maxExamples)
	for _, a := range held[:min(len(held), maxExamples)] {
		holder := map[string]any{"consumer_uuid": a.ConsumerUUID, "resources": a.Resources}
		out = append(out, HolderEvidence(holder, s, a.ConsumerUUID))
	}
	return out
}

// Unset is the command that takes what a consumer holds on these providers, or everything where none is given. Its
// microversion makes the write fail if somebody else has written in between.
func Unset(consumer string, providers ...string) string {
	command := foreign.Command("openstack --os-placement-api-version 1.28 resource provider allocation unset")
	for _, provider := range providers {
		command += foreign.Command(" --provider %s", provider)
	}
	return command + foreign.Command(" %s", consumer)
}

// Rewrite is the command that makes this all that a consumer holds, for its project and user. The client sends the
// consumer's generation from 1.28 on; from 1.38 on it would ask for a consumer type (osc-placement, SetAllocation).
func Rewrite(owner openstack.Owner, shares []openstack.Allocation) string {
	command := foreign.Command("openstack --os-placement-api-version 1.28 resource provider allocation set --project-id=%s --user-id=%s",
		owner.ProjectID, owner.UserID)
	for _, a := range shares {
		amounts := []string{"rp=" + a.ProviderUUID}
		for _, class := range slices.Sorted(maps.Keys(a.Resources)) {
			amounts = append(amounts, fmt.Sprintf("%s=%d", class, a.Resources[class]))
		}
		command += foreign.Command(" --allocation=%s", strings.Join(amounts, ","))
	}
	return command + foreign.Command(" %s", owner.ConsumerUUID)
}
