// SPDX-License-Identifier: Apache-2.0

// Package missingprovider finds compute nodes without a resource provider (PLC205).
package missingprovider

import (
	"fmt"
	"strings"

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
	if other, twins := twin(p.Snapshot, h); twins {
		remedy.Text = fmt.Sprintf("Give one of the hosts %s and %s another name: the hypervisors of both are named %s, and Placement takes a name "+
			"once. Its nova-compute deletes the old compute node when it starts, and may end with \"No such provider\": start it once more. "+
			"Then audit again", other.ServiceHost, h.ServiceHost, h.Name)
	}
	p.Report(check.Suspect{
		Subject:  check.Subject{UUID: h.UUID, Name: h.Name},
		Message:  message,
		Evidence: map[string]any{"host": h.ServiceHost, "state": h.State, "status": h.Status},
		Remedy:   remedy,
		Because:  inItsPlace(p.Snapshot, h),
	})
}

// twin is another hypervisor of the same name, whose provider has that name.
func twin(s *snapshot.Snapshot, h openstack.Hypervisor) (openstack.Hypervisor, bool) {
	for _, other := range s.Hypervisors() {
		provider, there := s.Provider(other.UUID)
		if there && other.UUID != h.UUID && strings.EqualFold(other.Name, h.Name) && strings.EqualFold(provider.Name, h.Name) {
			return other, true
		}
	}
	return openstack.Hypervisor{}, false
}

// inItsPlace names the fault of a provider that has the hypervisor's name.
func inItsPlace(s *snapshot.Snapshot, h openstack.Hypervisor) []string {
	for _, provider := range s.Providers() {
		if strings.EqualFold(provider.Name, h.Name) {
			return []string{check.Fingerprint("PLC203", check.OfProvider, provider.UUID)}
		}
	}
	return nil
}
