// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// An undo is one line for each step.
func TestText(t *testing.T) {
	r := &Result{Msg: "undo of run r: 1 planned, 1 skipped", Steps: []Step{
		{Step: 2, Op: repair.Allocations, Target: []string{"c", "d"}, State: "planned"},
		{Step: 1, Op: repair.DeleteProvider, Target: []string{"p"}, State: "skipped", Reason: "its name is taken"},
	}}
	want := []string{
		r.Msg, "", `   2 planned    undo "allocations" of c, d`, `   1 skipped    undo "delete provider" of p`, "                its name is taken",
	}
	if got := r.Show(screen.InPlay()); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := r.Show(screen.View{Width: 100}); !slices.Equal(got, want) {
		t.Errorf("a step can't be undone: %q", got)
	}
	r.ready = true
	want = append(want, "", "Nothing was written. Run the same without --check to undo it.")
	if got := r.Show(screen.View{Width: 100}); !slices.Equal(got, want) {
		t.Errorf("in a terminal: %q", got)
	}
}
