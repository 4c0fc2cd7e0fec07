// SPDX-License-Identifier: Apache-2.0

package filters_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/filters"
)

// Hints that are not shown are not none.
func TestOfHints(t *testing.T) {
	is(t, "not shown", filters.OfHints(nil), []string{"does not show them"})
	is(t, "none", filters.OfHints([]string{}), nil)
	is(t, "some", filters.OfHints([]string{"o\x1b[2J", "same_host"}), []string{", same_host (SameHostFilter)"})
}
