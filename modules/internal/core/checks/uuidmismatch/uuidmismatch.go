// SPDX-License-Identifier: Apache-2.0

// Package uuidmismatch finds providers that have the name of a hypervisor and the UUID of another (PLC203).
package uuidmismatch

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC203.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC203", Name: "uuid-mismatch", Severity: check.Critical, Subject: check.OfProvider, Healable: true,
		Title: "A root provider has the name of a hypervisor, but another UUID.",
		Doc: check.Doc{
			Meaning: "The hypervisor's nova-compute can't create its own provider: Placement answers 409 \"Conflicting resource provider " +
				"name\" in every periodic task, forever. The host gets no servers.",
			Causes: "A compute service deleted while its provider still held allocations and then started again, a lost compute_id " +
				"file, a database of Nova or Placement that was restored alone.",
			ByHand: "openstack --os-compute-api-version 2.53 hypervisor list\n" +
				"openstack resource provider list --name HOST      # same name, other UUID",
			Remedy: "Free or move what is held on the provider, then delete the provider. nova-compute creates its own in its " +
				"next periodic task, or when it is restarted.\n" +
				"openstack resource provider show --allocations PROVIDER\n" +
				"openstack resource provider delete PROVIDER",
			Never: "Nested providers; anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Hypervisors},
		Wants:  snapshot.HeldParts(),
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	byName := map[string]openstack.Hypervisor{}
	for _, h := range p.Snapshot.Hypervisors() {
		byName[strings.ToLower(h.Name)] = h
	}
	for _, provider := range p.Snapshot.Providers() {
		h, named := byName[strings.ToLower(provider.Name)] // MariaDB compares names without case
		if !named || !provider.IsRoot() || h.UUID == provider.UUID {
			continue
		}
		p.Report(check.Suspect{
			Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
			Message: fmt.Sprintf("resource provider %s (%s) has the name of the hypervisor with UUID %s: nova-compute on %s can't register",
				provider.Name, provider.UUID, h.UUID, h.ServiceHost),
			Evidence: map[string]any{
				"generation": provider.Generation, "hypervisor_uuid": h.UUID, "host": h.ServiceHost, "state": h.State,
			},
			Remedy: p.Removal(provider, fmt.Sprintf("so that nova-compute on %s can create its own (%s)", h.ServiceHost, h.UUID)),
		})
	}
}
