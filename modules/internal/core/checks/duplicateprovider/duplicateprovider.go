// SPDX-License-Identifier: Apache-2.0

// Package duplicateprovider finds hosts that have two compute root providers (PLC202).
package duplicateprovider

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC202.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC202", Name: "duplicate-provider", Severity: check.Critical, Subject: check.OfProvider, Healable: true,
		Title: "One host has two compute root providers, under its short and its full name or in two domains.",
		Doc: check.Doc{
			Meaning: "The capacity of the host is offered twice: the scheduler overfills it, or sends servers to a provider that no nova-compute serves. " +
				"The allocations of its servers are split between the two.",
			Causes: "A hypervisor hostname that changed from short to full, or its domain: after a change of /etc/hosts, DNS or the " +
				"cloud-init of the host, or an upgrade that resolves names in another way.",
			ByHand: "openstack resource provider list      # the same host twice\n" +
				"openstack --os-compute-api-version 2.53 hypervisor list",
			Remedy: "Where Nova no longer has the old name among its hypervisors: move what is held on the old provider to the new one " +
				"(PLC104 names the servers), then delete the old one:\n" +
				"openstack resource provider delete PROVIDER\n" +
				"Nova's record of a server from before the change still names the old node. Nova cannot migrate or resize that server " +
				"(`Compute host … could not be found`) until it is shelved and unshelved:\n" +
				"openstack server shelve --offload --wait SERVER\n" +
				"openstack server unshelve --wait SERVER\n" +
				"Where Nova has both names, because newer releases keep the compute node of the old name, the old provider " +
				"must stay as long as that compute node. Decide on one name, move the servers away by live migration (after a cold one, the confirmation ends in " +
				"ERROR), stop nova-compute, and delete its service, which also deletes both compute nodes and both providers:\n" +
				"openstack compute service delete ID\n" +
				"Then start nova-compute again, with one name, and map the host to its cell, on a control node:\n" +
				"nova-manage cell_v2 discover_hosts",
			Never: "Bare metal and VMware, where one nova-compute has many nodes; hosts whose names have nothing in common. Two sites that number their " +
				"hosts in the same way: a provider is counted as not judged if compute nodes of several other domains have its short name, or if another short name exists in its domain and in theirs. Anything while " +
				"a cell does not answer.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Usages),
		Wants:  snapshot.ForStrange(),
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	named := byShortName(p.Snapshot.Hypervisors())
	for _, provider := range p.Snapshot.Providers() {
		h, live := p.Snapshot.Hypervisor(provider.UUID)
		if !p.Snapshot.ComputeRoot(provider.UUID) || h.ManyNodes() {
			continue
		}
		name := provider.Name
		if live {
			name = h.Name
		}
		switch twins := others(named[openstack.ShortName(name)], provider); {
		case live:
			if i := slices.IndexFunc(twins, func(twin openstack.Hypervisor) bool { return duplicate(h, twin) }); i >= 0 {
				report(p, provider, twins[i], live)
			}
		case len(twins) == 1 && !twoSites(named, provider.Name, twins[0].Name):
			report(p, provider, twins[0], live)
		case len(twins) > 0:
			p.NotJudged(provider.UUID, "compute nodes of its short name live in several domains: which of them is its host, if any, is unknown")
		}
	}
}

// others returns the compute nodes that may be the host of a provider under another name. The same name is a uuid-mismatch,
// PLC203.
func others(nodes []openstack.Hypervisor, provider openstack.Provider) []openstack.Hypervisor {
	return slices.DeleteFunc(slices.Clone(nodes), func(h openstack.Hypervisor) bool {
		return h.UUID == provider.UUID || strings.EqualFold(h.Name, provider.Name)
	})
}

// twoSites reports whether hosts of one short name in these two domains are two hosts, as where each site counts its hosts from
// one: another short name is alive in both. A domain that merely changed has each host once.
func twoSites(named map[string][]openstack.Hypervisor, name, twin string) bool {
	one, other := domain(name), domain(twin)
	if one == "" || other == "" || one == other {
		return false
	}
	for _, nodes := range named {
		in := func(d string) bool {
			return slices.ContainsFunc(nodes, func(h openstack.Hypervisor) bool { return domain(h.Name) == d })
		}
		if in(one) && in(other) {
			return true
		}
	}
	return false
}

func domain(name string) string {
	_, after, _ := strings.Cut(strings.ToLower(name), ".")
	return after
}

func byShortName(all []openstack.Hypervisor) map[string][]openstack.Hypervisor {
	named := map[string][]openstack.Hypervisor{}
	for _, h := range all {
		if !h.ManyNodes() {
			named[openstack.ShortName(h.Name)] = append(named[openstack.ShortName(h.Name)], h)
		}
	}
	return named
}

// duplicate reports whether two live compute nodes of one short name are one host, and h the one to name: the one of the
// shorter name.
func duplicate(h, twin openstack.Hypervisor) bool {
	first := cmp.Or(cmp.Compare(len(h.Name), len(twin.Name)), cmp.Compare(h.Name, twin.Name)) < 0
	return h.ServiceHost == twin.ServiceHost && first
}

func report(p *check.Pass, provider openstack.Provider, twin openstack.Hypervisor, live bool) {
	used := p.Snapshot.Usage(provider.UUID)
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) and the compute node %s (%s) are one host, %s",
			provider.Name, provider.UUID, twin.Name, twin.UUID, twin.ServiceHost),
		Evidence: map[string]any{
			"generation": provider.Generation, "used": used, "twin_uuid": twin.UUID, "twin_name": twin.Name, "host": twin.ServiceHost,
		},
		Remedy: remedy(p, provider, twin, live),
	})
}

// remedy depends on whether Nova still has the compute node of the provider: then the provider must stay as long as it. Nova 34
// logs "Found orphan compute node" and keeps it; the confirmation of a cold migration from there is a KeyError, as the resource
// tracker of the host no longer has that node.
func remedy(p *check.Pass, provider openstack.Provider, twin openstack.Hypervisor, live bool) check.Remedy {
	if live {
		return check.Remedy{
			Text: fmt.Sprintf("Move the servers of host %s away by live migration, stop its nova-compute, delete its service, which deletes "+
				"both compute nodes, %s and %s, with their providers, and start nova-compute again with one name",
				twin.ServiceHost, check.Named(provider.Name, provider.UUID), check.Named(twin.Name, twin.UUID)),
			Command: foreign.Command("openstack compute service list --service=nova-compute --host=%s", twin.ServiceHost),
		}
	}
	r := p.Removal(provider, fmt.Sprintf("if its host is %s now", twin.Name))
	if p.Read(snapshot.Allocations) && snapshot.InUse(p.Snapshot.HeldAmounts(provider.UUID)) {
		r.Text = fmt.Sprintf("List the consumers of resource provider %s. Move their allocations to %s, which is the same host. Keep %s until then",
			check.Named(provider.Name, provider.UUID), check.Named(twin.Name, twin.UUID), provider.Name)
	}
	return r
}
