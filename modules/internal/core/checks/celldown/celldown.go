// SPDX-License-Identifier: Apache-2.0

// Package celldown finds that a Nova cell does not answer (PLC501).
package celldown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC501.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC501", Name: "cell-down", Severity: check.Critical, Subject: check.OfCell,
		Title: "A Nova cell does not answer.",
		Doc: check.Doc{
			Meaning: "Nova shows its services as UNKNOWN and leaves its servers, hypervisors and migrations out of most lists. " +
				"To a tool that does not check this, all its servers look deleted and their allocations look orphaned: `nova-manage placement " +
				"audit --delete` would remove the allocations of running servers. Meanwhile nothing on these hosts is judged.",
			Causes: "The cell's database or message queue is down or not reached by nova-api; its password or address in the cell " +
				"mapping is out of date.",
			ByHand: "openstack --os-compute-api-version 2.69 compute service list      # UNKNOWN\n" +
				"nova-manage cell_v2 list_cells",
			Remedy: "Bring the cell's database back, or correct its mapping, on a control node whose nova.conf has the right addresses:\n" +
				"nova-manage cell_v2 update_cell --cell_uuid CELL\n" +
				"Until then, change nothing in Placement.",
			Never: "Services that are down in a cell that answers.",
		},
		Needs: []snapshot.Part{snapshot.Services},
		Wants: []snapshot.Part{snapshot.Rows},
		Run:   run,
	}
}

func run(p *check.Pass) {
	var hosts []string
	for _, service := range p.Snapshot.Services() {
		if service.Status == openstack.Unknown && !slices.Contains(hosts, service.Host) {
			hosts = append(hosts, service.Host)
		}
	}
	if len(hosts) == 0 {
		return
	}
	slices.Sort(hosts)
	shown := foreign.Some(hosts, 5)
	evidence := map[string]any{"hosts": hosts}
	message := "a cell does not answer: nova shows the services of " + shown + " as UNKNOWN"
	if cells := unread(p); len(cells) > 0 {
		evidence["cells"] = cells
		message = fmt.Sprintf("the database of cell %s can't be read: nothing is known of %s", strings.Join(cells, ", "), shown)
	}
	p.Report(check.Suspect{
		Message:  message,
		Evidence: evidence,
		Remedy: check.Remedy{
			Text:    "Bring the cell's database back before anything is changed in Placement",
			Command: foreign.Command("nova-manage cell_v2 list_cells"),
		},
	})
}

// unread names the cells whose databases could not be read; none if the APIs were read.
func unread(p *check.Pass) []string {
	if !p.Read(snapshot.Rows) {
		return nil
	}
	var names []string
	for _, c := range p.Snapshot.InDatabase().Cells {
		if c.Unread != "" {
			names = append(names, c.Title())
		}
	}
	return names
}
