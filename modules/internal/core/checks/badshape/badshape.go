// SPDX-License-Identifier: Apache-2.0

// Package badshape finds inventories that can't work as they are (PLC303).
package badshape

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

// Check returns PLC303.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC303", Name: "bad-shape", Severity: check.Medium, Subject: check.OfProvider,
		Title: "An inventory has values that cannot work.",
		Doc: check.Doc{
			Meaning: "Placement accepts these values without a warning, but allocates " +
				"nothing from such an inventory, or offers more than there is.",
			Causes: "Values written by hand: a PUT replaces the whole inventory, and fields that are left out fall back to defaults " +
				"(max_unit 2147483647, allocation_ratio 1.0, reserved 0).",
			ByHand: "openstack resource provider inventory list PROVIDER",
			Remedy: "Correct the field, with placement_inventory or with:\n" +
				"openstack resource provider inventory set --amend --resource CLASS:FIELD=VALUE PROVIDER",
			Never: "Bare-metal nodes: Nova reserves the one unit while they have an instance; max_unit of providers that are " +
				"no compute nodes: other services leave it at its default.",
		},
		Needs: snapshot.ForComputeRoots(snapshot.Inventories),
		Run:   run,
	}
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		inventories := p.Snapshot.Inventory(provider.UUID)
		if snapshot.BareMetal(inventories) {
			continue
		}
		compute := p.Snapshot.ComputeRoot(provider.UUID)
		var faults []string
		for _, class := range slices.Sorted(maps.Keys(inventories)) {
			for _, fault := range shape(inventories[class], compute) {
				faults = append(faults, class+": "+fault)
			}
		}
		if len(faults) > 0 {
			report(p, provider, faults)
		}
	}
}

// shape says what is wrong with an inventory.
func shape(i openstack.Inventory, compute bool) []string {
	var faults []string
	for _, f := range []struct {
		wrong bool
		text  string
	}{
		{i.AllocationRatio == 0, "allocation_ratio is 0, so nothing can be allocated"},
		{i.Reserved >= i.Total, fmt.Sprintf("reserved %d leaves nothing of total %d", i.Reserved, i.Total)},
		{i.MinUnit > i.MaxUnit, fmt.Sprintf("min_unit %d is above max_unit %d, so no amount fits", i.MinUnit, i.MaxUnit)},
		{i.StepSize > i.MaxUnit, fmt.Sprintf("step_size %d is above max_unit %d, so no amount fits", i.StepSize, i.MaxUnit)},
		{compute && i.MaxUnit > i.Total, fmt.Sprintf("max_unit %d is above total %d: no server that large can run there", i.MaxUnit, i.Total)},
	} {
		if f.wrong {
			faults = append(faults, f.text)
		}
	}
	return faults
}

func report(p *check.Pass, provider openstack.Provider, faults []string) {
	p.Report(check.Suspect{
		Subject:  check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message:  fmt.Sprintf("inventories of resource provider %s (%s): %s", provider.Name, provider.UUID, strings.Join(faults, "; ")),
		Evidence: map[string]any{"generation": provider.Generation, "faults": faults, "inventories": p.Snapshot.Inventory(provider.UUID)},
		Remedy: check.Remedy{Text: "Set these fields of " + provider.Name + " right: " +
			foreign.Command("openstack resource provider inventory set --amend") + ", or placement_inventory"},
	})
}
