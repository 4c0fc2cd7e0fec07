// SPDX-License-Identifier: Apache-2.0

package scheduler

import (
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Resizing says what the flavor that Nova shows of a server leaves open while it is resized. Nova changes the flavor where the new host takes
// the server over (compute/manager.py, _finish_resize, in one write with the task resize_finish), and back where the old one does
// (_finish_revert_resize). A cold migration has the same states. After that, with VERIFY_RESIZE, it shows the new flavor.
func Resizing(s openstack.Server) []string {
	switch {
	case s.TaskState == "resize_confirming", s.TaskState == "resize_finish":
		return nil
	case s.TaskState == "resize_reverting" || s.Status == "REVERT_RESIZE":
		return []string{"the flavor that the server goes back to: Nova does not show it yet. Ask with flavor"}
	case strings.HasPrefix(s.TaskState, "resize_") || s.Status == "RESIZE":
		return []string{"the flavor that the server is being resized to, unless it is being migrated: Nova does not show it yet. Ask with flavor"}
	}
	return nil
}

// UnshownZone says that it is unknown whether a server is pinned to an availability zone: a move keeps to the zone that the user asked for at
// the build, and to no other (objects/request_spec.py). Nova shows that from 2.96 on.
func UnshownZone(a openstack.Asked) []string {
	switch {
	case a.Pinned != nil:
		return nil
	case a.Zone == "":
		return []string{"whether the server is pinned to an availability zone: this Nova does not show it"}
	}
	return []string{"whether the server is pinned to the availability zone " + foreign.Line(a.Zone) + ": this Nova does not show it"}
}

// UnshownImage says what Nova does not show of the image of a server. A move goes by the properties that the image had at the build: Nova
// keeps a copy of them, and shows it from 2.98 on, without those that begin with "trait:" (api/openstack/compute/views/servers.py, _get_image).
func UnshownImage(a openstack.Asked) []string {
	switch {
	case a.Properties != nil:
		return []string{"which traits and which disk_format the image of the server asks for: Nova does not show them"}
	case a.Image == "":
		return []string{"what the image on the volume of the server asks for: Nova does not show it. Ask with image_properties"}
	}
	return []string{"what the image of the server asks for: this Nova does not show it. Ask with image: " + foreign.Line(a.Image)}
}
