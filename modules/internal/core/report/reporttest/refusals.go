// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/feed"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// RefusedProvider is one whose generation was refused.
const RefusedProvider = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"

// Refusals have something of everything.
func Refusals() *report.Refusals {
	since, last := Taken().Add(-15*time.Minute), Taken().Add(-time.Minute)
	r := &report.Refusals{
		Msg: "incomplete: 1 log could not be read", Host: "control01", NotRead: []report.NotRead{{Source: "/var/log/<x>", Reason: "permission denied"}},
		Sources: []report.Source{{Kind: "file", Name: "/var/log/placement-api.log", Service: "placement-api", Bytes: 9, Counts: feed.Counts{Lines: 4}}},
		Absent:  []string{}, Open: []string{}, Requests: map[string]int{},
		Conflicts: []explained.Conflict{
			{
				Conflict: "duplicate-name", Verdict: explained.Lasting, Act: true, Target: explained.Target{Type: catalogue.OfName, Name: Hostile}, Count: 3,
				Last: &last, Message: "provider name " + Hostile + " was refused 3 times", Meaning: "It exists.", Remedy: "Find it.", Retried: "Nobody.",
				Clients: []explained.Pace{{Client: explained.Client{Host: "compute-01", Service: "nova-compute"}, Count: 3}}, Findings: []string{"PLC203:provider:u1"},
			},
			{Conflict: "duplicate-name", Verdict: explained.Lasting, Act: true, Target: explained.Target{Type: catalogue.OfName, Name: "cn2"}, Count: 2},
			{Conflict: "inventory-generation", Verdict: explained.Passed, Target: explained.Target{Type: catalogue.OfProvider, UUID: RefusedProvider}, Count: 1},
			{Conflict: explained.Unexplained, Verdict: explained.Undecided, Count: 7},
		},
		Unplaced: []unplaced.Group{
			{Stage: unplaced.Candidates, Count: 2, Last: &last, Servers: []string{"s1"}, Message: "2 requests with flavor " + Hostile + " got no allocation candidates", Command: "placement why --server s1"},
			{Stage: unplaced.Unknown, Count: 1, Message: "1 request found no host"},
		},
	}
	r.Summary = report.ConflictSummary{
		Conflicts: 13, Act: 2, ByVerdict: map[string]int{"persistent": 2, "transient": 1, "undecided": 1},
		ByConflict: map[string]int{"duplicate-name": 5, "inventory-generation": 1, "unexplained": 7},
		Noise:      1, Lines: 4, Unread: 1, Bytes: 9, Since: &since, TakenAt: Taken(), Duration: 0.5,
	}
	return r
}

// Quiet are conflicts of a host on which nothing was refused.
func Quiet() *report.Refusals {
	return &report.Refusals{
		Msg: "no conflicts", Clean: true, Complete: true, Conflicts: []explained.Conflict{}, Sources: []report.Source{}, NotRead: []report.NotRead{},
		Absent: []string{}, Open: []string{}, Requests: map[string]int{},
		Summary: report.ConflictSummary{ByVerdict: map[string]int{}, ByConflict: map[string]int{}, TakenAt: Taken()},
	}
}
