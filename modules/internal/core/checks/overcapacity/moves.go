// SPDX-License-Identifier: Apache-2.0

package overcapacity

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Whether the fault also blocks moves away from the provider, as far as the APIs tell.
const (
	blocks     = "yes"
	mayBlock   = "unknown"
	doNotBlock = "no"
)

// blocksMoves reports whether Placement is older than 14.0.0, which changed the rule (commit 5ac4c70b, bug 2104040).
// Placement itself does not tell: its newest microversion has been 1.39 since Yoga. Nova of the same release does:
// up to 2.96 it is 2024.2 or older, 2.100 is 2025.1 (Placement 13) or 2025.2 (14), anything newer is 2026.1 or
// later (nova/api/openstack/compute/rest_api_version_history.rst).
func blocksMoves(s *snapshot.Snapshot) string {
	var major, minor int
	if _, err := fmt.Sscanf(s.Compute.Newest, "%d.%d", &major, &minor); err != nil {
		return mayBlock
	}
	switch {
	case minor < 100:
		return blocks
	case minor == 100:
		return mayBlock
	}
	return doNotBlock
}

func consequence(s *snapshot.Snapshot) string {
	switch blocksMoves(s) {
	case blocks:
		return "; this Placement (before 14.0.0) refuses to move servers away from it"
	case mayBlock:
		return "; a Placement before 14.0.0 would refuse to move servers away from it"
	}
	return ""
}
