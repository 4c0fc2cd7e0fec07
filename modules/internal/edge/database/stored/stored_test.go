// SPDX-License-Identifier: Apache-2.0

package stored_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/stored"
)

// Equal flavors are one, and one that can't be read is none, however often it comes.
func TestFlavors(t *testing.T) {
	known := stored.Flavors{}
	whole := []byte(`{"cur": {"nova_object.data": {"name": "m1", "vcpus": 1, "memory_mb": 2048, "root_gb": 20}}}`)
	for _, raw := range [][]byte{nil, []byte("{"), []byte(`{"cur": null}`), []byte(`{"cur": {"nova_object.data": {"name": "m1"}}}`)} {
		for range 2 {
			if f, err := known.Of(raw); err == nil {
				t.Errorf("%s is %+v", raw, f)
			}
		}
	}
	for range 2 {
		if f, err := known.Of(whole); err != nil || f.RAM != 2048 || len(known) != 1 {
			t.Errorf("%+v, %v, %d", f, err, len(known))
		}
	}
}

// A status is the same however often it is looked up, and depends on the task.
func TestStatuses(t *testing.T) {
	known := stored.Statuses{}
	for range 2 {
		for of, want := range map[[2]string]string{
			{"active", ""}: "ACTIVE", {"active", "migrating"}: "MIGRATING", {"resized", "resize_reverting"}: "REVERT_RESIZE",
			{"stopped", "migrating"}: "SHUTOFF", {"never heard of", ""}: "UNKNOWN",
		} {
			if got := known.Of(of[0], of[1]); got != want {
				t.Errorf("%v is %s, want %s", of, got, want)
			}
		}
	}
}
