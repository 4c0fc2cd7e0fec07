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
		r.Msg, "", "   2 planned    Restore the allocations of c, d", "   1 skipped    Create resource provider p again", "                its name is taken",
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

// Each kind of step says what its undoing does.
func TestWhat(t *testing.T) {
	holds := func(uuid string, held repair.Held) repair.Consumer { return repair.Consumer{UUID: uuid, Held: held} }
	provider := func(p repair.Provider) repair.State { return repair.State{Providers: []repair.Provider{p}} }
	for want, s := range map[string]Step{
		"Set the allocation of consumer c back to DISK_GB 1 on p and VCPU 2 on q, and empty consumer d": {Op: repair.Allocations, After: repair.State{Consumers: []repair.Consumer{
			holds("c", repair.Held{"q": {"VCPU": 2}, "p": {"DISK_GB": 1}}), holds("d", nil),
		}}},
		"Empty consumer d": {Op: repair.Allocations, After: repair.State{Consumers: []repair.Consumer{holds("d", repair.Held{})}}},
		"Delete resource provider cn1 (p)": {
			Op: repair.CreateProvider, Target: []string{"p"},
			Before: provider(repair.Provider{UUID: "p", Name: "cn1"}), After: provider(repair.Provider{UUID: "p", Absent: true}),
		},
		"Create resource provider cn1 (p) again": {
			Op: repair.DeleteProvider, Before: provider(repair.Provider{UUID: "p", Absent: true}), After: provider(repair.Provider{UUID: "p", Name: "cn1"}),
		},
		"Rename resource provider new (p) back to old": {
			Op: repair.UpdateProvider, Before: provider(repair.Provider{UUID: "p", Name: "new"}), After: provider(repair.Provider{UUID: "p", Name: "old"}),
		},
		"Put resource provider cn1_pci (p) back below q": {
			Op: repair.UpdateProvider, Before: provider(repair.Provider{UUID: "p", Name: "cn1_pci"}),
			After: provider(repair.Provider{UUID: "p", Name: "cn1_pci", Parent: "q"}),
		},
		"Make resource provider cn1 (p) a root again": {
			Op: repair.UpdateProvider, Before: provider(repair.Provider{UUID: "p", Name: "cn1", Parent: "q"}), After: provider(repair.Provider{UUID: "p", Name: "cn1"}),
		},
		"Put back the name and the parent of resource provider p": {Op: repair.UpdateProvider, Target: []string{"p"}},
		"Put back the traits of resource provider cn1 (p)": {
			Op: repair.Traits, Before: provider(repair.Provider{UUID: "p", Name: "cn1"}), After: provider(repair.Provider{UUID: "p", Name: "cn1"}),
		},
		"Delete trait CUSTOM_A":                           {Op: repair.CreateTrait, Target: []string{"CUSTOM_A"}},
		"Create resource class CUSTOM_A again":            {Op: repair.DeleteClass, Target: []string{"CUSTOM_A"}},
		"Rename resource class CUSTOM_B back to CUSTOM_A": {Op: repair.RenameClass, Target: []string{"CUSTOM_A", "CUSTOM_B"}},
	} {
		if got := s.what(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
