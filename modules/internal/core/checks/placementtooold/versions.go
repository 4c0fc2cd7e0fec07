// SPDX-License-Identifier: Apache-2.0

package placementtooold

import "fmt"

// version is a microversion.
type version struct{ major, minor int }

func (v version) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

func (v version) before(w version) bool {
	return v.major < w.major || v.major == w.major && v.minor < w.minor
}

func parse(text string) (version, bool) {
	var v version
	n, err := fmt.Sscanf(text, "%d.%d", &v.major, &v.minor)
	return v, err == nil && n == 2
}

// needs returns the newest microversion of Placement that a Nova asks for, by the newest of its own; 0.0 where nobody
// knows. nova-status says which (nova/cmd/status.py, MIN_PLACEMENT_MICROVERSION, and the history of its checks in
// doc/source/cli/nova-status.rst): 1.30 in Stein, 1.32 in Train, 1.35 in Ussuri, 1.36 in Zed and later. Some release
// between Ussuri and Zed was the first to need 1.36; for these 1.35 is asked for, which comes to the same: no release of
// Placement has 1.35 as its newest (Stein 1.31, Train 1.36). Nova's own newest are in
// nova/api/openstack/compute/rest_api_version_history.rst.
func needs(nova string) version {
	has, _ := parse(nova)
	for _, release := range []struct{ nova, placement version }{
		{version{2, 93}, version{1, 36}}, // Zed
		{version{2, 80}, version{1, 35}}, // Ussuri, whatever is above Train's 2.79
		{version{2, 73}, version{1, 32}}, // Train, whatever is above Stein's 2.72
		{version{2, 66}, version{1, 30}}, // Stein, whatever is above Rocky's 2.65
	} {
		if !has.before(release.nova) {
			return release.placement
		}
	}
	return version{}
}
