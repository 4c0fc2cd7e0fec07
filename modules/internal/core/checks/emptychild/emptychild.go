// SPDX-License-Identifier: Apache-2.0

// Package emptychild finds nested providers of live computes that offer and hold nothing (PLC212).
package emptychild

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC212.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC212", Name: "empty-child", Severity: check.Low, Subject: check.OfProvider,
		Title: "A nested provider of a live compute node offers nothing, and nothing is below it.",
		Doc: check.Doc{
			Meaning: "The device behind the provider was removed, or its service no longer offers it. No server gets anything of the provider. " +
				"While it exists, its root can't be deleted, and a device that comes back under the same name uses it again.",
			Causes: "A GPU, PCI device or network bridge that was removed from the host or from the configuration (enabled_mdev_types, device_spec, " +
				"resource_provider_bandwidths), after which the service empties the provider and leaves it.",
			ByHand: "openstack --os-placement-api-version 1.14 resource provider list --in-tree ROOT\n" +
				"openstack resource provider inventory list CHILD      # empty",
			Remedy: "Find out by its name which service created the provider, and whether the device will come back. If not, " +
				"make sure that nothing is held on the provider, and delete it:\n" +
				"openstack resource provider show --allocations CHILD\n" +
				"openstack resource provider delete CHILD",
			Never: "Providers on which anything is held; providers with children, such as a Neutron agent with its bridges; providers " +
				"of Blazar, whose names are blazar_ and the name of the host; whether the device of a provider that still offers something exists: no API " +
				"shows that. What is below a root without a compute node, which PLC206 names. Hosts whose nova-compute is down. " +
				"Anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Capacities, snapshot.Usages, snapshot.Hypervisors},
		Wants:  []snapshot.Part{snapshot.Allocations},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, child := range p.Snapshot.Providers() {
		root, _ := p.Snapshot.Root(child.UUID)
		h, live := p.Snapshot.Hypervisor(root.UUID)
		_, compute := p.Snapshot.Hypervisor(child.UUID)
		if child.IsRoot() || compute || !live || !empty(p, child) {
			continue
		}
		switch {
		case strings.HasPrefix(child.Name, "blazar_"):
			p.NotJudged(child.UUID, "by its name it is Blazar's, which keeps its reservations there")
		case h.State != "up":
			p.NotJudged(child.UUID, "its nova-compute is "+h.State)
		default:
			report(p, child, root, h)
		}
	}
}

// empty reports whether a provider offers nothing, holds nothing as far as is known, and has none below it.
func empty(p *check.Pass, child openstack.Provider) bool {
	s := p.Snapshot
	if len(s.Capacity(child.UUID)) > 0 || snapshot.InUse(s.Usage(child.UUID)) || len(s.ChildrenOf(child)) > 0 {
		return false
	}
	return !p.Read(snapshot.Allocations) || len(s.HeldOn(child.UUID)) == 0
}

func report(p *check.Pass, child, root openstack.Provider, h openstack.Hypervisor) {
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: child.UUID, Name: child.Name},
		Message: fmt.Sprintf("resource provider %s (%s) below %s (%s) offers nothing: its device seems to be gone",
			child.Name, child.UUID, root.Name, root.UUID),
		Evidence: map[string]any{
			"generation": child.Generation, "host": h.ServiceHost, "parent_uuid": child.ParentUUID, "root_uuid": root.UUID, "root_name": root.Name,
		},
		Remedy: check.Remedy{
			Text: fmt.Sprintf("Find out which service made resource provider %s, and whether its device on %s is to come back. If not, and "+
				"if nothing is held on the provider, delete it", check.Named(child.Name, child.UUID), h.ServiceHost),
			Command: foreign.Command("openstack resource provider show --allocations %s", child.UUID),
		},
	})
}
