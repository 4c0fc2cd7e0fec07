// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// A prefix names who wrote the lines only where it is surely one of a tool.
func TestWho(t *testing.T) {
	const line = "2026-11-22 10:56:44.519 7 ERROR nova.compute.manager [-] x"
	for before, want := range map[string][2]string{
		"[pod/nova-compute-default-x7x2p/nova-compute] ": {"nova-compute-default-x7x2p", "nova-compute"},
		"nova-compute-default-x7x2p nova-compute ":       {"nova-compute-default-x7x2p", "nova-compute"},
		"nova-compute-default-x7x2p nova-compute │ ":     {"nova-compute-default-x7x2p", "nova-compute"},
		"nova-compute-1  | ":                             {"nova-compute-1", "nova-compute"},
		"nova-compute-2  | ":                             {"nova-compute-2", "nova-compute"},
		"cloud_nova-compute_1 | ":                        {"cloud_nova-compute_1", "cloud_nova-compute"},
		"nova-compute | ":                                {"", "nova-compute"},
		"we saw ":                                        {},
		"re-read this ":                                  {},
		"host nova-compute ":                             {},
		"table | ":                                       {},
	} {
		prefix, n := lines.PrefixOf([]byte(before + line))
		if n == 0 {
			t.Fatalf("%q is no prefix", before)
		}
		if host, service := writer(prefix.Name()); [2]string{host, service} != want {
			t.Errorf("%q: %q, %q, want %q", before, host, service, want)
		}
	}
}
