// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

// No type of Keystone's answers takes something that lacks what a session rests on.
func TestWireTypes(t *testing.T) {
	stricttest.Types(t, "token.go", &tokenAnswer{})
}
