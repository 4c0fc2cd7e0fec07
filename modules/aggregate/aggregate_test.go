// SPDX-License-Identifier: Apache-2.0

package aggregate_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/aggregate"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// What makes no sense is refused before a cloud is asked, all of it at once.
func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		args map[string]any
		says []string
	}{
		"of nobody":      {map[string]any{"aggregates": []string{"a"}}, []string{"one of the following is required: provider, providers, aggregate, pattern, zone"}},
		"nothing":        {map[string]any{"aggregates": []string{}, "provider": "a"}, []string{"must name at least one aggregate with state=present"}},
		"empty":          {map[string]any{"aggregates": []string{"a", " "}, "providers": []string{" "}}, []string{"aggregates[1] must not be empty", "providers[0] must not be empty"}},
		"two selections": {map[string]any{"aggregates": []string{"a"}, "aggregate": "a", "zone": "b"}, []string{"parameters are mutually exclusive: aggregate|zone"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.args["auth_type"], c.args["placement_endpoint"] = "none", "http://127.0.0.1:1"
			answer := ansibletest.RunAtOnce(t, aggregate.Module(), c.args)
			msg, _ := answer["msg"].(string)
			for _, words := range c.says {
				if answer["failed"] != true || !strings.Contains(msg, words) {
					t.Errorf("it does not say %q: %s", words, msg)
				}
			}
		})
	}
}
