// SPDX-License-Identifier: Apache-2.0

package heal_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// A provider that the audit saw and Placement then does not find is told as that. It is not one that never was.
func TestProviderGoneSince(t *testing.T) {
	f := facts(t, func(s *snapshot.Snapshot) { checktest.Release(s, checktest.Server) })
	delete(f.Providers, checktest.Compute)
	steps := heal.Steps(f)
	i := slices.IndexFunc(steps, func(s heal.Step) bool { return s.Finding == "PLC105:server:"+checktest.Server })
	if i < 0 {
		t.Fatalf("no step for the server: %s", told(steps))
	}
	if got, want := steps[i].Reason, "the resource provider of its host cn1 is not there any more: audit again"; steps[i].State != heal.ByHand || got != want {
		t.Errorf("%s: %q, want %q", steps[i].State, got, want)
	}
}
