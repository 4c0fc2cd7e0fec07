// SPDX-License-Identifier: Apache-2.0

package lostinstancemapping_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/lostinstancemapping"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/missingallocation"
)

func Test(t *testing.T) {
	checktest.Run(t, lostinstancemapping.Check(), []checktest.Case{
		{Name: "nobody looked twice", Change: checktest.Fought},
	})
}

// The second look at what another check suspects finds it.
func TestLost(t *testing.T) {
	all := []*check.Check{missingallocation.Check(), lostinstancemapping.Check()}
	for name, lost := range map[string]bool{"lost": true, "deleted": false} {
		s := checktest.Cloud()
		checktest.Release(s, checktest.Server)
		checktest.LookTwice(s, all...)
		if lost {
			s.Second.Lost = []string{checktest.Server}
		} else {
			s.Second.Servers[checktest.Server] = nil
		}
		v := check.Run(s, all, check.Defaults())
		found := map[string]bool{}
		for _, f := range v.Findings {
			found[f.ID] = true
			if f.ID == "PLC105" && !slices.Equal(f.Because, []string{"PLC508:server:" + checktest.Server}) {
				t.Errorf("%s is because of %v", f.Fingerprint, f.Because)
			}
		}
		if found["PLC508"] != lost || found["PLC105"] != lost || !v.Complete() {
			t.Errorf("%s: %v, not run %v", name, v.Findings, v.NotRun)
		}
	}
}
