// SPDX-License-Identifier: Apache-2.0

// Package badshape finds inventories that can't work as they are (PLC303).
package badshape

import (
	"fmt"
	"maps"
	"math"
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
			Remedy: "On a compute node set reserved and ratios in nova.conf (reserved_host_cpus, reserved_host_memory_mb, " +
				"reserved_host_disk_mb, the allocation ratios): nova-compute writes them back, and totals and max_unit too, so restart " +
				"it. Elsewhere set the field with placement_inventory or with:\n" +
				"openstack resource provider inventory set --amend --resource CLASS:FIELD=VALUE PROVIDER",
			Never: "Bare-metal nodes in use: Nova reserves their one unit. Bare-metal nodes that hold nothing and are reserved are " +
				"counted as not judged, because the audit does not ask Ironic whether they are in maintenance or being cleaned. PCI devices for one-time use " +
				"(trait HW_PCI_ONE_TIME_USE), which Nova reserves when it gives them out. max_unit that was left at its " +
				"default, on providers that are not compute nodes and in custom classes of compute nodes.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Inventories, snapshot.Usages),
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		faults := faultsOf(p.Snapshot, provider)
		reason, healthy := reserved(p.Snapshot, provider)
		switch {
		case reason != "":
			p.NotJudged(provider.UUID, reason)
		case len(faults) > 0 && !healthy:
			report(p, provider, faults)
		}
	}
}

// reserved reports whether it is right that everything of a provider is reserved. Where that can't be told, reason says why.
func reserved(s *snapshot.Snapshot, provider openstack.Provider) (reason string, healthy bool) {
	inventories := s.Inventory(provider.UUID)
	if provider.IsRoot() && snapshot.BareMetal(inventories) {
		for class, i := range inventories {
			if i.Reserved >= i.Total && s.Usage(provider.UUID)[class] == 0 {
				return "it is a bare-metal node that holds nothing and is reserved: Ironic is not asked whether it is in maintenance or " +
					"being cleaned", false
			}
		}
		return "", true
	}
	once, likely := s.OneTimeUse(provider, inventories)
	if likely {
		return "everything of this PCI device is reserved: it may be for one-time use, whose trait was not read", false
	}
	return "", once
}

func faultsOf(s *snapshot.Snapshot, provider openstack.Provider) []string {
	inventories, compute := s.Inventory(provider.UUID), s.ComputeRoot(provider.UUID)
	var faults []string
	for _, class := range slices.Sorted(maps.Keys(inventories)) {
		for _, fault := range shape(inventories[class], compute && !unset(class, inventories[class])) {
			faults = append(faults, class+": "+fault)
		}
	}
	return faults
}

// unset reports whether max_unit of a class that nova-compute does not count itself was left at its default, as a provider.yaml
// without max_unit leaves it.
func unset(class string, i openstack.Inventory) bool {
	return strings.HasPrefix(class, "CUSTOM_") && i.MaxUnit == math.MaxInt32
}

// shape says what is wrong with an inventory. own says that its max_unit is nova-compute's.
func shape(i openstack.Inventory, own bool) []string {
	var faults []string
	for _, f := range []struct {
		wrong bool
		text  string
	}{
		{i.AllocationRatio == 0, "allocation_ratio is 0, so nothing can be allocated"},
		{i.Reserved >= i.Total, fmt.Sprintf("reserved %d leaves nothing of total %d", i.Reserved, i.Total)},
		{i.MinUnit > i.MaxUnit, fmt.Sprintf("min_unit %d is above max_unit %d, so no amount fits", i.MinUnit, i.MaxUnit)},
		{i.StepSize > i.MaxUnit, fmt.Sprintf("step_size %d is above max_unit %d, so no amount fits", i.StepSize, i.MaxUnit)},
		{own && i.MaxUnit > i.Total, fmt.Sprintf("max_unit %d is above total %d: no server that large can run there", i.MaxUnit, i.Total)},
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
		Remedy:   remedy(p.Snapshot, provider),
	})
}

func remedy(s *snapshot.Snapshot, provider openstack.Provider) check.Remedy {
	inventories := s.Inventory(provider.UUID)
	r := check.Remedy{Command: foreign.Command("openstack resource provider inventory list %s", provider.UUID)}
	if !check.NovaWrites(provider, s.Capacity(provider.UUID)) {
		r.Text = "Set these fields of resource provider " + check.Named(provider.Name, provider.UUID) + " right, with placement_inventory or inventory set --amend"
		return r
	}
	classes := slices.Sorted(maps.Keys(inventories))
	r.Text = fmt.Sprintf("Restart nova-compute of resource provider %s: it writes total, max_unit and reserved. If they stay as they are, "+
		"correct nova.conf of the host, from which it writes reserved back (%s) and ratios that are set (%s), and restart it again",
		check.Named(provider.Name, provider.UUID), check.NovaConfOf("reserved", classes...), check.NovaConfOf("allocation_ratio", classes...))
	return r
}
