// SPDX-License-Identifier: Apache-2.0

package resourceclassinfo

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Resource classes are a table; without one there is none.
func TestShowOfClasses(t *testing.T) {
	r := &Result{Msg: "2 resource classes, 1 custom", Classes: []Class{{Name: "CUSTOM_A\n$ rm", Custom: true}, {Name: "VCPU"}}}
	want := []string{"2 resource classes, 1 custom", "", "RESOURCE CLASS  CUSTOM", "CUSTOM_A $ rm   yes", "VCPU            no"}
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	r.Msg, r.Classes = "0 resource classes, 0 custom", nil
	if got := r.Show(screen.View{Width: 80}); !slices.Equal(got, []string{r.Msg}) {
		t.Errorf("%q", got)
	}
}
