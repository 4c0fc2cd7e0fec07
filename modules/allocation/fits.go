// SPDX-License-Identifier: Apache-2.0

package allocation

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// fits refuses what Placement would refuse, before it is sent: a write of a consumer that fails may leave a record of it that
// nobody sees, and then each later write as of a new one is refused.
func (t *task) fits(ctx context.Context, c repair.Change) error {
	more := c.Growth()
	var faults []error
	for _, provider := range slices.Sorted(maps.Keys(more)) {
		offered, err := t.client.Offered(ctx, provider)
		if err != nil {
			return err
		}
		used, err := t.client.Used(ctx, provider)
		if err != nil {
			return err
		}
		for _, why := range c.Misfits(provider, offered, used) {
			faults = append(faults, fmt.Errorf("resource provider %s %s", t.name(provider), why))
		}
	}
	return several.Join(faults...)
}

func (t *task) name(provider string) string {
	if name := t.names[provider]; name != "" {
		return name + " (" + provider + ")"
	}
	return provider
}
