// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"context"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/glance"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// image reads the image that the options name, and keeps why the flavor does not suit it.
func (t *task) image(ctx context.Context, f openstack.Flavor, fromVolume bool) error {
	if t.o.Image == "" {
		return nil
	}
	sc, err := t.clients.Session.Image()
	if err != nil {
		return err
	}
	found, err := glance.Find(ctx, sc, t.o.Image)
	if err != nil {
		return err
	}
	if len(found) == 1 {
		t.properties = found[0].Properties
		if t.o.Server == "" { // a move of a server does not look at the rest
			unfit, open := scheduler.Unfit(f, fromVolume, found[0])
			t.unfit, t.open = unfit, append(t.open, open...)
		}
		return nil
	}
	reason := "must be the name or UUID of an image that this login can see"
	if len(found) > 1 {
		var all []string
		for _, image := range found {
			all = append(all, image.UUID)
		}
		reason = "must be the UUID of one image: several have this name, " + foreign.List(all)
	}
	return &ansible.OptionError{Option: "image", Value: t.o.Image, Reason: reason}
}
