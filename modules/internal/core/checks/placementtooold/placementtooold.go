// SPDX-License-Identifier: Apache-2.0

// Package placementtooold finds a Placement that is older than what Nova needs (PLC503).
package placementtooold

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC503.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC503", Name: "placement-too-old", Severity: check.Critical, Subject: check.OfService,
		Title: "Placement does not offer the microversion that Nova needs.",
		Doc: check.Doc{
			Meaning: "Placement answers 406 to what nova-scheduler and nova-compute ask at that microversion: no server can be built or moved, " +
				"while both services look healthy.",
			Causes: "Nova was upgraded before Placement, or Placement's upgrade did not reach all of its processes; an entry in the catalogue that " +
				"points to the old Placement.",
			ByHand: "openstack versions show --service placement\n" +
				"nova-status upgrade check",
			Remedy: "Upgrade Placement first, then Nova. Placement of any newer release serves an older Nova.",
			Never: "Whether a newer Placement is needed if Nova's newest microversion does not show it. The check requires " +
				"only what every Nova release with that microversion needs: 1.36 from Zed on.",
		},
		Needs: []snapshot.Part{snapshot.Services},
		Run:   run,
	}
}

func run(p *check.Pass) {
	needed := needs(p.Snapshot.Compute.Newest)
	offered, known := parse(p.Snapshot.Placement.Newest)
	if !known || !offered.before(needed) {
		return
	}
	hosts := clients(p.Snapshot)
	p.Report(check.Suspect{
		Subject: check.Subject{Name: "placement"},
		Message: fmt.Sprintf("placement offers microversions up to %s, but this nova (up to %s) needs %s",
			offered, p.Snapshot.Compute.Newest, needed),
		Evidence: map[string]any{
			"placement_newest": p.Snapshot.Placement.Newest, "compute_newest": p.Snapshot.Compute.Newest, "needed": needed.String(),
			"schedulers": hosts,
		},
		Remedy: check.Remedy{
			Text: "Upgrade Placement to a release that offers " + needed.String() + ". See first whether the catalogue leads to an " +
				"old one",
			Command: foreign.Command("nova-status upgrade check"),
		},
	})
}

// clients returns the hosts of the schedulers, which get 406 from it.
func clients(s *snapshot.Snapshot) []string {
	hosts := []string{}
	for _, service := range s.Services() {
		if service.Binary == "nova-scheduler" {
			hosts = append(hosts, service.Host)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}
