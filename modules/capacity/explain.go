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

// explaining are the checks whose findings tell why what is used is not what the servers ask for.
func explaining() []string {
	return []string{"PLC101", "PLC102", "PLC103", "PLC104", "PLC105", "PLC106", "PLC107", "PLC109"}
}

// grace is what the audit has by default, in seconds.
const grace = 10

// survey reads what the truth is told of and explained by, as the audit does. A saved snapshot is it already.
func (t *task) survey(ctx context.Context, call *ansible.Call) error {
	asked := &survey.Asked{Checks: explaining(), Grace: grace, StuckAfter: int(check.Defaults().StuckAfter.Seconds())}
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
			if d := rows[i].Difference; d != nil && *d != 0 && slices.Contains(about, rows[i].UUID) {
				rows[i].Findings = append(rows[i].Findings, f.Fingerprint)
			}
		}
	}
}

// concerned lists the providers that a finding is about: itself, those that hold something for it, and where its server is.
func (t *task) concerned(s check.Subject) []string {
	if s.Type == check.OfProvider {
		return []string{s.UUID}
	}
	var out []string
	if t.whole.Has(snapshot.Allocations) {
		for _, a := range t.whole.Held(s.UUID) {
			out = append(out, a.ProviderUUID)
		}
	}
	if server, is := t.whole.Server(s.UUID); is {
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
