// SPDX-License-Identifier: Apache-2.0

// Package anothernova finds that another Nova may use the same Placement (PLC506).
package anothernova

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC506.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC506", Name: "another-nova", Severity: check.Medium, Subject: check.OfService,
		Title: "Placement has many hosts and servers that this Nova does not know.",
		Doc: check.Doc{
			Meaning: "Another Nova may use this Placement: that of another region, or an old one beside its successor. To this Nova all " +
				"its hosts look stale and what its servers hold looks orphaned. `nova-manage placement audit --delete` would then remove " +
				"the allocations of running servers.",
			Causes: "Two regions whose catalogue has one Placement. Less often a Nova whose database was restored from before its hosts " +
				"were added.",
			ByHand: "openstack endpoint list --service placement      # one URL in several regions\n" +
				"openstack resource provider list\n" +
				"openstack --os-compute-api-version 2.53 hypervisor list      # in each region",
			Remedy: "Name in the option `owned` of placement_audit what belongs to this Nova: `providers`, `aggregates`, " +
				"`projects` or `users`. The rest is then counted in `summary.not_judged`, and what is named there is judged. If " +
				"everything belongs to this Nova, name everything.",
			Never: "One or two roots, unless this Nova has no more than two compute nodes itself; roots on which a server or a migration " +
				"of this Nova holds something; anything while a cell does not answer.",
		},
		Needs: snapshot.ForStrange(),
		Run:   run,
	}
}

func run(p *check.Pass) {
	found := p.Strangers()
	if len(found.Roots) == 0 {
		return
	}
	const sample = 20
	looked := found.Consumers[:min(len(found.Consumers), sample)]
	p.Report(check.Suspect{
		Subject: check.Subject{Name: "nova"}, Message: found.String(), Sample: looked,
		Evidence: map[string]any{
			"roots": roots(found), "consumers": len(found.Consumers), "hypervisors": len(p.Snapshot.Hypervisors()),
			"sample": owners(p.Snapshot, looked),
		},
		Remedy: check.Remedy{Text: "Find out whether another Nova uses this Placement, such as that of another region. Change nothing of " +
			"these roots and consumers until then. Then name what belongs to this Nova in the option owned of placement_audit"},
	})
}

func roots(found check.Strangers) []map[string]any {
	const most = 100
	var out []map[string]any
	for _, one := range found.Roots[:min(len(found.Roots), most)] {
		out = append(out, map[string]any{
			"provider_uuid": one.Root.UUID, "provider_name": one.Root.Name, "generation": one.Root.Generation, "consumers": len(one.Holders),
		})
	}
	return out
}

// owners lists the projects and users of consumers that were looked at again.
func owners(s *snapshot.Snapshot, consumers []string) []map[string]any {
	out := []map[string]any{}
	for _, consumer := range consumers {
		if owner, known := s.OwnerOf(consumer); known {
			out = append(out, map[string]any{
				"consumer_uuid": consumer, "project_id": owner.ProjectID, "user_id": owner.UserID, "consumer_type": s.ConsumerType(consumer),
			})
		}
	}
	return out
}
