// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/provider"
)

const someUUID = "f31199dc-356f-44e4-8462-072689273c53"

// What makes no sense is refused before a cloud is asked, all of it at once.
func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		args map[string]any
		says []string
	}{
		"empty":               {map[string]any{"provider": " ", "name": "", "parent": ""}, []string{"provider must not be empty", "name must not be empty", "parent must not be empty"}},
		"no UUID":             {map[string]any{"provider": "a", "uuid": "b"}, []string{"value of uuid must be a UUID, got: b"}},
		"two UUIDs":           {map[string]any{"provider": someUUID, "uuid": someUUID}, []string{"uuid must not be given beside a provider that is a UUID"}},
		"force by name":       {map[string]any{"provider": "a", "state": "absent", "force": true}, []string{"must be a UUID with force"}},
		"nothing to force":    {map[string]any{"provider": someUUID, "force": true}, []string{"force must not be given with state=present"}},
		"what absent ignores": {map[string]any{"provider": "a", "state": "absent", "name": "b", "parent": "c"}, []string{"name must not be given with state=absent", "parent must not be given with state=absent"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.args["auth_type"], c.args["placement_endpoint"] = "none", "http://127.0.0.1:1"
			answer := ansibletest.RunAtOnce(t, provider.Module(), c.args)
			msg, _ := answer["msg"].(string)
			for _, words := range c.says {
				if answer["failed"] != true || !strings.Contains(msg, words) {
					t.Errorf("it does not say %q: %s", words, msg)
				}
			}
		})
	}
}
