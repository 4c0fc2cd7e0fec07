// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Below what was changed stands the journal that has what was there before. Without a change there is nothing to show.
func TestDifferencesNameTheJournal(t *testing.T) {
	p := screen.New(screen.View{Width: 80})
	found := differences(p, []byte(`{"diff":[{"after_header":"cn1\n$ rm","before":{"a":1},"after":{"a":2}}],"journal":"/j"}`))
	want := []string{"cn1 $ rm", "  -a: 1", "  +a: 2", "", "What was there before is in /j"}
	if got := p.Lines(); !found || !slices.Equal(got, want) {
		t.Errorf("%v %q, want %q", found, got, want)
	}
	p = screen.New(screen.View{})
	if differences(p, []byte(`{"diff":[],"journal":"/j"}`)) || len(p.Lines()) > 0 {
		t.Errorf("%q", p.Lines())
	}
}
