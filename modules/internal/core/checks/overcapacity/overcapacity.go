// SPDX-License-Identifier: Apache-2.0

// Package overcapacity finds providers of which more is used than they may give (PLC301).
package overcapacity

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC301.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC301", Name: "over-capacity", Severity: check.High, Subject: check.OfProvider,
		Title: "A provider's usage exceeds its capacity.",
		Doc: check.Doc{
			Meaning: "Nothing new fits on the provider. Placement before 14.0.0 (2025.2) also refuses to rewrite what is " +
				"there, smaller or moved away: live and cold migration off the host fail with \"would exceed the capacity\".",
			Causes: "A total, reserved or allocation_ratio lowered below what is used: Placement accepts that with " +
				"only a warning in its log. Hosts whose memory or disk shrank; new default ratios after an upgrade.",
			ByHand: "openstack resource provider inventory list PROVIDER      # used against (total - reserved) * allocation_ratio",
			Remedy: "Raise allocation_ratio or lower reserved until capacity covers what is used (in nova.conf of that host, " +
				"where nova-compute owns the inventory), then move servers away.",
			Never: "Bare-metal nodes: Nova reserves the one unit of a node that has an instance. " +
				"Classes without an inventory.",
		},
		Needs: []snapshot.Part{snapshot.Providers, snapshot.Capacities, snapshot.Usages},
		Run:   run,
	}
}

type excess struct {
	class          string
	used, capacity int
	inventory      openstack.Inventory
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		over := excesses(p.Snapshot, provider.UUID)
		if len(over) > 0 {
			report(p, provider, over)
		}
	}
}

// excesses lists what is over capacity. A second look, at the latest, knows the inventories: they tell bare metal.
func excesses(s *snapshot.Snapshot, provider string) []excess {
	inventories, _ := s.Details(provider)
	if snapshot.BareMetal(inventories) {
		return nil
	}
	var over []excess
	capacities, usages := s.Capacity(provider), s.Usage(provider)
	for _, class := range slices.Sorted(maps.Keys(capacities)) {
		if used := usages[class]; used > capacities[class] {
			over = append(over, excess{class, used, capacities[class], inventories[class]})
		}
	}
	return over
}

func report(p *check.Pass, provider openstack.Provider, over []excess) {
	var words []string
	var classes []map[string]any
	for _, e := range over {
		words = append(words, fmt.Sprintf("%s %d used of %d", e.class, e.used, e.capacity))
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
		Remedy: check.Remedy{Text: "Raise allocation_ratio or lower reserved on " + provider.Name +
			" until its capacity covers what is used, then move servers away"},
	})
}
