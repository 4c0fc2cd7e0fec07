// SPDX-License-Identifier: Apache-2.0

// Package staleaggregate finds compute nodes in Placement aggregates that Nova does not have, or not with them (PLC402).
package staleaggregate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// What is left alone, and why.
const (
	unread = "aggregates that nova does not have were not read, as that takes a request a provider: in clouds of more than 500 root " +
		"providers, name PLC402 in `checks`"
	shared = "it is in an aggregate through which a provider shares its inventory: these need not be nova's"
)

// Check returns PLC402.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC402", Name: "stale-aggregate", Severity: check.Low, Subject: check.OfProvider, Healable: true,
		Title: "A compute node is in a Placement aggregate that Nova does not have, or has without this host.",
		Doc: check.Doc{
			Meaning: "If Nova has the aggregate without the host, Placement still returns the host for requests for " +
				"that aggregate, its availability zone or its project; the scheduler may or may not reject it. An aggregate that Nova does not have does " +
				"no harm until a request names it.",
			Causes: "The host left the aggregate while its provider had another name: Nova looks it up by name, logs a warning and goes on. " +
				"`nova-manage placement sync_aggregates`, which only ever adds. A database of Nova or Placement that was restored alone. " +
				"Aggregates that another service, or a person, created in Placement look the same and are not a fault.",
			ByHand: "openstack --os-placement-api-version 1.19 resource provider aggregate list PROVIDER\n" +
				"openstack aggregate list --long",
			Remedy: "If nothing else uses the aggregate, write the list of the provider's aggregates without it; the command replaces them all, and " +
				"without --aggregate it leaves none:\n" +
				"openstack --os-placement-api-version 1.19 resource provider aggregate set --aggregate UUID --generation GENERATION PROVIDER",
			Never: "Aggregates in which a sharing provider is: storage is shared through aggregates that Nova need not know. Providers that " +
				"are no compute nodes. In clouds of more than 500 root providers, unless PLC402 is named in `checks`: aggregates that Nova does not have, because the " +
				"audit would have to read the aggregates of each provider. Anything while a cell does not answer.",
		},
		Needs: []snapshot.Part{
			snapshot.Providers, snapshot.Traits, snapshot.Hypervisors, snapshot.Aggregates, snapshot.Memberships,
		},
		InFull: snapshot.Memberships,
		Partly: true,
		Run:    run,
	}
}

// stale is an aggregate that a provider should not be in.
type stale struct {
	uuid  string
	ofOne *openstack.Aggregate // nil: Nova does not have it
}

func run(p *check.Pass) {
	v := view{byUUID(p.Snapshot), sharedOnes(p.Snapshot), p.Snapshot.EveryMembership}
	for _, h := range p.Snapshot.Hypervisors() {
		provider, there := p.Snapshot.Provider(h.UUID)
		if !there {
			continue
		}
		found, left := v.judge(h, p.Snapshot.Memberships(h.UUID))
		switch {
		case len(found) > 0:
			report(p, provider, h, found)
		case left != "":
			p.NotJudged(h.UUID, left)
		}
	}
}

// view is what the memberships of each host are held against.
type view struct {
	nova   map[string]openstack.Aggregate
	shared map[string]bool
	every  bool
}

// judge returns what is stale, and why some may not have been judged.
func (v view) judge(h openstack.Hypervisor, memberships []string) (found []stale, left string) {
	if !v.every {
		left = unread
	}
	for _, uuid := range slices.Sorted(slices.Values(memberships)) {
		a, known := v.nova[uuid]
		switch {
		case known && slices.Contains(a.Hosts, h.ServiceHost):
		case v.shared[uuid]:
			left = shared
		case known:
			found = append(found, stale{uuid, &a})
		case v.every:
			found = append(found, stale{uuid, nil})
		}
	}
	return found, left
}

func byUUID(s *snapshot.Snapshot) map[string]openstack.Aggregate {
	out := map[string]openstack.Aggregate{}
	for _, a := range s.Aggregates() {
		out[a.UUID] = a
	}
	return out
}

// sharedOnes returns the aggregates in which a sharing provider is.
func sharedOnes(s *snapshot.Snapshot) map[string]bool {
	out := map[string]bool{}
	for _, provider := range s.Providers() {
		if !s.Sharing(provider.UUID) {
			continue
		}
		for _, uuid := range s.Memberships(provider.UUID) {
			out[uuid] = true
		}
	}
	return out
}

func report(p *check.Pass, provider openstack.Provider, h openstack.Hypervisor, found []stale) {
	var words, uuids []string
	list := make([]map[string]any, 0, len(found))
	for _, a := range found {
		name, word := "", a.uuid+", which nova does not have: its host aggregate is gone, or another service or a person made it"
		if a.ofOne != nil {
			name, word = a.ofOne.Name, fmt.Sprintf("%s (%s), which nova has without this host", a.ofOne.Name, a.uuid)
		}
		words, uuids = append(words, word), append(uuids, a.uuid)
		list = append(list, map[string]any{"uuid": a.uuid, "name": name, "nova_has_it": a.ofOne != nil})
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) of host %s is in the aggregate %s",
			provider.Name, provider.UUID, h.ServiceHost, strings.Join(words, "; and in ")),
		Evidence: map[string]any{
			"generation": provider.Generation, "host": h.ServiceHost, "stale": list,
			"unknown_aggregates_read": p.Snapshot.EveryMembership,
		},
		Remedy: check.Remedy{
			Text: fmt.Sprintf("Take resource provider %s out of %s if no other service uses it: set the list of its aggregates without it, "+
				"as setting replaces the list", check.Named(provider.Name, provider.UUID), strings.Join(uuids, " and ")),
			Command: foreign.Command("openstack --os-placement-api-version 1.19 resource provider aggregate list %s", provider.UUID),
		},
	})
}
