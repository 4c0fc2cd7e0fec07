// SPDX-License-Identifier: Apache-2.0

// Package disabledtrait finds compute nodes whose trait COMPUTE_STATUS_DISABLED and service status disagree (PLC208).
package disabledtrait

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC208.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC208", Name: "disabled-trait", Severity: check.High, Subject: check.OfProvider, Healable: true,
		Title: "The trait COMPUTE_STATUS_DISABLED of a compute node and the status of its nova-compute disagree.",
		Doc: check.Doc{
			Meaning: "With the trait on a host that is enabled, the scheduler never finds the host, and Nova does not say why. Without it " +
				"on a host that is disabled, Placement hands the host out as a candidate: the scheduler has to reject it, and if the number " +
				"of candidates is limited, it may find no other.",
			Causes: "nova-compute sets the trait when its service is disabled, and again in each periodic task. It stays wrong where its writes to " +
				"Placement fail repeatedly (look for \"Failed to update traits\"), where its periodic task hangs, or where traits were " +
				"written by hand: then nova-compute puts them back within about six minutes.",
			ByHand: "openstack compute service list --service nova-compute\n" +
				"openstack --os-placement-api-version 1.6 resource provider trait list PROVIDER",
			Remedy: "Read the log of nova-compute and restart it: it corrects the trait when it starts. To correct it by hand, " +
				"also name all the other traits of the provider, because the command replaces the whole list:\n" +
				"openstack --os-placement-api-version 1.6 resource provider trait set --trait TRAIT PROVIDER",
			Never: "Hosts whose nova-compute is down, with or without the trait: nova-compute corrects it when it comes back, " +
				"and the scheduler skips a host that is down. Disabled hosts without the trait COMPUTE_NODE, whose nova-compute " +
				"may be older than Train, the first release that sets them. Clouds whose Placement does not know the trait. " +
				"Anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Traits, snapshot.Hypervisors, snapshot.Services},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	services := byHost(p.Snapshot)
	if !p.Snapshot.KnowsTrait(snapshot.TraitDisabled) {
		return
	}
	for _, h := range p.Snapshot.Hypervisors() {
		provider, there := p.Snapshot.Provider(h.UUID)
		service, known := services[h.ServiceHost]
		if !there || !known {
			continue
		}
		disabled := service.Status == "disabled"
		switch trait := p.Snapshot.HasTrait(h.UUID, snapshot.TraitDisabled); {
		case trait == disabled:
		case service.State != "up":
			p.NotJudged(h.UUID, "its nova-compute is "+service.State+": it corrects the trait when it comes back")
		case disabled && !p.Snapshot.HasTrait(h.UUID, snapshot.TraitComputeNode):
			p.NotJudged(h.UUID, "it lacks the trait "+snapshot.TraitComputeNode+": its nova-compute may be older than Train, the first "+
				"that sets either")
		default:
			report(p, provider, service)
		}
	}
}

// byHost returns the nova-compute of each service host.
func byHost(s *snapshot.Snapshot) map[string]openstack.ComputeService {
	out := map[string]openstack.ComputeService{}
	for _, service := range s.Services() {
		if service.Binary == "nova-compute" {
			out[service.Host] = service
		}
	}
	return out
}

func report(p *check.Pass, provider openstack.Provider, service openstack.ComputeService) {
	has, effect := "has", "the scheduler never finds it"
	if service.Status == "disabled" {
		has, effect = "lacks", "it is still handed out as a candidate"
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("nova-compute on %s is %s, but its resource provider %s (%s) %s the trait %s: %s",
			service.Host, service.Status, provider.Name, provider.UUID, has, snapshot.TraitDisabled, effect),
		Evidence: map[string]any{
			"generation": provider.Generation, "host": service.Host, "service_status": service.Status,
			"service_state": service.State, "trait": has == "has",
		},
		Remedy: check.Remedy{
			Text: "Look into the log of nova-compute on " + service.Host + " for \"Failed to update traits\", and restart nova-compute: it " +
				"corrects the trait of resource provider " + check.Named(provider.Name, provider.UUID) + " when it starts",
			Command: foreign.Command("openstack --os-placement-api-version 1.6 resource provider trait list %s", provider.UUID),
		},
	})
}
