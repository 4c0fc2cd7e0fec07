// SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
)

// What placement_heal heals has the task for just that finding. Where something is stuck there is none: it has to end first.
func TestHealingTasks(t *testing.T) {
	s := ill(true)
	checktest.LookTwice(s, checks.All()...)
	seen, first := 0, 0
	for _, f := range check.Run(s, checks.All(), check.Defaults()).Findings {
		i := slices.IndexFunc(checks.All(), func(c *check.Check) bool { return c.ID == f.ID })
		stuck := strings.HasPrefix(f.Remedy.Text, "First end what is stuck") || strings.HasPrefix(f.Remedy.Text, "First give server")
		if !checks.All()[i].Healable || stuck {
			if f.Remedy.Module == "placement_heal" {
				t.Errorf("%s has the task %v", f.Fingerprint, f.Remedy.Args)
			}
			first++
			continue
		}
		seen++
		want := `map[checks:[` + f.ID + `] findings:[map[fingerprint:` + f.Fingerprint + `]]]`
		if got := fmt.Sprint(f.Remedy.Args); f.Remedy.Module != "placement_heal" || got != want {
			t.Errorf("%s: %s %s, want %s", f.Fingerprint, f.Remedy.Module, got, want)
		}
	}
	if seen < 5 || first == 0 {
		t.Errorf("%d findings have a task, and %d have none", seen, first)
	}
}
