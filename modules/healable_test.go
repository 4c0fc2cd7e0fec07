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
	planned := slices.Sorted(slices.Values(heal.Checks()))
	if !slices.Equal(healable, planned) {
		t.Errorf("healable are %s, and placement_heal heals %s", strings.Join(healable, " "), strings.Join(planned, " "))
	}
	page, err := os.ReadFile("../docs/repair.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range healable {
		if !strings.Contains(string(page), "["+id+"](checks/"+id+".md)") {
			t.Errorf("docs/repair.md does not tell what is done about %s", id)
		}
	}
}
