// SPDX-License-Identifier: Apache-2.0

// Package ratiodrift finds hosts whose allocation ratio differs from that of their host aggregate (PLC304).
package ratiodrift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC304.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC304", Name: "ratio-drift", Severity: check.Low, Subject: check.OfProvider,
		Title: "The allocation ratio of a host differs from that of most hosts in its host aggregate.",
		Doc: check.Doc{
			Meaning: "The host is filled more or less than its neighbors, and servers on it get less or more of the host than they do " +
				"elsewhere in the aggregate. The usual ratio is the one that most of its hosts have; if two are equally common, the lower one.",
			Causes: "Hosts created before and after Antelope, which changed the ratios of new hosts from 16.0, 1.5 and 1.0 to 4.0, " +
				"1.0 and 1.0; a ratio set by hand on one of them; a nova.conf of its own; the aggregate's metadata, which have had no " +
				"effect on ratios since Placement enforces them (bug 1804125).",
			ByHand: "openstack aggregate show AGGREGATE\n" +
				"openstack resource provider inventory list PROVIDER      # of each of its hosts",
			Remedy: "Set the same ratio on all of them: cpu_allocation_ratio, ram_allocation_ratio and disk_allocation_ratio in nova.conf, which " +
				"nova-compute reads when it starts, or where these are not set, placement_inventory or:\n" +
				"openstack resource provider inventory set --amend --resource CLASS:allocation_ratio=RATIO PROVIDER",
			Never: "Bare metal; aggregates with a single host that offers the class; a host that has the usual ratio of a smaller aggregate " +
				"together with at least one other host: such a group has its ratio on purpose. Ratios are compared to " +
				"six significant digits, because MariaDB keeps no more.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Inventories, snapshot.Hypervisors, snapshot.Aggregates},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	byProvider := map[string][]place{}
	for _, a := range p.Snapshot.Aggregates() {
		members := membersOf(p.Snapshot, a)
		for _, class := range classes(members) {
			for uuid, found := range compare(a, class, members) {
				byProvider[uuid] = append(byProvider[uuid], found)
			}
		}
	}
	for _, h := range p.Snapshot.Hypervisors() {
		if odd := oddOnes(byProvider[h.UUID]); len(odd) > 0 {
			provider, _ := p.Snapshot.Provider(h.UUID)
			report(p, provider, odd)
		}
	}
}

// oddOnes keeps where the ratio is not the usual one, unless it is in a smaller group that has it in common.
func oddOnes(all []place) []place {
	deliberate := func(odd place) bool {
		return slices.ContainsFunc(all, func(other place) bool {
			return other.class == odd.class && other.own == other.usual && other.like > 1 && other.of < odd.of
		})
	}
	var odd []place
	for _, found := range all {
		if found.own != found.usual && !deliberate(found) {
			odd = append(odd, found)
		}
	}
	return odd
}

func report(p *check.Pass, provider openstack.Provider, odd []place) {
	var words []string
	var evidence []map[string]any
	for _, o := range odd {
		words = append(words, fmt.Sprintf("%s %v instead of %v, which %d of %d hosts of aggregate %s have",
			o.class, o.own, o.usual, o.like, o.of, o.aggregate.Name))
		evidence = append(evidence, map[string]any{
			"aggregate_uuid": o.aggregate.UUID, "aggregate_name": o.aggregate.Name, "class": o.class, "allocation_ratio": o.own,
			"usual_ratio": o.usual, "hosts_with_it": o.like, "hosts": o.of,
		})
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("allocation_ratio of resource provider %s (%s) differs from the usual one in its host aggregate: %s",
			provider.Name, provider.UUID, strings.Join(words, "; ")),
		Evidence: map[string]any{"generation": provider.Generation, "ratios": evidence},
		Remedy:   remedy(provider, odd),
	})
}

// remedy names nova.conf first: nova-compute writes back a ratio that is set there.
func remedy(provider openstack.Provider, odd []place) check.Remedy {
	inventories := map[string]any{}
	var classes []string
	for _, o := range odd {
		inventories[o.class] = map[string]any{"allocation_ratio": o.usual}
		classes = append(classes, o.class)
	}
	text := "Set the usual ratio on resource provider " + check.Named(provider.Name, provider.UUID) + " if it is not meant to differ"
	if options := check.NovaConfOf("allocation_ratio", classes...); options != "" {
		text += ". If nova.conf of its host sets a ratio (" + options + "), change it there, and restart nova-compute, which writes it back. " +
			"Otherwise set it with placement_inventory"
	}
	return check.Remedy{
		Text:    text,
		Command: foreign.Command("openstack resource provider inventory list %s", provider.UUID),
		Module:  "placement_inventory", Args: map[string]any{"provider": provider.UUID, "inventories": inventories},
	}
}
