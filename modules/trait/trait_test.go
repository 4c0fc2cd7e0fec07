// SPDX-License-Identifier: Apache-2.0

package trait_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/trait"
)

// What makes no sense is refused before a cloud is asked, all of it at once.
func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		args map[string]any
		says []string
	}{
		"nothing":           {map[string]any{"traits": []string{}}, []string{"must name at least one trait with state=present"}},
		"no names":          {map[string]any{"traits": []string{"gold", "CUSTOM_A"}, "provider": " "}, []string{"traits[0] must be capitals, digits and underscores, such as GOLD, got: gold", "provider must not be empty"}},
		"exactly of nobody": {map[string]any{"traits": []string{"CUSTOM_A"}, "state": "exact"}, []string{"must be present or absent if no provider is given"}},
		"not ours":          {map[string]any{"traits": []string{"HW_CPU_X86_VMX"}, "state": "absent"}, []string{"traits[0] must begin with CUSTOM_", "such as CUSTOM_HW_CPU_X86_VMX"}},
		"create anyway":     {map[string]any{"traits": []string{"CUSTOM_A"}, "create_traits": true}, []string{"create_traits must not be given without a provider"}},
		"two selections":    {map[string]any{"traits": []string{"CUSTOM_A"}, "provider": "a", "pattern": "b"}, []string{"parameters are mutually exclusive: provider|providers|pattern"}},
		"two more":          {map[string]any{"traits": []string{"CUSTOM_A"}, "aggregate": "a", "zone": "b", "journal": "/nowhere"}, []string{"parameters are mutually exclusive: aggregate|zone"}},
		"no pattern":        {map[string]any{"traits": []string{"CUSTOM_A"}, "pattern": "compute-[0"}, []string{"value of pattern must be a shell pattern"}},
		"one fault a name":  {map[string]any{"traits": []string{"gold", "CUSTOM_B-"}, "state": "absent"}, []string{"2 faults in the options", "such as CUSTOM_GOLD", "such as CUSTOM_B"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.args["auth_type"], c.args["placement_endpoint"] = "none", "http://127.0.0.1:1"
			answer := ansibletest.RunAtOnce(t, trait.Module(), c.args)
			msg, _ := answer["msg"].(string)
			for _, words := range c.says {
				if answer["failed"] != true || !strings.Contains(msg, words) {
					t.Errorf("it does not say %q: %s", words, msg)
				}
			}
		})
	}
}
