// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// A result can be had as a page for a browser and as one for a ticket, and both have its steps.
func TestPages(t *testing.T) {
	r := &Result{
		Msg: "1 by hand", Plan: Plan{ID: "p", Cloud: openstack.Cloud{Name: "oslo"}},
		Steps: []Step{{Step: heal.Step{Number: 1, State: heal.ByHand, What: "Set the project", Reason: "its consumers are unknown", Command: "openstack x"}}},
	}
	r.formats = reportfiles.PlanFormats((&task{dry: true}).reported)
	for _, format := range r.Formats() {
		page, err := r.Print(format)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"oslo", "Set the project", "its consumers are unknown", "openstack x", "Something is left to do"} {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s: no %q in %.3000s", format, want, page)
			}
		}
	}
	if len(r.Formats()) != 2 {
		t.Errorf("formats %v", r.Formats())
	}
}
