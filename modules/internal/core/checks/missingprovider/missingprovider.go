// SPDX-License-Identifier: Apache-2.0

// Package missingprovider finds compute nodes without a resource provider (PLC205).
package missingprovider

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC205.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC205", Name: "missing-provider", Severity: check.Critical, Subject: check.OfProvider,
		Title: "A compute node has no resource provider.",
		Doc: check.Doc{
			Meaning: "The scheduler never finds the host. Servers on it can't be moved or resized.",
			Causes: "A provider deleted by hand; another provider that already has the host's name (then PLC203 names it); a " +
				"nova-compute that can't reach Placement.",
			ByHand: "openstack --os-compute-api-version 2.53 hypervisor list\n" +
				"openstack resource provider list --uuid HYPERVISOR",
			Remedy: "Restart nova-compute. It creates its provider when it starts, or within about six minutes. If it does not, " +
				"its log says why: look for \"Failed to create resource provider record\". Host aggregates have to be mirrored " +
				"again (PLC401).",
			Never: "Compute nodes whose service is down: they can't register; anything while Placement lists no provider at all, or while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Hypervisors},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, h := range p.Snapshot.Hypervisors() {
		if _, ok := p.Snapshot.Provider(h.UUID); ok {
			continue
		}
		if h.State != "up" {
			p.NotJudged(h.UUID, "its nova-compute is "+h.State)
			continue
		}
		report(p, h)
	}
}

func report(p *check.Pass, h openstack.Hypervisor) {
	message := fmt.Sprintf("hypervisor %s (%s) of host %s has no resource provider", h.Name, h.UUID, h.ServiceHost)
	remedy := check.Remedy{
		Text: fmt.Sprintf("Look into the log of nova-compute on %s for \"Failed to create resource provider record\" and %s, then restart nova-compute",
			h.ServiceHost, h.UUID),
		Command: foreign.Command("openstack resource provider list --name=%s", h.Name),
	}
	if named := p.Snapshot.HypervisorsNamed(h.Name); len(named) > 1 {
		remedy = check.OneName(named, "")
	}
	p.Report(check.Suspect{
		Subject:  check.Subject{UUID: h.UUID, Name: h.Name},
		Message:  message,
		Evidence: map[string]any{"host": h.ServiceHost, "state": h.State, "status": h.Status},
		Remedy:   remedy,
		Because:  inItsPlace(p.Snapshot, h),
	})
}

// inItsPlace names the fault of a provider that has the hypervisor's name.
func inItsPlace(s *snapshot.Snapshot, h openstack.Hypervisor) []string {
	if provider, taken := s.ProviderNamed(h.Name); taken {
		return []string{check.Fingerprint("PLC203", check.OfProvider, provider.UUID)}
	}
	return nil
}
