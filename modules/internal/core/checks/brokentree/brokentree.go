// SPDX-License-Identifier: Apache-2.0

// Package brokentree finds providers whose parent or root Placement does not list (PLC213).
package brokentree

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC213.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC213", Name: "broken-tree", Severity: check.Medium, Subject: check.OfProvider,
		Title: "A resource provider names a parent or a root that Placement does not list, or has no root provider id.",
		Doc: check.Doc{
			Meaning: "Placement leaves the provider out of what it answers about trees: no server gets anything of it, and allocations on it " +
				"can't be attributed to a host.",
			Causes: "Rows that were deleted or restored one by one in Placement's database. A row from before Rocky to which no " +
				"online migration has given a root provider id.",
			ByHand: "openstack --os-placement-api-version 1.14 resource provider show PROVIDER      # its parent and root\n" +
				"openstack resource provider list",
			Remedy: "Look for the parent and the root in the table resource_providers of Placement's database. If they are there, find " +
				"out why Placement does not list them. If they are not, and nothing is held on the provider, delete it:\n" +
				"openstack resource provider delete PROVIDER\n" +
				"Where the root provider id is missing, on a control node:\n" +
				"placement-manage db online_data_migrations",
			Never: "Compute nodes, which PLC211 reports.",
		},
		Needs: []snapshot.Part{snapshot.Providers, snapshot.Hypervisors},
		Run:   run,
	}
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		if _, compute := p.Snapshot.Hypervisor(provider.UUID); compute {
			continue
		}
		_, parent := p.Snapshot.Provider(provider.ParentUUID)
		_, root := p.Snapshot.Provider(provider.RootUUID)
		switch {
		case provider.RootUUID == "":
			report(p, provider, "has no root provider id", check.Remedy{
				Text: fmt.Sprintf("Run the online data migrations of Placement on a control node: they give resource provider %s its root provider id",
					check.Named(provider.Name, provider.UUID)),
				Command: foreign.Command("placement-manage db online_data_migrations"),
			})
		case !provider.IsRoot() && provider.ParentUUID == "":
			report(p, provider, "has no parent, but is in the tree of "+provider.RootUUID, lost(provider, "its parent"))
		case !provider.IsRoot() && !parent:
			report(p, provider, "is below "+provider.ParentUUID+", which placement does not list", lost(provider, provider.ParentUUID))
		case !root:
			report(p, provider, "is in the tree of "+provider.RootUUID+", which placement does not list", lost(provider, provider.RootUUID))
		}
	}
}

func lost(provider openstack.Provider, above string) check.Remedy {
	return check.Remedy{
		Text: fmt.Sprintf("Find out what became of %s, in the table resource_providers of Placement's database, and bring it back if what is below it "+
			"is still there. Keep resource provider %s while anything is held on it", above, check.Named(provider.Name, provider.UUID)),
		Command: foreign.Command("openstack resource provider show --allocations %s", provider.UUID),
	}
}

func report(p *check.Pass, provider openstack.Provider, fault string, remedy check.Remedy) {
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) %s", provider.Name, provider.UUID, fault),
		Evidence: map[string]any{
			"generation": provider.Generation, "parent_uuid": provider.ParentUUID, "root_uuid": provider.RootUUID,
		},
		Remedy: remedy,
		Stamp:  provider.ParentUUID + " " + provider.RootUUID,
	})
}
