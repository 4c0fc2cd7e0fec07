// SPDX-License-Identifier: Apache-2.0

package allocation

import (
	"context"
	"errors"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
)

// fits refuses what Placement would refuse.
func (t *task) fits(ctx context.Context, c repair.Change) error {
	misfits, err := edge.Misfits(ctx, t.client, c, t.name)
	faults := []error{err}
	for _, why := range misfits {
		faults = append(faults, errors.New(why))
	}
	return several.Join(faults...)
}

func (t *task) name(provider string) string {
	if name := t.names[provider]; name != "" {
		return name + " (" + provider + ")"
	}
	return provider
}
