// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
)

// A finding names placement_heal as its remedy if that has a plan for it, and docs/repair.md tells what it does.
func TestHealableChecks(t *testing.T) {
	var healable []string
	for _, c := range checks.All() {
		if c.Healable {
			healable = append(healable, c.ID)
		}
	}
	planned := heal.Checks()
	for _, id := range healable {
		if !slices.Contains(planned, id) {
			t.Errorf("%s is Healable, and modules/internal/core/heal has no plan for it: write one, or take Healable out of the check", id)
		}
	}
	for _, id := range planned {
		if !slices.Contains(healable, id) {
			t.Errorf("modules/internal/core/heal has a plan for %s, which is not Healable: add Healable: true to the check", id)
		}
	}
	page, err := os.ReadFile("../docs/repair.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range healable {
		if !strings.Contains(string(page), "["+id+"](checks/"+id+".md)") {
			t.Errorf("docs/repair.md does not tell what is done about %s: add a row that links its page", id)
		}
	}
}
