// SPDX-License-Identifier: Apache-2.0

package filters

import (
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// OfHints says which filters decide on the scheduler hints of a server, by the names of these; nil says that Nova does not show them. A
// move has those of the build (nova/objects/request_spec.py).
func OfHints(names []string) []string {
	if names == nil {
		return []string{"what the scheduler hints ask for with which the server was built: this Nova does not show them"}
	}
	if len(names) == 0 {
		return nil
	}
	by := map[string]string{
		"build_near_host_ip": "SimpleCIDRAffinityFilter", "cidr": "SimpleCIDRAffinityFilter", "different_host": "DifferentHostFilter",
		"query": "JsonFilter", "same_host": "SameHostFilter",
	}
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = foreign.Line(name)
		if by[name] != "" {
			words[i] += " (" + by[name] + ")"
		}
	}
	return []string{"what the scheduler hints of the server ask for: " + strings.Join(words, ", ")}
}
