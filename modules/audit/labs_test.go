// SPDX-License-Identifier: Apache-2.0

//go:build lab || record

package audit_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// lab is a running control plane.
type lab struct{ *live.Lab }

func labOf(t *testing.T, profile string) lab {
	t.Helper()
	return lab{live.FindProfile(t, profile)}
}
