// SPDX-License-Identifier: Apache-2.0

package filters_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/filters"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// A policy rules out the hosts that Nova's filters do: with anti-affinity not that of the server itself.
func TestOfGroup(t *testing.T) {
	hosts := words{"us": "cn1", "a": "cn2", "b": "cn3", "c": "cn3", "d": "cn1", "e": ""}
	for name, c := range map[string]struct {
		policy string
		most   int
		hosts  words
		want   []string
	}{
		"anti-affinity": {"anti-affinity", 1, hosts, []string{"whether Nova leaves out cn2, cn3: other servers of its server group web (anti-affinity)"}},
		"two a host":    {"anti-affinity", 2, hosts, []string{"whether Nova leaves out cn3"}},
		"three a host":  {"anti-affinity", 3, hosts, nil},
		"alone":         {"anti-affinity", 1, words{"us": "cn1"}, nil},
		"off its host":  {"anti-affinity", 1, words{"us": "", "a": "cn1"}, []string{"whether Nova leaves out cn1"}},
		"affinity":      {"affinity", 1, hosts, []string{"whether Nova leaves out all hosts but cn1, cn2, cn3"}},
		"nowhere":       {"affinity", 1, words{"us": ""}, nil},
		"soft":          {"soft-anti-affinity", 1, hosts, nil},
	} {
		is(t, name, filters.OfGroup(openstack.ServerGroup{Name: "web", Policy: c.policy, MaxPerHost: c.most}, "us", c.hosts), c.want)
	}
}
