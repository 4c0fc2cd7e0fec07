// SPDX-License-Identifier: Apache-2.0

package markdown_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	core "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

const evil = "a|b <script>alert(1)</script> [x](http://evil.example.org)\n# heading ```"

// planned is a plan with a step that writes and one for a person.
func planned() *report.Plan {
	generation := 3
	held := repair.Consumer{UUID: "c1", Generation: &generation, Held: repair.Held{"p1": {"VCPU": 1}}}
	return &report.Plan{
		ID: "p-1", Digest: "0123456789ab", Cloud: "oslo / north", MadeAt: "2026-11-22T18:03:00Z", Msg: "1 planned, 1 by hand", Dry: true,
		NotRun: []check.NotRun{{Check: "PLC102", Name: "other", Reason: evil}},
		Steps: []core.Step{
			{
				Number: 1, Finding: "PLC101:consumer:c1", Also: []string{"PLC104:consumer:c1"}, What: "empty consumer " + evil,
				Target: check.Subject{Name: evil}, State: core.Planned, Undo: true,
				Changes: []repair.Change{{
					Op: repair.Allocations, Before: repair.State{Consumers: []repair.Consumer{held}},
					After: repair.State{Consumers: []repair.Consumer{{UUID: "c1"}}}, Guards: []repair.Guard{{NoServer: "c1"}},
				}},
			},
			{Number: 2, Finding: "PLC301:provider:p2", What: "decide", State: core.ByHand, Reason: evil, Command: "openstack server list", Needs: []int{1}},
		},
	}
}

// A page of a plan has all that decides on it, each in a block of its own, and texts of others as they stand.
func TestPlansAreRead(t *testing.T) {
	page, err := report.PlanMarkdown(planned())
	if err != nil {
		t.Fatal(err)
	}
	got := parse(page)
	for _, want := range []string{
		"Placement repair: Plan: nothing is changed yet", "1 planned, 1 by hand.", "Cloud: oslo / north", "Plan: p-1", "Could not be judged", "Step 2: decide",
		"State: by hand", "Request: PUT /allocations/c1", "consumer c1 holds 1 of VCPU on resource provider p1 (consumer generation 3)", "consumer c1 holds nothing",
		"there is no server and no migration c1", "Undo: placement_restore can undo it.", "Only after step 1", "By hand:",
		"Finding: PLC101, PLC101:consumer:c1, also PLC104:consumer:c1",
	} {
		if !slices.Contains(got.blocks, want) {
			t.Errorf("no block %q in %q", want, got.blocks)
		}
	}
	links := []string{check.Documentation("PLC101"), check.Documentation("PLC301")}
	if !slices.Equal(got.commands, []string{"openstack server list\n"}) || !slices.Equal(got.links, links) || strings.Contains(string(page), "<script") {
		t.Errorf("commands %q, links %q\n%s", got.commands, got.links, page)
	}
}

// An undo is told as a plan is, with its run in place of the plan, and without what only a repair has.
func TestUndosAreRead(t *testing.T) {
	p := planned()
	p.Undoes, p.Dry, p.NotRun, p.Digest, p.Steps = true, false, nil, "", p.Steps[:1]
	for state, want := range map[core.State]string{
		core.Done: "Placement undo: Nothing is left to undo", core.Skipped: "Placement undo: Something is left to do", core.Failed: "Placement undo: Not everything is undone",
	} {
		p.Steps[0].State, p.Steps[0].Finding = state, ""
		page, err := report.PlanMarkdown(p)
		if err != nil {
			t.Fatal(err)
		}
		got := parse(page)
		if !slices.Contains(got.blocks, want) || !slices.Contains(got.blocks, "Run: p-1") || strings.Contains(string(page), "Finding") || strings.Contains(string(page), "Digest") {
			t.Errorf("no %q in %s", want, page)
		}
	}
}
