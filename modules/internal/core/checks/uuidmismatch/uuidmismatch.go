// SPDX-License-Identifier: Apache-2.0

// Package uuidmismatch finds providers that have the name of a hypervisor and the UUID of another (PLC203).
package uuidmismatch

import (
	"fmt"
	"slices"

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
			Remedy: "Delete a provider that holds nothing. nova-compute creates its own in its next periodic task, or when it is restarted. " +
				"Give one that is held another name: nova-compute then creates its own, to which what is held can be moved (PLC104) before " +
				"the old one is deleted. Keep the name of one with children, whose names are needed too, and of one that another Nova may " +
				"have made. One that is another compute node's gets the name of that (PLC204). Where two have each the other's name, one gets a " +
				"temporary name first. If two hypervisors have one name, give one of the two hosts another name.\n" +
				"openstack resource provider show --allocations PROVIDER\n" +
				"openstack resource provider set --name OTHER-NAME PROVIDER\n" +
				"openstack resource provider delete PROVIDER",
			Never: "Nested providers; anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Hypervisors},
		Wants:  append(snapshot.HeldParts(), snapshot.Servers, snapshot.Migrations),
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		named := p.Snapshot.HypervisorsNamed(provider.Name)
		own := slices.ContainsFunc(named, func(h openstack.Hypervisor) bool { return h.UUID == provider.UUID })
		if len(named) > 0 && provider.IsRoot() && !own {
			report(p, provider, named)
		}
	}
}

func report(p *check.Pass, provider openstack.Provider, named []openstack.Hypervisor) {
	h := named[0]
	evidence := map[string]any{
		"generation": provider.Generation, "hypervisor_uuid": h.UUID, "host": h.ServiceHost, "state": h.State,
	}
	if why := keeps(p, provider, named); why != "" {
		evidence["keeps_name"] = why
	}
	p.Report(check.Suspect{
		Subject:  check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message:  message(p.Snapshot, provider, h),
		Evidence: evidence,
		Remedy:   remedy(p, provider, named),
		Because:  because(p.Snapshot, provider),
	})
}

func message(s *snapshot.Snapshot, provider openstack.Provider, h openstack.Hypervisor) string {
	text := fmt.Sprintf("resource provider %s (%s) has the name of the hypervisor with UUID %s: ", provider.Name, provider.UUID, h.UUID)
	if own, there := s.Provider(h.UUID); there {
		return text + fmt.Sprintf("the resource provider of host %s, which is named %s, can't have it", h.ServiceHost, own.Name)
	}
	return text + fmt.Sprintf("nova-compute on %s can't register", h.ServiceHost)
}

// because is the wrong name of a compute node's own provider, unless that has to wait until this one has made way.
func because(s *snapshot.Snapshot, provider openstack.Provider) []string {
	if swapped(s, provider) {
		return nil
	}
	return []string{check.Fingerprint("PLC204", check.OfProvider, provider.UUID)}
}
