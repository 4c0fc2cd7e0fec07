// SPDX-License-Identifier: Apache-2.0

// Package uuidmismatch finds providers that have the name of a hypervisor and the UUID of another (PLC203).
package uuidmismatch

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
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
				"the old one is deleted. One that is another compute node's gets the name of that (PLC204).\n" +
				"openstack resource provider show --allocations PROVIDER\n" +
				"openstack resource provider set --name OTHER-NAME PROVIDER\n" +
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
			Remedy:  remedy(p, provider, h),
			Because: []string{check.Fingerprint("PLC204", check.OfProvider, provider.UUID)},
		})
	}
}

// remedy frees the name. Nothing can be moved to a provider that does not exist, so one that is held has to make way first.
func remedy(p *check.Pass, provider openstack.Provider, h openstack.Hypervisor) check.Remedy {
	const few = 8 // digits of the UUID, enough to tell two of one name apart
	if own, live := p.Snapshot.Hypervisor(provider.UUID); live {
		return check.Remedy{Text: fmt.Sprintf("First give resource provider %s the name of its own hypervisor, %s (PLC204). That frees the name "+
			"for nova-compute on %s, which creates its own resource provider (%s)", provider.UUID, own.Name, h.ServiceHost, h.UUID)}
	}
	held := p.Read(snapshot.HeldParts()...) && len(p.Snapshot.HoldersIn(provider.RootUUID)) > 0
	if !held || h.State != "up" {
		return p.Removal(provider, fmt.Sprintf("so that nova-compute on %s can create its own (%s)", h.ServiceHost, h.UUID))
	}
	return check.Remedy{
		Text: fmt.Sprintf("Give resource provider %s another name, so that nova-compute on %s creates its own (%s) within a few minutes. Then "+
			"audit again: PLC104 tells how to move what servers hold there, and PLC201 how to delete it", provider.UUID, h.ServiceHost, h.UUID),
		Command: foreign.Command("openstack resource provider set --name=%s %s",
			fmt.Sprintf("%s-stale-%.*s", provider.Name, few, provider.UUID), provider.UUID),
	}
}
