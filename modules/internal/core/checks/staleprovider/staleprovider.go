// SPDX-License-Identifier: Apache-2.0

// Package staleprovider finds compute providers that no compute node stands behind (PLC201).
package staleprovider

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC201.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC201", Name: "stale-provider", Severity: check.High, Subject: check.OfProvider, Healable: true,
		Title: "A compute root provider has no compute node.",
		Doc: check.Doc{
			Meaning: "The scheduler still takes the provider for a host: Placement returns it as a candidate, and every build on it fails. If it " +
				"has the name of a live host, the nova-compute of that host cannot register.",
			Causes: "A host renamed or reinstalled, a hypervisor hostname that changed from short to fully qualified, a " +
				"compute service deleted while its provider still held allocations.",
			ByHand: "openstack resource provider list\n" +
				"openstack --os-compute-api-version 2.53 hypervisor list      # no hypervisor has the provider's UUID",
			Remedy: "If the host is gone for good: free what is still held on the provider, then delete it, children first:\n" +
				"openstack resource provider show --allocations PROVIDER\n" +
				"openstack resource provider delete PROVIDER\n" +
				"Placement refuses the deletion (409) while something is held. If Nova still has a compute service of its name that is " +
				"down, start or delete that service first.",
			Never: "Nested and sharing providers; roots that belong to others by the options owned and others of the audit, or " +
				"that are among many that Nova does not know (PLC506); roots that lack the trait COMPUTE_NODE, which every " +
				"nova-compute since Train sets (where no provider has it: roots without VCPU, PCPU and MEMORY_MB); anything " +
				"while a cell does not answer. Providers that may belong to a nova-compute that is up but has no compute node in " +
				"Nova, because its host is not mapped to a cell yet. Hosts whose names differ only in digits count as one kind. " +
				"A provider of a bare-metal node may belong only to a nova-compute for bare metal, any other provider only to " +
				"the other kinds. While a root has the name of such a host, no other root is taken for its provider.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Usages, snapshot.Services),
		Wants:  snapshot.ForStrange(),
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	unmapped := p.Snapshot.UnmappedHosts()
	for _, provider := range p.Snapshot.Providers() {
		switch abandoned, doubt := p.Snapshot.Abandoned(provider.UUID, unmapped); {
		case doubt != "":
			p.NotJudged(provider.UUID, doubt)
		case abandoned:
			report(p, provider)
		}
	}
}

func report(p *check.Pass, provider openstack.Provider) {
	used := p.Snapshot.Usage(provider.UUID)
	if p.Snapshot.Has(snapshot.Allocations) {
		used = p.Snapshot.HeldAmounts(provider.UUID)
	}
	evidence := map[string]any{"generation": provider.Generation, "used": used, "hypervisor_of_that_name": ""}
	if n := p.Unproven(provider.UUID); n > 0 {
		evidence["unproven_roots"] = n
	}
	if p.Snapshot.Has(snapshot.Allocations) {
		evidence["holders"] = check.Holders(p.Snapshot, provider.UUID)
	}
	message := fmt.Sprintf("resource provider %s (%s) has no compute node", provider.Name, provider.UUID)
	for _, h := range p.Snapshot.HypervisorsNamed(provider.Name) {
		evidence["hypervisor_of_that_name"] = h.UUID
		message += fmt.Sprintf("; the hypervisor of that name has UUID %s", h.UUID)
	}
	if snapshot.InUse(used) {
		message += ", but holds " + check.Amounts(used)
	}
	remedy := p.Removal(provider, "if its host is gone for good")
	if host := p.Snapshot.NamesakeDown(provider); host != "" {
		message += fmt.Sprintf("; nova still has the compute service of host %s, which is down", host)
		remedy = check.Remedy{
			Text: fmt.Sprintf("Start nova-compute on %s if that host still exists, and audit again: PLC507 then tells how to map it to its "+
				"cell. If it is gone for good, delete its compute service, and audit again. Keep resource provider %s until then",
				host, check.Named(provider.Name, provider.UUID)),
			Command: foreign.Command("openstack compute service list --service=nova-compute --host=%s", host),
		}
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: message, Evidence: evidence, Remedy: remedy,
		Because: []string{
			check.Fingerprint("PLC202", check.OfProvider, provider.UUID),
			check.Fingerprint("PLC203", check.OfProvider, provider.UUID),
		},
	})
}
