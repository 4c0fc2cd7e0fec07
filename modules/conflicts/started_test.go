// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"testing"

	known "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
)

// A clock that is known to differ says nothing about when a service reported.
func TestAstray(t *testing.T) {
	gaps := []known.ClockGap{{Host: "cn1", Service: "nova-compute", Seconds: 3600}}
	for service, want := range map[string]bool{"nova-compute": true, "nova-conductor": false} {
		if got := astray(gaps, []explained.Pace{{Client: explained.Client{Host: "cn1", Service: service}}}); got != want {
			t.Errorf("%s: %t", service, got)
		}
	}
}
