// SPDX-License-Identifier: Apache-2.0

package resourceclass_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/resourceclass"
)

// What makes no sense is refused before a cloud is asked, all of it at once.
func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		args map[string]any
		says []string
	}{
		"nothing":            {map[string]any{"classes": []string{}}, []string{"must name at least one resource class"}},
		"not ours":           {map[string]any{"classes": []string{"VCPU", "gpu a"}}, []string{"classes[0] must begin with CUSTOM_", "such as CUSTOM_VCPU, got: VCPU", "classes[1] must begin with CUSTOM_", "such as CUSTOM_GPU_A"}},
		"renamed to itself":  {map[string]any{"classes": []string{"CUSTOM_A"}, "renamed_from": "CUSTOM_A"}, []string{"must differ from the new name"}},
		"renamed to two":     {map[string]any{"classes": []string{"CUSTOM_A", "CUSTOM_B"}, "renamed_from": "VCPU"}, []string{"must be one name with renamed_from", "renamed_from must be a resource class that begins with CUSTOM_"}},
		"renamed and absent": {map[string]any{"classes": []string{"CUSTOM_A"}, "renamed_from": "CUSTOM_B", "state": "absent"}, []string{"renamed_from must not be given with state=absent"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.args["auth_type"], c.args["placement_endpoint"] = "none", "http://127.0.0.1:1"
			answer := ansibletest.RunAtOnce(t, resourceclass.Module(), c.args)
			msg, _ := answer["msg"].(string)
			for _, words := range c.says {
				if answer["failed"] != true || !strings.Contains(msg, words) {
					t.Errorf("it does not say %q: %s", words, msg)
				}
			}
		})
	}
}
