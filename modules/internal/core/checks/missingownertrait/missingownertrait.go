// SPDX-License-Identifier: Apache-2.0

// Package missingownertrait finds compute nodes without the traits that mark what is Nova's (PLC209).
package missingownertrait

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC209.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC209", Name: "missing-owner-trait", Severity: check.High, Subject: check.OfProvider,
		Title: "A compute node lacks the trait COMPUTE_NODE or OWNER_NOVA, or a device of it lacks OWNER_NOVA.",
		Doc: check.Doc{
			Meaning: "Nova's scheduler asks only for hosts with OWNER_NOVA as soon as every nova-compute is of 2026.2 or newer: " +
				"a host without it gets no more servers (\"No valid host was found\"), and a device without it is not given to " +
				"any server. COMPUTE_NODE tells other services, provider configuration files and this audit which providers are " +
				"compute nodes.",
			Causes: "A nova-compute that was not upgraded yet (it sets COMPUTE_NODE since Train and OWNER_NOVA since 2026.2); traits that were " +
				"replaced by hand, as `resource provider trait set` replaces them all; a nova-compute whose writes to Placement fail.",
			ByHand: "openstack --os-placement-api-version 1.18 resource provider list --required OWNER_NOVA\n" +
				"openstack --os-compute-api-version 2.53 hypervisor list",
			Remedy: "nova-compute sets both when it starts, and puts back what was taken away by hand within about six minutes. If it " +
				"does not, upgrade it, or look for \"Failed to update traits\" in its log.",
			Never: "COMPUTE_NODE where no compute node has it and Nova may be older than Ussuri, OWNER_NOVA where neither a " +
				"compute node nor a device of the node has it (no API shows whether every nova-compute is of 2026.2); compute nodes whose service is down; nested providers " +
				"that do not have the name of a PCI device or GPU of nova-compute, or whose root lacks OWNER_NOVA too; anything " +
				"while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Traits, snapshot.Hypervisors},
		Partly: true,
		Run:    run,
	}
}

func traits() []string { return []string{snapshot.TraitComputeNode, snapshot.TraitOwner} }

func run(p *check.Pass) {
	have := holders(p.Snapshot)
	for _, h := range p.Snapshot.Hypervisors() {
		provider, there := p.Snapshot.Provider(h.UUID)
		var missing []string
		for _, trait := range traits() {
			owned := trait == snapshot.TraitOwner && deviceHas(p.Snapshot, h.UUID)
			if (owned || expected(p.Snapshot, trait, have)) && !p.Snapshot.HasTrait(h.UUID, trait) {
				missing = append(missing, trait)
			}
		}
		switch {
		case there && len(missing) == 0 && have[snapshot.TraitOwner] == 0 && mayBeNew(p.Snapshot):
			p.NotJudged(h.UUID, "no compute node has OWNER_NOVA: no API shows whether every nova-compute is of 2026.2, since which the "+
				"scheduler needs it")
		case !there || len(missing) == 0:
		case h.State != "up":
			p.NotJudged(h.UUID, "its nova-compute is "+h.State)
		default:
			report(p, provider, h, missing, have)
		}
		devices(p, h)
	}
}

// deviceHas reports whether a device of a compute node has OWNER_NOVA: then its nova-compute sets it on the node as well.
func deviceHas(s *snapshot.Snapshot, root string) bool {
	return slices.ContainsFunc(s.Tree(root), func(p openstack.Provider) bool {
		return p.UUID != root && s.HasTrait(p.UUID, snapshot.TraitOwner)
	})
}

// mayBeNew reports whether Placement knows OWNER_NOVA and Nova is so new that each nova-compute may be of a release that sets it:
// 2.104 is the newest microversion of 2026.2.
func mayBeNew(s *snapshot.Snapshot) bool {
	const first = 104
	var major, minor int
	n, err := fmt.Sscanf(s.Compute.Newest, "%d.%d", &major, &minor)
	return s.KnowsTrait(snapshot.TraitOwner) && err == nil && n == 2 && (major > 2 || major == 2 && minor >= first)
}

// devices reports the devices of a compute node that lack OWNER_NOVA although the node has it: nova-compute sets it on both.
func devices(p *check.Pass, h openstack.Hypervisor) {
	if h.State != "up" || !p.Snapshot.HasTrait(h.UUID, snapshot.TraitOwner) {
		return
	}
	for _, device := range p.Snapshot.Tree(h.UUID) {
		if snapshot.NovasDevice(device) && !p.Snapshot.HasTrait(device.UUID, snapshot.TraitOwner) {
			reportDevice(p, device, h)
		}
	}
}

func reportDevice(p *check.Pass, device openstack.Provider, h openstack.Hypervisor) {
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: device.UUID, Name: device.Name},
		Message: fmt.Sprintf("resource provider %s (%s) is a device of compute node %s (%s), but lacks %s, which the node has",
			device.Name, device.UUID, h.Name, h.UUID, snapshot.TraitOwner),
		Evidence: map[string]any{
			"generation": device.Generation, "host": h.ServiceHost, "missing": []string{snapshot.TraitOwner}, "root_uuid": h.UUID,
		},
		Remedy: remedy(device, h, []string{snapshot.TraitOwner}),
	})
}

// remedy is the same for a compute node and its devices: nova-compute sets the traits of both.
func remedy(provider openstack.Provider, h openstack.Hypervisor, missing []string) check.Remedy {
	return check.Remedy{
		Text: fmt.Sprintf("Restart nova-compute on %s: it sets %s on resource provider %s. If it does not, upgrade it, or look into its "+
			"log for \"Failed to update traits\"", h.ServiceHost, strings.Join(missing, " and "), check.Named(provider.Name, provider.UUID)),
		Command: foreign.Command("openstack --os-placement-api-version 1.6 resource provider trait list %s", provider.UUID),
	}
}

// expected reports whether compute nodes are to have a trait: others have it, or Nova is too new to have a nova-compute of before
// Train, which had 2.79 as its newest microversion.
func expected(s *snapshot.Snapshot, trait string, have map[string]int) bool {
	if have[trait] > 0 || trait != snapshot.TraitComputeNode || !s.KnowsTrait(trait) {
		return have[trait] > 0
	}
	var major, minor int
	n, err := fmt.Sscanf(s.Compute.Newest, "%d.%d", &major, &minor)
	return err == nil && n == 2 && (major > 2 || major == 2 && minor > 79)
}

// holders counts the compute nodes that have each of the traits.
func holders(s *snapshot.Snapshot) map[string]int {
	have := map[string]int{}
	for _, h := range s.Hypervisors() {
		for _, trait := range traits() {
			if s.HasTrait(h.UUID, trait) {
				have[trait]++
			}
		}
	}
	return have
}

func report(p *check.Pass, provider openstack.Provider, h openstack.Hypervisor, missing []string, have map[string]int) {
	who := "other compute nodes have"
	switch {
	case have[missing[0]] > 0:
	case missing[0] == snapshot.TraitOwner:
		who = "a device of it has"
	default:
		who = "no compute node has, and every nova-compute since Train sets"
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) is a compute node, but lacks %s, which %s",
			provider.Name, provider.UUID, strings.Join(missing, " and "), who),
		Evidence: map[string]any{
			"generation": provider.Generation, "host": h.ServiceHost, "missing": missing, "compute_nodes_with": have,
		},
		Remedy: remedy(provider, h, missing),
	})
}
