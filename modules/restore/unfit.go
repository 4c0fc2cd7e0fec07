// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

// unfit says why Placement would refuse to give back what a step has taken: the provider is not there, has no inventory of it, or one that
// allows no such amount. A write that Placement refuses may leave a record of the consumer that nobody sees. Room is not judged: other
// steps may make it.
func (t *task) unfit(ctx context.Context, back repair.Change, left map[string]repair.State) (string, error) {
	for _, uuid := range slices.Sorted(maps.Keys(back.Growth())) {
		offered, err := t.offered(ctx, uuid, left)
		switch {
		case errors.Is(err, cloud.ErrNotFound):
			return "resource provider " + uuid + " is not there", nil
		case err != nil:
			return "", err
		}
		for _, why := range back.Unfit(uuid, offered) {
			return "resource provider " + uuid + " " + why, nil
		}
	}
	return "", nil
}

// offered are the inventories of a provider, as the undoing of later steps leaves them. Where these create the provider again and then
// change its inventories, the change counts.
func (t *task) offered(ctx context.Context, uuid string, left map[string]repair.State) (map[string]openstack.Inventory, error) {
	for _, op := range []repair.Op{repair.Inventories, repair.CreateProvider} {
		for _, p := range left[op.About()+" "+uuid].Providers {
			if !p.Absent {
				return p.Inventories, nil
			}
		}
	}
	return t.clients.Placement.Offered(ctx, uuid)
}
