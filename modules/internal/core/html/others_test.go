// SPDX-License-Identifier: Apache-2.0

package html_test

import (
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/html"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

// refusals are two conflicts: one lasts, one has passed.
func refusals(name string) *report.Refusals {
	first := time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC)
	middle, last := first.Add(30*time.Minute), first.Add(time.Hour)
	return &report.Refusals{
		Msg: "2 refused, 1 to act on", Host: "control01",
		Conflicts: []explained.Conflict{
			{
				Conflict: "duplicate-name", Verdict: explained.Lasting, Act: true, Count: 61, First: &first, Last: &last, Target: explained.Target{Name: name},
				Message: "compute-01 asked for " + name, Meaning: "Another provider has the name.", Remedy: "Find the other provider:", Command: "openstack resource provider list",
				Clients: []explained.Pace{{Client: explained.Client{Host: "compute-01", Service: "nova-compute"}, Count: 61}},
			},
			{Conflict: "inventory-generation", Verdict: explained.Passed, Count: 1, First: &middle, Last: &middle, Target: explained.Target{Name: "cn7"}, Message: "it went through"},
		},
		Unplaced: []unplaced.Group{{Count: 1200, Message: name + " got no allocation candidates", Last: &last, Command: "placement why --server s1"}},
		NotRead:  []report.NotRead{{Source: "/var/log/kolla/nova/nova-api.log", Reason: "permission denied"}},
		Summary:  report.ConflictSummary{Conflicts: 62, Act: 1, TakenAt: last},
	}
}

// lacks reports what a page does not have of what it should.
func lacks(t *testing.T, page []byte, err error, wanted ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range wanted {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, wrong := range []string{"<script>alert", "<img"} {
		if strings.Contains(string(page), wrong) {
			t.Errorf("the page has %q", wrong)
		}
	}
}

func TestConflicts(t *testing.T) {
	page, err := html.Conflicts(refusals(hostile))
	lacks(t, page, err, "Incomplete, with conflicts to act on", "nova-api.log: permission denied", "61 × from 17:00:00 to 18:00:00",
		`x="497" width="6"`, "once, at 17:30:00", "Conflicts under way in each 5 minutes", "Could not be read", "Refused 61 times, the last at", "Refused once", "1 under way, 1 to act on", "2 under way, 1 to act on", "compute-01 nova-compute (61)", "openstack resource provider list",
		">No valid host</h2>", "<td>1,200</td>", "got no allocation candidates</td>", "<td>placement why --server s1</td>")
}

func TestVerdict(t *testing.T) {
	host := ""
	a := audit()
	a.Findings = []check.Finding{finding(1, "PLC101", hostile)}
	page, err := html.Verdict(&html.Judged{
		Title: "After the upgrade", Verdict: verdict.Fail, Msg: "fail: the upgrade left something to repair", Audit: a.Audit, Checks: a.Checks, Conflicts: refusals(hostile),
		Reasons: []verdict.Reason{
			{Severity: check.High, What: "PLC101", Text: hostile, Todo: "Give it back", Fingerprint: a.Findings[0].Fingerprint, Command: "nova-manage x", Host: &host},
			{Severity: check.Low, What: "logs", Text: "control03 was not read", Unread: true},
		},
		StatusChecks: []verdict.StatusCheck{{Of: "nova", Host: hostile, Name: "Cells", Result: "failure", Details: hostile}}, Text: []string{hostile},
		Capacity: verdict.Capacities{Now: landing(hostile, 0), Before: landing(hostile, 2), Compared: true},
	})
	lacks(t, page, err, "</span> fail</h1>", "<b>1</b> high", "<b>1</b> low", "not read", "On a host with a nova-api:", "consumer_uuid", "Conflicts over time",
		"Upgrade checks of the services", "A verdict does not read the capacity of each provider.", "Where the flavors in use can land", "<td>2</td><td>0</td><td>6</td>")
}

// landing is a flavor that can land on so many hosts.
func landing(name string, hosts int) *verdict.Capacity {
	return &verdict.Capacity{Flavors: &[]verdict.Landing{{Name: name, Now: capacity.Slots{Count: hosts, Total: 3 * hosts}}}}
}

func TestPlan(t *testing.T) {
	page, err := html.PlanPage(plan(hostile))
	lacks(t, page, err, "Plan: nothing is changed yet", "Step 1", "placement_restore can undo it.", "<b>1</b> planned", "<b>1</b> by hand", "PLC101:consumer:1")
	failed := plan("cn1")
	failed.Steps[0].State = heal.Failed
	page, err = html.PlanPage(failed)
	lacks(t, page, err, "Not everything is healed")
}

// plan is a step that is planned, and one for a person.
func plan(name string) *report.Plan {
	held := repair.State{Consumers: []repair.Consumer{{UUID: "1", Held: repair.Held{"2": {"VCPU": 1}}}}}
	return &report.Plan{ID: "p-1", Digest: "0123456789ab", Cloud: name, MadeAt: "2026-11-22T18:03:00Z", Msg: "1 planned, 1 by hand", Dry: true, Text: []string{name}, Steps: []heal.Step{
		{
			Number: 1, Finding: "PLC101:consumer:1", What: "empty consumer " + name, Target: check.Subject{Name: name}, State: heal.Planned, Undo: true,
			Changes: []repair.Change{{Op: repair.Allocations, Before: held, After: held, Guards: []repair.Guard{{NoServer: "1"}}}},
		},
		{Number: 2, Finding: "PLC301:provider:2", What: "decide", State: heal.ByHand, Reason: name, Command: "openstack server list"},
	}}
}
