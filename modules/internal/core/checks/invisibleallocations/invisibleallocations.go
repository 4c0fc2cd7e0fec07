// SPDX-License-Identifier: Apache-2.0

// Package invisibleallocations finds providers of which more is used than all visible allocations hold (PLC109).
package invisibleallocations

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC109.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC109", Name: "invisible-allocations", Severity: check.High, Subject: check.OfProvider, Healable: true,
		Title: "The usage of a provider exceeds all the allocations that Placement shows.",
		Doc: check.Doc{
			Meaning: "The provider looks fuller than anything explains. No request shows who holds the rest; deleting the provider " +
				"answers 409, \"Resource provider has allocations\".",
			Causes: "Allocations from before Placement had a table of consumers, for which no upgrade created a consumer; rows of that table, or of " +
				"those of projects and users, lost in a repair of the database. `placement-status upgrade check` calls them Incomplete Consumers.",
			ByHand: "openstack resource provider usage show PROVIDER\n" +
				"openstack resource provider show --allocations PROVIDER      # add up, class by class\n" +
				"placement-status upgrade check",
			Remedy: "placement-manage db online_data_migrations      # where Placement runs; kolla: docker exec placement_api …\n" +
				"It creates the missing consumers, with a placeholder for project and user: PLC108 then names them. A consumer whose project or user has no " +
				"row stays as it is: PLC509 names it, with source: database.",
			Never: "Allocations that exceed the usage: they were read before something was deleted.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Usages, snapshot.Allocations},
		Wants:  []snapshot.Part{snapshot.Servers, snapshot.Rows},
		Partly: true,
		Run:    run,
	}
}

// A gap is what is used of a class by nobody that Placement shows.
type gap struct {
	class         string
	used, visible int
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		held := p.Snapshot.HeldOn(provider.UUID)
		if gaps := between(p.Snapshot.Usage(provider.UUID), held); len(gaps) > 0 {
			report(p, provider, gaps, len(held))
		}
	}
}

func between(usages map[string]int, held []openstack.Allocation) []gap {
	visible := map[string]int{}
	for _, a := range held {
		for class, n := range a.Resources {
			visible[class] += n
		}
	}
	var gaps []gap
	for _, class := range slices.Sorted(maps.Keys(usages)) {
		if usages[class] > visible[class] {
			gaps = append(gaps, gap{class, usages[class], visible[class]})
		}
	}
	return gaps
}

func report(p *check.Pass, provider openstack.Provider, gaps []gap, consumers int) {
	var words []string
	var classes []map[string]any
	for _, g := range gaps {
		words = append(words, fmt.Sprintf("%s %d of %d used", g.class, g.used-g.visible, g.used))
		classes = append(classes, map[string]any{
			"class": g.class, "used": g.used, "visible": g.visible, "invisible": g.used - g.visible,
		})
	}
	evidence := map[string]any{
		"generation": provider.Generation, "classes": classes, "visible_consumers": consumers,
		"holders": check.Holders(p.Snapshot, provider.UUID),
	}
	if hidden := invisible(p, provider.UUID); len(hidden) > 0 {
		evidence["invisible_consumers"] = hidden
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) has usage that no visible allocation accounts for: %s",
			provider.Name, provider.UUID, strings.Join(words, ", ")),
		Evidence: evidence,
		Remedy: check.Remedy{
			Text: "Run the online data migrations of Placement on a control node: they create the missing consumers of resource provider " +
				check.Named(provider.Name, provider.UUID) + ". PLC108 then names them",
			Command: foreign.Command("placement-manage db online_data_migrations"),
		},
		Stamp: fmt.Sprint(gaps),
	})
}

// invisible lists the consumers that no request shows, with what they hold there; none if the APIs were read.
func invisible(p *check.Pass, provider string) []map[string]any {
	if !p.Read(snapshot.Rows) {
		return nil
	}
	var list []map[string]any
	for _, a := range p.Snapshot.InDatabase().Invisible {
		if a.ProviderUUID == provider {
			list = append(list, map[string]any{"consumer_uuid": a.ConsumerUUID, "resources": a.Resources})
		}
	}
	return list
}
