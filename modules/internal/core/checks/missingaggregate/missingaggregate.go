// SPDX-License-Identifier: Apache-2.0

// Package missingaggregate finds hosts whose host aggregates are not mirrored in Placement (PLC401).
package missingaggregate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC401.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC401", Name: "missing-aggregate", Severity: check.Medium, Subject: check.OfProvider, Healable: true,
		Title: "A host is in a host aggregate, but its provider is not in the Placement aggregate of the same UUID.",
		Doc: check.Doc{
			Meaning: "Nova asks Placement only for hosts of the aggregates that a request may use: of the availability zone, of the project, of " +
				"isolated aggregates. For these requests the host does not exist.",
			Causes: "Placement did not answer or the provider was not there yet when the host was put into the aggregate: Nova logs \"Failed to " +
				"associate … with a placement aggregate\" and goes on. A provider that was deleted and " +
				"created again, without its aggregates. Aggregates from before Rocky. On a host with several compute nodes Nova mirrors the first one only.",
			ByHand: "openstack aggregate list --long\n" +
				"openstack --os-placement-api-version 1.19 resource provider aggregate list PROVIDER",
			Remedy: "Run this on a control node. It has no dry run: it adds what is missing on all hosts, and removes " +
				"nothing:\n" +
				"nova-manage placement sync_aggregates --verbose\n" +
				"It ends with an error at the first host that has several compute nodes. To add one by hand, also name the " +
				"aggregates that the provider already has, because the command replaces the whole list:\n" +
				"openstack --os-placement-api-version 1.19 resource provider aggregate set --aggregate UUID --generation " +
				"GENERATION PROVIDER",
			Never: "Hosts without a compute node; compute nodes without a provider, which PLC205 names; anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Hypervisors, snapshot.Aggregates, snapshot.Memberships},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	missing := map[string][]openstack.Aggregate{} // by provider
	for _, a := range p.Snapshot.Aggregates() {
		for _, host := range a.Hosts {
			for _, uuid := range outside(p.Snapshot, host, a.UUID) {
				missing[uuid] = append(missing[uuid], a)
			}
		}
	}
	for _, h := range p.Snapshot.Hypervisors() {
		if provider, there := p.Snapshot.Provider(h.UUID); there && len(missing[h.UUID]) > 0 {
			report(p, provider, h, missing[h.UUID])
		}
	}
}

// outside lists the compute nodes of a host that are not in a Placement aggregate.
func outside(s *snapshot.Snapshot, host, aggregate string) []string {
	var nodes []string
	for _, h := range s.NodesOf(host) {
		if !slices.Contains(s.Memberships(h.UUID), aggregate) {
			nodes = append(nodes, h.UUID)
		}
	}
	return nodes
}

func report(p *check.Pass, provider openstack.Provider, h openstack.Hypervisor, missing []openstack.Aggregate) {
	words := make([]string, 0, len(missing))
	list := make([]map[string]any, 0, len(missing))
	for _, a := range missing {
		words = append(words, fmt.Sprintf("%s (%s)", a.Name, a.UUID))
		list = append(list, map[string]any{"uuid": a.UUID, "name": a.Name, "id": a.ID})
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("host %s is in the host aggregate %s, but its resource provider %s (%s) is not in placement's",
			h.ServiceHost, strings.Join(words, ", "), provider.Name, provider.UUID),
		Evidence: map[string]any{
			"generation": provider.Generation, "host": h.ServiceHost, "missing": list,
			"aggregates": p.Snapshot.Memberships(provider.UUID),
		},
		Remedy: remedy(p.Snapshot, provider, h.ServiceHost, words),
	})
}

func remedy(s *snapshot.Snapshot, provider openstack.Provider, host string, missing []string) check.Remedy {
	who, list := check.Named(provider.Name, provider.UUID), strings.Join(missing, ", ")
	if len(s.NodesOf(host)) > 1 {
		return check.Remedy{
			Text: fmt.Sprintf("Add resource provider %s to the aggregate %s by hand, with those that it is in: the list is replaced. "+
				"sync_aggregates ends with an error at a host with several compute nodes", who, list),
			Command: foreign.Command("openstack --os-placement-api-version 1.19 resource provider aggregate list %s", provider.UUID),
		}
	}
	return check.Remedy{
		Text: fmt.Sprintf("Mirror the host aggregates on a control node: that adds resource provider %s to %s, and what is missing on all "+
			"other hosts, and removes nothing", who, list),
		Command: foreign.Command("nova-manage placement sync_aggregates --verbose"),
	}
}
