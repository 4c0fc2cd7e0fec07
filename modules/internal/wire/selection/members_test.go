// SPDX-License-Identifier: Apache-2.0

package selection

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// What is missing is an error, named once, unless something is there and nothing is written.
func TestComplete(t *testing.T) {
	one, bare := []openstack.Provider{{Name: "cn1"}}, []string{"host b has no compute node", "host a has no compute node", "host b has no compute node"}
	const must, how = "value of zone must have hosts with compute nodes and resource providers", " (find out why with placement_audit, or name the others in providers)"
	for name, test := range map[string]struct {
		found   []openstack.Provider
		bare    []string
		reading bool
		want    string
	}{
		"all there":         {one, nil, false, ""},
		"some, to write":    {one, bare, false, must + how + ": host a has no compute node; host b has no compute node, got: z"},
		"some, to read":     {one, bare, true, ""},
		"nothing":           {nil, nil, false, must + ": there are none, got: z"},
		"nothing to read":   {nil, nil, true, must + ": there are none, got: z"},
		"only bare to read": {nil, bare[:1], true, must + ": host b has no compute node, got: z"},
	} {
		f := &finder{call: &ansible.Call{}, reading: test.reading}
		found, err := f.complete(test.found, slices.Clone(test.bare), ansible.OptionError{Option: "zone", Value: "z"})
		said := ""
		if err != nil {
			said = err.Error()
		}
		if said != test.want || len(found) != len(test.found) && err == nil {
			t.Errorf("%s: %q, %v", name, said, found)
		}
	}
}
