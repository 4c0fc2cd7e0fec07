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
