// SPDX-License-Identifier: Apache-2.0

package flavor_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
)

// What the group without a suffix asks for is kept where another group asks for the class too; only its defaults are not.
func TestPlain(t *testing.T) {
	for name, c := range map[string]struct {
		specs specs
		want  map[string]int // beside the plain flavor's
	}{
		"a plain flavor":              {specs{}, nil},
		"a class in both":             {specs{"resources:VGPU": "1", "resources1:VGPU": "2"}, map[string]int{"VGPU": 1}},
		"memory in both":              {specs{"resources:MEMORY_MB": "7", "resources1:MEMORY_MB": "1"}, map[string]int{"MEMORY_MB": 7}},
		"memory in a group":           {specs{"resources1:MEMORY_MB": "1"}, map[string]int{"MEMORY_MB": 0}},
		"no disk in a group":          {specs{"resources1:DISK_GB": "0"}, map[string]int{"DISK_GB": 0}},
		"CPUs in a group":             {specs{"resources1:PCPU": "4"}, map[string]int{"VCPU": 0}},
		"CPUs in both":                {specs{"resources:VCPU": "2", "resources1:VCPU": "2"}, map[string]int{"VCPU": 2}},
		"dedicated, none shared":      {specs{"hw:cpu_policy": "dedicated", "resources:VCPU": "0"}, map[string]int{"VCPU": 0, "PCPU": 4}},
		"encrypted, also in a group":  {specs{"hw:mem_encryption": "yes", "resources1:MEM_ENCRYPTION_CONTEXT": "1"}, map[string]int{"MEM_ENCRYPTION_CONTEXT": 1}},
		"an unknown class in a group": {specs{"resources1:CPU": "2"}, nil},
	} {
		if diff := cmp.Diff(changed(c.want), flavor.Plain(small(c.specs))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
