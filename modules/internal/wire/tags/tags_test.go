// SPDX-License-Identifier: Apache-2.0

package tags_test

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

// What is there after a wish is sorted, each once, and what was there is not touched.
func TestMixed(t *testing.T) {
	for _, c := range []struct {
		state              string
		have, wanted, want []string
	}{
		{tags.Present, []string{"b", "c"}, []string{"a", "b", "a"}, []string{"a", "b", "c"}},
		{tags.Exact, []string{"b", "c"}, []string{"b", "a", "a"}, []string{"a", "b"}},
		{tags.Exact, []string{"b"}, nil, []string{}},
		{tags.Absent, []string{"b", "c"}, []string{"a", "b"}, []string{"c"}},
		{tags.Absent, nil, []string{"a"}, []string{}},
	} {
		have := slices.Clone(c.have)
		if got := tags.Mixed(c.state, c.have, c.wanted); !slices.Equal(got, c.want) || got == nil || !slices.Equal(have, c.have) {
			t.Errorf("%s of %v and %v: %v", c.state, have, c.wanted, got)
		}
	}
}

// Operators make those that begin with CUSTOM_ only.
func TestCounted(t *testing.T) {
	for want, names := range map[string][]string{
		"0 resource classes, 0 custom": nil, "1 resource class, 1 custom": {"CUSTOM_GOLD"}, "3 resource classes, 1 custom": {"VCPU", "CUSTOM_GOLD", "PCPU"},
	} {
		if got := tags.Counted(names, "resource class"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
