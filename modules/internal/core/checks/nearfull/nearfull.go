// SPDX-License-Identifier: Apache-2.0

// Package nearfull finds providers that are nearly full (PLC302).
package nearfull

import (
	"fmt"
	"math"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC302.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC302", Name: "near-full", Severity: check.Low, Subject: check.OfProvider,
		Title: "A provider is nearly full.",
		Doc: check.Doc{
			Meaning: "Soon nothing new fits there, and what is there can't grow. The option near_full sets the share of the " +
				"capacity at which this is reported; the default is 0.9.",
			Causes: "Growth; servers that pile up on few hosts; a ratio that is lower than on the other hosts.",
			ByHand: "openstack resource provider inventory list PROVIDER      # used against (total - reserved) * allocation_ratio",
			Remedy: "Add hosts, or move servers to hosts with room:\nopenstack server migrate --live-migration SERVER",
			Never: "Classes other than VCPU, PCPU, MEMORY_MB and DISK_GB: a device is in use or it is not; bare metal; what is over " +
				"capacity, which PLC301 names.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Capacities, snapshot.Usages},
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, provider := range p.Snapshot.Providers() {
		capacities, used := p.Snapshot.Capacity(provider.UUID), p.Snapshot.Usage(provider.UUID)
		var words []string
		var classes []map[string]any
		for _, class := range []string{"VCPU", "PCPU", "MEMORY_MB", "DISK_GB"} {
			capacity := capacities[class]
			share := float64(used[class]) / float64(max(capacity, 1))
			if capacity <= 0 || share < p.Settings.NearFull || share > 1 {
				continue
			}
			words = append(words, fmt.Sprintf("%s %d used of %d", class, used[class], capacity))
			classes = append(classes, map[string]any{
				"class": class, "used": used[class], "capacity": capacity, "share": math.Round(share*1000) / 1000,
			})
		}
		if len(words) > 0 {
			report(p, provider, words, classes)
		}
	}
}

func report(p *check.Pass, provider openstack.Provider, words []string, classes []map[string]any) {
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("resource provider %s (%s) is nearly full: %s",
			provider.Name, provider.UUID, strings.Join(words, ", ")),
		Evidence: map[string]any{"classes": classes, "near_full": p.Settings.NearFull},
		Remedy: check.Remedy{
			Text:    fmt.Sprintf("Add hosts, or move servers away from resource provider %s to hosts with room", check.Named(provider.Name, provider.UUID)),
			Command: foreign.Command("openstack resource provider show --allocations %s", provider.UUID),
		},
	})
}
