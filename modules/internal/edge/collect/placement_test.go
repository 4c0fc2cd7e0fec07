// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Placement counts usages by inventory. A provider that shows none at all may be held.
func TestMayHold(t *testing.T) {
	r := &reader{s: &snapshot.Snapshot{UsageMap: map[string]map[string]int{
		"free": {"VCPU": 0}, "used": {"VCPU": 0, "DISK_GB": 1}, "without inventory": {},
	}}}
	for uuid, want := range map[string]bool{"free": false, "used": true, "without inventory": true} {
		if got := r.mayHold(uuid); got != want {
			t.Errorf("%s: %v", uuid, got)
		}
	}
}
