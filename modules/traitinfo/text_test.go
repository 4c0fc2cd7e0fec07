// SPDX-License-Identifier: Apache-2.0

package traitinfo

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Traits are a table. Who has them is a column if it was asked for, of a few names unless all are wanted.
func TestShowOfTraits(t *testing.T) {
	r := &Result{Msg: "2 traits, 1 custom", Traits: []Trait{{Name: "CUSTOM_A\n$ rm", Custom: true}, {Name: "HW_CPU_X86_VMX"}}}
	want := []string{"2 traits, 1 custom", "", "TRAIT           CUSTOM", "CUSTOM_A $ rm   yes", "HW_CPU_X86_VMX  no"}
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	r.Traits[0].Providers, r.Traits[1].Providers = &[]Holder{}, &[]Holder{{"u1", "cn1"}, {"u2", ""}, {"u3", "cn3\n"}, {"u4", "cn4"}, {"u5", "cn5"}}
	want = []string{
		"2 traits, 1 custom", "", "TRAIT           CUSTOM  PROVIDERS", "CUSTOM_A $ rm   yes     -", "HW_CPU_X86_VMX  no      cn1, u2, cn3, cn4 and 1 more",
	}
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	if got := r.Show(screen.View{Width: 80, Wide: true}); !strings.HasSuffix(got[4], "cn1, u2, cn3, cn4, cn5") {
		t.Errorf("%q", got)
	}
}

// Without a trait there is no table.
func TestShowOfNoTraits(t *testing.T) {
	if got := (&Result{Msg: "0 traits, 0 custom", Traits: []Trait{}}).Show(screen.View{}); !slices.Equal(got, []string{"0 traits, 0 custom"}) {
		t.Errorf("%q", got)
	}
}
