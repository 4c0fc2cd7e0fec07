// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// A plan is one line for each step, with what a person needs to follow it.
func TestTextOfPlan(t *testing.T) {
	r := &Result{
		ready: true, Changed: true, Msg: "1 planned, 1 by hand; digest of the plan: 0ffe3f6e2f5b", budget: "1 of 20 changes",
		Plan: Plan{Path: "/root/plan.json", Digest: strings.Repeat("0ffe3f6e2f5b", 6)},
		Steps: []Step{
			{Step: heal.Step{
				Number: 1, State: heal.Planned, What: "Empty consumer c", Finding: "PLC101:consumer:c", Also: []string{"PLC102:consumer:c", "PLC101:consumer:d"},
			}},
			{Step: heal.Step{Number: 2, State: heal.ByHand, What: "Set the project", Reason: "its consumers are unknown", Command: "openstack x"}},
		},
	}
	want := []string{
		"Budget           1 of 20 changes", r.Msg, "",
		"   1 planned    PLC101, PLC102: Empty consumer c",
		"   2 by hand    Set the project",
		"                its consumers are unknown",
		"                $ openstack x",
		"", "Nothing was written but the file of the plan. To do exactly this, run the same without check mode", "and with:", "  plan: /root/plan.json", "  confirm: 0ffe3f6e2f5b",
	}
	if got := r.Show(screen.InPlay())[1:]; !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	if got, want := lastOf(r), "  --confirm 0ffe3f6e2f5b"; got != want {
		t.Errorf("%q", got)
	}
	r.Plan.Path = ""
	if got, want := lastOf(r), "Nothing was written. Run the same without --check to do it, or with --plan FILE to decide later."; got != want {
		t.Errorf("%q", got)
	}
	r.ready = false
	if got, want := lastOf(r), "                $ openstack x"; got != want {
		t.Errorf("a plan that was refused: %q", got)
	}
	r.ready = true
	if got := r.Show(screen.InPlay())[1:8]; !slices.Equal(got, want[:7]) || r.ExitCode() != 2 {
		t.Errorf("a plan that is not kept: %q", got)
	}
}

func lastOf(r *Result) string {
	lines := r.Show(screen.View{Width: 100, Cloud: "--cloud lab"})
	return lines[len(lines)-1]
}

// What was done is told with its proof and how to undo it; nothing to heal is one line.
func TestTextOfRun(t *testing.T) {
	r := &Result{
		Changed: true, Msg: "1 done", Journal: "/root/journal.jsonl", Run: "r",
		Steps: []Step{{Step: heal.Step{Number: 1, State: heal.Done, What: "Empty consumer c"}}},
		Proof: &Proof{
			Complete: true, Findings: []check.Finding{{ID: "PLC201", Message: "it has no compute node"}},
			Candidates: []Candidate{{Host: "cn1", Found: true}, {Host: "cn2", Reason: "it has no room for 1 of VCPU"}},
		},
	}
	want := []string{
		"1 done", "", "   1 done       Empty consumer c", "", "The audit afterwards still finds:", "  PLC201: it has no compute node",
		"  host cn1: Placement finds an allocation candidate", "  host cn2: Placement finds no allocation candidate: it has no room for 1 of VCPU",
		"", "The journal /root/journal.jsonl has this as run r; placement_restore undoes it.",
	}
	if got := r.Show(screen.InPlay())[1:]; !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	if got, want := lastOf(r), "  $ placement restore --cloud lab --journal /root/journal.jsonl --run r --check"; got != want {
		t.Errorf("%q", got)
	}
	r.Proof.Clean = true
	if got := r.Show(screen.InPlay())[5]; got != "The audit afterwards finds nothing about what was written." {
		t.Error(got)
	}
	r.Proof.Complete = false
	if got := r.Show(screen.InPlay())[5]; got != "The audit afterwards is incomplete." {
		t.Error(got)
	}
	if got := (&Result{Msg: "nothing to heal", ready: true}).Show(screen.InPlay())[1:]; !slices.Equal(got, []string{"nothing to heal"}) {
		t.Errorf("%q", got)
	}
	if got := (&Result{Msg: "1 skipped", Run: "r", Steps: []Step{{Step: heal.Step{Number: 1, State: heal.Skipped}}}}); lastOf(got) != "   1 skipped" {
		t.Errorf("nothing was written: %q", lastOf(got))
	}
}
