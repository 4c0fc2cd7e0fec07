// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// A check does not run without a part that it needs, so that its page must not say that it runs without that.
func TestCheckPageNamesAPartOnce(t *testing.T) {
	needed := []snapshot.Part{snapshot.Providers, snapshot.Hypervisors}
	for want, wants := range map[string][]snapshot.Part{
		"":                                 {snapshot.Hypervisors},
		"Also reads allocations, servers;": {snapshot.Providers, snapshot.Allocations, snapshot.Hypervisors, snapshot.Servers},
	} {
		page := string(checkPage(&check.Check{ID: "PLC999", Needs: needed, Wants: wants}))
		if !strings.Contains(page, "Needs providers, hypervisors; not run") || !strings.Contains(page, want) || strings.Contains(page, "Also reads") != (want != "") {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}
