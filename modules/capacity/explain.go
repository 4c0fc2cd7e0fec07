// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

// explaining are the checks whose findings tell why what is used is not what the servers ask for. One of them needs the rows of the
// databases.
func explaining(rows bool) []string {
	ids := []string{"PLC101", "PLC102", "PLC103", "PLC104", "PLC105", "PLC106", "PLC107", "PLC109", "PLC110", "PLC111", "PLC502"}
	if rows {
		ids = append(ids, "PLC112")
	}
	return ids
}

// grace is what the audit has by default, in seconds.
const grace = 10

// survey reads what the truth is told of and explained by, as the audit does. A saved snapshot is it already.
func (t *task) survey(ctx context.Context, call *ansible.Call) error {
	asked := &survey.Asked{Checks: explaining(t.src != nil || t.s.Has(snapshot.Rows)), Grace: grace, StuckAfter: int(check.Defaults().StuckAfter.Seconds())}
	if err := asked.Faults(); err != nil {
		return err
	}
	v := survey.New(asked, asked.Settings(check.Defaults().NearFull))
	v.More = capacity.TruthParts()
	var err error
	switch {
	case t.src != nil:
		t.whole, err = v.ReadDatabase(ctx, call, *t.src)
	case t.clients != nil:
		t.whole, err = v.Read(ctx, call, t.clients)
	default:
		t.whole, err = t.s, v.Limit(t.s)
	}
	if err != nil {
		return err
	}
	t.verdict = v.Judge(t.whole)
	return nil
}

// explain adds to each row with a difference the findings about what is held there, and about the servers there.
func (t *task) explain(rows []capacity.Row) {
	for _, f := range t.verdict.Findings {
		about := t.concerned(f.Subject)
		for i := range rows {
			if rows[i].Differs() && slices.Contains(about, rows[i].UUID) {
				rows[i].Findings = append(rows[i].Findings, f.Fingerprint)
			}
		}
	}
	for _, m := range t.moves() {
		about := append(t.held(m.UUID), t.held(m.ServerUUID)...)
		for i := range rows {
			if rows[i].Differs() && slices.Contains(about, rows[i].UUID) {
				rows[i].Moves = append(rows[i].Moves, m)
			}
		}
	}
}

// moves lists the moves in progress; none if they could not be read, which unexplained says.
func (t *task) moves() []capacity.Move {
	var out []capacity.Move
	if !t.whole.Has(snapshot.Migrations) {
		return nil
	}
	for _, m := range t.whole.Migrations() {
		if !m.InProgress() {
			continue
		}
		move := capacity.Move{UUID: m.UUID, Type: m.Type, Status: m.Status, ServerUUID: m.ServerUUID}
		if server, is := t.whole.Server(m.ServerUUID); is {
			move.ServerName = server.Name
		}
		out = append(out, move)
	}
	return out
}

// concerned lists the providers that a finding is about: itself, or those that hold something for it or its server.
func (t *task) concerned(s check.Subject) []string {
	if s.Type == check.OfProvider {
		return []string{s.UUID}
	}
	out := t.held(s.UUID)
	if t.whole.Has(snapshot.Migrations) {
		if m, is := t.whole.Migration(s.UUID); is {
			out = append(out, t.held(m.ServerUUID)...)
		}
	}
	return out
}

// held lists the providers of which a consumer holds something, and, if it is a server, where it is.
func (t *task) held(consumer string) []string {
	var out []string
	if t.whole.Has(snapshot.Allocations) {
		for _, a := range t.whole.Held(consumer) {
			out = append(out, a.ProviderUUID)
		}
	}
	if server, is := t.whole.Server(consumer); is {
		out = append(out, nodesOf(t.whole, server)...)
	}
	return out
}

func nodesOf(s *snapshot.Snapshot, server openstack.Server) []string {
	var out []string
	for _, node := range s.NodesOf(server.Host) {
		if node.Name == server.Node {
			out = append(out, node.UUID)
		}
	}
	return out
}

// unexplained says which of the checks could not be run, by the reason.
func (t *task) unexplained() []string {
	var reasons []string
	of := map[string][]string{}
	for _, n := range t.verdict.NotRun {
		if of[n.Reason] == nil {
			reasons = append(reasons, n.Reason)
		}
		of[n.Reason] = append(of[n.Reason], n.Check)
	}
	var out []string
	for _, reason := range reasons {
		out = append(out, fmt.Sprintf("no explanation of the differences in truth (%s): %s", strings.Join(of[reason], " "), foreign.Line(reason)))
	}
	return out
}
