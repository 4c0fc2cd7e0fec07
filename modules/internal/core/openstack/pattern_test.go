// SPDX-License-Identifier: Apache-2.0

package openstack_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern openstack.Pattern
		name    string
		want    bool
	}{
		{"compute-*", "compute-01", true},
		{"compute-*", "old-compute-01", false}, // the whole name
		{"compute-0?", "compute-01", true},
		{"compute-0?", "compute-011", false},
		{"compute-[0-4]", "compute-3", true},
		{"compute-[0-4]", "compute-7", false},
		{"*", "rack/1", true},
		{"Compute-*", "compute-01", false}, // as Placement compares names
		{`a\*b`, "a*b", true},
		{`a\*b`, "axb", false},
	} {
		if got := c.pattern.Matches(c.name); got != c.want || !c.pattern.Valid() {
			t.Errorf("%q of %q: %v", c.pattern, c.name, got)
		}
	}
	for _, bad := range []openstack.Pattern{"[a", `a\`, "a[]"} {
		if bad.Valid() || bad.Matches("a") {
			t.Errorf("%q is taken", bad)
		}
	}
}
