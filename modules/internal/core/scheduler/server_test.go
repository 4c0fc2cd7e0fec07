// SPDX-License-Identifier: Apache-2.0

package scheduler_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
)

// While a server is resized, the flavor that Nova shows may be the other one.
func TestResizing(t *testing.T) {
	for name, c := range map[string]struct {
		status, task, want string
	}{
		"at rest":    {"ACTIVE", "", ""},
		"begun":      {"RESIZE", "resize_prep", "is being resized to"},
		"under way":  {"RESIZE", "resize_migrated", "is being resized to"},
		"taken over": {"RESIZE", "resize_finish", ""},
		"no task":    {"RESIZE", "", "is being resized to"},
		"resized":    {"VERIFY_RESIZE", "", ""},
		"confirming": {"VERIFY_RESIZE", "resize_confirming", ""},
		"reverting":  {"REVERT_RESIZE", "resize_reverting", "goes back to"},
		"another":    {"ACTIVE", "rebooting", ""},
	} {
		got := strings.Join(scheduler.Resizing(openstack.Server{Status: c.status, TaskState: c.task}), "; ")
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What Nova does not show of a server's request is named, and nothing else.
func TestUnshown(t *testing.T) {
	none, az1 := "", "az1"
	for name, c := range map[string]struct {
		asked       openstack.Asked
		zone, image string
	}{
		"an old Nova":     {openstack.Asked{Zone: "az1", Image: "i"}, "pinned to the availability zone az1: this Nova", "Ask with image: i"},
		"off its host":    {openstack.Asked{Image: "i"}, "pinned to an availability zone: this Nova", "Ask with image: i"},
		"not pinned":      {openstack.Asked{Zone: "az1", Pinned: &none, Image: "i", Properties: map[string]string{}}, "", "which traits and which disk_format"},
		"pinned":          {openstack.Asked{Zone: "az1", Pinned: &az1}, "", "image on the volume"},
		"a name of a foe": {openstack.Asked{Zone: "a\n\x1b[2J", Image: "i\n"}, "zone a", "Ask with image: i"},
	} {
		zone, image := strings.Join(scheduler.UnshownZone(c.asked), "; "), strings.Join(scheduler.UnshownImage(c.asked), "; ")
		if (zone == "") != (c.zone == "") || !strings.Contains(zone, c.zone) || !strings.Contains(image, c.image) || strings.ContainsAny(zone+image, "\n\x1b") {
			t.Errorf("%s: %q, %q", name, zone, image)
		}
	}
}
