// SPDX-License-Identifier: Apache-2.0

// Package orphanedchild finds nested providers below compute roots that no compute node stands behind (PLC206).
package orphanedchild

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC206.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC206", Name: "orphaned-child", Severity: check.Medium, Subject: check.OfProvider, Healable: true,
		Title: "A nested provider is left below a compute root provider that has no compute node.",
		Doc: check.Doc{
			Meaning: "The devices or the bandwidth that it offers no longer exist. While it is there, its root can't be deleted: " +
				"Placement answers 409 \"cannot delete parent\".",
			Causes: "The same causes as for a stale-provider (PLC201): a host that was renamed, reinstalled or removed, on which nova-compute, " +
				"Neutron or Cyborg had providers for GPUs, PCI devices, NUMA cells or network agents.",
			ByHand: "openstack --os-placement-api-version 1.14 resource provider list --in-tree ROOT\n" +
				"openstack --os-compute-api-version 2.53 hypervisor list      # no hypervisor has the root's UUID",
			Remedy: "If the host is gone for good: free what is still held, then delete the tree from its leaves up:\n" +
				"openstack resource provider show --allocations CHILD\n" +
				"openstack resource provider delete CHILD\n" +
				"openstack resource provider delete ROOT",
			Never: "Nested providers below a root that has a compute node: nova-compute, Neutron, Cyborg and Blazar keep them, " +
				"and Nova does not show whether the agent behind one is alive. Providers of Blazar, whose names are blazar_ and the name of the host. Providers " +
				"below a root that PLC201 does not judge: one without the trait COMPUTE_NODE, or any root while a nova-compute is up for which Nova shows no compute node. Anything while a cell does not answer.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Usages, snapshot.Services),
		Wants:  snapshot.ForStrange(),
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	unmapped := p.Snapshot.UnmappedHosts()
	for _, child := range p.Snapshot.Providers() {
		if _, live := p.Snapshot.Hypervisor(child.UUID); live || child.IsRoot() {
			continue // a compute node below another root is PLC211's
		}
		root, _ := p.Snapshot.Root(child.UUID)
		switch abandoned, doubt := p.Snapshot.Abandoned(root.UUID, unmapped); {
		case doubt != "":
			p.NotJudged(child.UUID, "its root is not judged: "+doubt)
		case abandoned && strings.HasPrefix(child.Name, "blazar_"):
			p.NotJudged(child.UUID, "by its name it is Blazar's, which keeps its reservations there")
		case abandoned:
			report(p, child, root)
		}
	}
}

func report(p *check.Pass, child, root openstack.Provider) {
	used := p.Snapshot.Usage(child.UUID)
	if p.Read(snapshot.Allocations) {
		used = p.Snapshot.HeldAmounts(child.UUID)
	}
	message := fmt.Sprintf("resource provider %s (%s) is left below %s (%s), which has no compute node",
		child.Name, child.UUID, root.Name, root.UUID)
	if snapshot.InUse(used) {
		message += ", and holds " + check.Amounts(used)
	}
	evidence := map[string]any{
		"generation": child.Generation, "root_uuid": root.UUID, "root_name": root.Name, "parent_uuid": child.ParentUUID,
		"used": used, "children": below(p.Snapshot, child),
	}
	parent, _ := p.Snapshot.Provider(child.ParentUUID)
	if n := p.Unproven(child.UUID); n > 0 {
		evidence["unproven_roots"] = n
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: child.UUID, Name: child.Name}, Message: message, Evidence: evidence,
		Remedy: p.Removal(child, "if its host is gone for good, before its parent "+check.Named(parent.Name, child.ParentUUID)),
		Because: []string{
			check.Fingerprint("PLC201", check.OfProvider, root.UUID),
			check.Fingerprint("PLC202", check.OfProvider, root.UUID),
			check.Fingerprint("PLC203", check.OfProvider, root.UUID),
		},
	})
}

// below returns the UUIDs of the providers right below one, sorted.
func below(s *snapshot.Snapshot, parent openstack.Provider) []string {
	uuids := []string{}
	for _, child := range s.ChildrenOf(parent) {
		uuids = append(uuids, child.UUID)
	}
	slices.Sort(uuids)
	return uuids
}
