// SPDX-License-Identifier: Apache-2.0

// Package overcapacity finds providers of which more is used than they may give (PLC301).
package overcapacity

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

// Check returns PLC301.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC301", Name: "over-capacity", Severity: check.High, Subject: check.OfProvider,
		Title: "A provider's usage exceeds its capacity.",
		Doc: check.Doc{
			Meaning: "Nothing new fits on the provider. Placement before 14.0.0 (2025.2) also refuses writes that shrink or " +
				"move what is there: live and cold migration off the host fail with \"would exceed the capacity\".",
			Causes: "A total, reserved or allocation_ratio lowered below what is used: Placement accepts that with " +
				"only a warning in its log. Hosts whose memory or disk shrank; new default ratios after an upgrade. Many claims " +
				"at the same time, such as those of many builds: when Placement loses a race, it tries again by itself, and judges the claim by the usage " +
				"that it read before (seen with Placement 8 and 16 on MariaDB).",
			ByHand: "openstack resource provider inventory list PROVIDER      # used against (total - reserved) * allocation_ratio",
			Remedy: "Move servers away, or raise the capacity until it covers what is used. On a compute node set these options " +
				"in nova.conf and restart nova-compute, which writes reserved and ratios back: reserved_host_cpus, " +
				"reserved_host_memory_mb, reserved_huge_pages, reserved_host_disk_mb, " +
				"[workarounds]reserve_disk_resource_for_image_cache (it reserves what the image cache takes), and the allocation " +
				"ratios where they are set. Elsewhere:\n" +
				"openstack resource provider inventory set --amend --resource CLASS:FIELD=VALUE PROVIDER",
			Never: "Bare-metal nodes: Nova reserves the one unit of a node that has an instance. PCI devices for one-time use " +
				"(trait HW_PCI_ONE_TIME_USE), which Nova reserves when it gives them out, until an operator has cleared them; " +
				"where the trait was not read, PCI devices of which everything is reserved. Classes without an inventory.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Capacities, snapshot.Usages},
		Wants:  []snapshot.Part{snapshot.Traits},
		Partly: true,
		Run:    run,
	}
}

type excess struct {
	class          string
	used, capacity int
	inventory      openstack.Inventory
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		over := excesses(p.Snapshot, provider)
		if len(over) == 0 {
			continue
		}
		inventories, _ := p.Snapshot.Details(provider.UUID)
		switch once, likely := p.Snapshot.OneTimeUse(provider, inventories); {
		case once:
		case likely:
			p.NotJudged(provider.UUID, "everything of this PCI device is reserved: it may be for one-time use, whose trait was not read")
		default:
			report(p, provider, over)
		}
	}
}

// excesses lists what is over capacity. A second look, at the latest, knows the inventories: they tell bare metal.
func excesses(s *snapshot.Snapshot, provider openstack.Provider) []excess {
	inventories, _ := s.Details(provider.UUID)
	if provider.IsRoot() && snapshot.BareMetal(inventories) {
		return nil
	}
	var over []excess
	capacities, usages := s.Capacity(provider.UUID), s.Usage(provider.UUID)
	for _, class := range slices.Sorted(maps.Keys(capacities)) {
		if used := usages[class]; used > 0 && used > capacities[class] { // reserved may be above total (PLC303)
			over = append(over, excess{class, used, capacities[class], inventories[class]})
		}
	}
	return over
}

func report(p *check.Pass, provider openstack.Provider, over []excess) {
	var words, names []string
	var classes []map[string]any
	for _, e := range over {
		words = append(words, fmt.Sprintf("%s %d used of %d", e.class, e.used, e.capacity))
		names = append(names, e.class)
		classes = append(classes, map[string]any{
			"class": e.class, "used": e.used, "capacity": e.capacity, "total": e.inventory.Total,
			"reserved": e.inventory.Reserved, "allocation_ratio": e.inventory.AllocationRatio,
		})
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) is over capacity: %s%s",
			provider.Name, provider.UUID, strings.Join(words, ", "), consequence(p.Snapshot)),
		Evidence: map[string]any{
			"generation": provider.Generation, "classes": classes, "blocks_moves": blocksMoves(p.Snapshot),
		},
		Remedy: remedy(p.Snapshot, provider, names),
	})
}

// options names, in brackets, what in nova.conf sets reserved and the ratio of the classes. It is empty where nothing does.
func options(classes []string) string {
	var words []string
	for _, field := range []string{"reserved", "allocation_ratio"} {
		if names := check.NovaConfOf(field, classes...); names != "" {
			words = append(words, field+": "+names)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, "; ") + ")"
}

// remedy says who writes the inventory: what nova-compute writes back has to be changed where it reads it.
func remedy(s *snapshot.Snapshot, provider openstack.Provider, classes []string) check.Remedy {
	who, list := check.Named(provider.Name, provider.UUID), strings.Join(classes, ", ")
	r := check.Remedy{Command: foreign.Command("openstack resource provider show --allocations %s", provider.UUID)}
	switch {
	case check.NovaWrites(provider, s.Capacity(provider.UUID)):
		r.Text = fmt.Sprintf("Raise the capacity of resource provider %s until it covers the usage of %s. nova-compute writes back what "+
			"nova.conf of its host sets: change it there, and restart nova-compute%s. If nova.conf sets no ratio, set allocation_ratio with "+
			"placement_inventory", who, list, options(classes))
	case !provider.IsRoot():
		r.Text = fmt.Sprintf("Find out why the service that keeps resource provider %s offers less %s than is used", who, list)
	default:
		r.Text = fmt.Sprintf("Raise allocation_ratio or lower reserved of %s on resource provider %s until its capacity covers what is used",
			list, who)
		r.Command = foreign.Command("openstack resource provider inventory list %s", provider.UUID)
	}
	if blocksMoves(s) != blocks {
		r.Text += ". Or move servers away"
	}
	return r
}
