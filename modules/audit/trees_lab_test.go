// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"net/http"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// A provider that shares with nobody is found, and no longer once it is in an aggregate of a host, as the finding says.
func TestLabCutOffSharing(t *testing.T) {
	b := benchOf(t)
	b.keep()
	shared := labProvider{UUID: live.UUID(), Name: ours + "shared"}
	b.send(b.place, http.MethodPost, "/resource_providers", shared, nil)
	b.put(shared.UUID, "inventories", map[string]inventory{"DISK_GB": {"total": 1000}})
	b.put(shared.UUID, "traits", []string{"MISC_SHARES_VIA_AGGREGATE"})
	b.expect(nil, "PLC405:provider:"+shared.UUID)
	b.put(shared.UUID, "aggregates", []string{b.aggregate("storage", "cn1")})
	b.expect(nil)
}
