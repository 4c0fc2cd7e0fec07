// SPDX-License-Identifier: Apache-2.0

// Package cutoffsharing finds providers that share their inventory with no compute node (PLC405).
package cutoffsharing

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const unread = "aggregates that nova does not have were not read: in clouds of more than 500 root providers, name PLC402 in `checks`"

// Check returns PLC405.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC405", Name: "cut-off-sharing", Severity: check.Medium, Subject: check.OfProvider,
		Title: "A provider that shares its inventory is in no aggregate of a compute node that uses it, or lacks the trait that makes it share.",
		Doc: check.Doc{
			Meaning: "Placement offers what a sharing provider has to the compute nodes that are in an aggregate with it. Without such an aggregate, " +
				"or without the trait MISC_SHARES_VIA_AGGREGATE, it gives nothing to new servers. Nodes that have no disk of their own then " +
				"get none (\"No valid host was found\"), and servers that hold something of it can't be moved.",
			Causes: "A list of aggregates or of traits that was replaced by hand, as `resource provider aggregate set` and `resource provider " +
				"trait set` replace them all. A Placement database that was restored from before the provider was set up.",
			ByHand: "openstack --os-placement-api-version 1.18 resource provider list --required MISC_SHARES_VIA_AGGREGATE\n" +
				"openstack --os-placement-api-version 1.19 resource provider aggregate list PROVIDER      # and of a compute node",
			Remedy: "Put the provider into an aggregate of the compute nodes that use it, with the aggregates that it has; the command " +
				"replaces the list. If the trait is missing, set its traits with that one added:\n" +
				"openstack --os-placement-api-version 1.19 resource provider aggregate set --aggregate UUID --generation GENERATION PROVIDER",
			Never: "Whether it shares with compute nodes whose servers hold nothing of it. Servers with a task. A provider without the trait on which no server of this Nova " +
				"holds anything. In clouds of more than 500 root providers, unless PLC402 is named in `checks`: providers in aggregates that " +
				"Nova does not have. Anything while a cell does not answer.",
		},
		Needs: snapshot.ForComputeRoots(snapshot.Memberships, snapshot.Allocations, snapshot.Servers),
		Wants: []snapshot.Part{snapshot.Aggregates},
		Run:   run,
	}
}

func run(p *check.Pass) {
	reached := map[string]bool{} // aggregates of compute nodes
	for _, h := range p.Snapshot.Hypervisors() {
		if _, there := p.Snapshot.Provider(h.UUID); !there {
			continue
		}
		for _, uuid := range p.Snapshot.Memberships(h.UUID) {
			reached[uuid] = true
		}
	}
	for _, provider := range p.Snapshot.Providers() {
		near := slices.ContainsFunc(p.Snapshot.Memberships(provider.UUID), func(uuid string) bool { return reached[uuid] })
		shares := p.Snapshot.Sharing(provider.UUID)
		switch {
		case shares && !near && !p.Snapshot.EveryMembership:
			p.NotJudged(provider.UUID, unread)
		case shares && !near:
			reportAggregates(p, provider)
		case shares:
			judgeHosts(p, provider)
		case near && storage(p.Snapshot, provider):
			reportTrait(p, provider)
		}
	}
}

// storage reports whether a root that is no compute service's gives something to servers of this Nova.
func storage(s *snapshot.Snapshot, provider openstack.Provider) bool {
	if !provider.IsRoot() || s.Sharing(provider.UUID) || s.ComputeRoot(provider.UUID) || s.UnclaimedHost(provider.UUID) {
		return false
	}
	return slices.ContainsFunc(s.HeldOn(provider.UUID), func(a openstack.Allocation) bool {
		_, known := s.Server(a.ConsumerUUID)
		return known
	})
}

func evidence(p *check.Pass, provider openstack.Provider) map[string]any {
	return map[string]any{
		"generation": provider.Generation, "aggregates": p.Snapshot.Memberships(provider.UUID),
		"holders": check.Holders(p.Snapshot, provider.UUID),
	}
}

func reportAggregates(p *check.Pass, provider openstack.Provider) {
	where := "in no aggregate"
	if len(p.Snapshot.Memberships(provider.UUID)) > 0 {
		where = "in no aggregate that a compute node is in"
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) shares its inventory through aggregates, but is %s: it gives nothing to new servers",
			provider.Name, provider.UUID, where),
		Evidence: evidence(p, provider),
		Remedy:   remedy(provider),
	})
}

func remedy(provider openstack.Provider) check.Remedy {
	return check.Remedy{
		Text: fmt.Sprintf("Put resource provider %s into an aggregate of the compute nodes that use it: set the list of its aggregates with it, "+
			"as setting replaces the list", check.Named(provider.Name, provider.UUID)),
		Command: foreign.Command("openstack --os-placement-api-version 1.19 resource provider aggregate list %s", provider.UUID),
	}
}

func reportTrait(p *check.Pass, provider openstack.Provider) {
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) is in an aggregate of compute nodes, and servers hold something of it, but it lacks %s: it "+
			"gives nothing to new servers", provider.Name, provider.UUID, snapshot.TraitSharing),
		Evidence: evidence(p, provider),
		Remedy: check.Remedy{
			Text: fmt.Sprintf("Give resource provider %s the trait %s: set the list of its traits with it, as setting replaces the list",
				check.Named(provider.Name, provider.UUID), snapshot.TraitSharing),
			Command: foreign.Command("openstack --os-placement-api-version 1.6 resource provider trait list %s", provider.UUID),
		},
	})
}
