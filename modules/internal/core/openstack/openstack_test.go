// SPDX-License-Identifier: Apache-2.0

package openstack_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

func TestShortName(t *testing.T) {
	for host, want := range map[string]string{
		"cn1": "cn1", "CN1.Example.org": "cn1", "10.0.0.5": "10.0.0.5", "fd00::5": "fd00::5", "": "", "10.example": "10", "node-1.": "node-1",
	} {
		if got := openstack.ShortName(host); got != want {
			t.Errorf("%q: got %q, want %q", host, got, want)
		}
	}
}
