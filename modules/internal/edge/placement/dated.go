// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"net/url"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Dated is the inventories of a provider and when one of them was last written, to the second. Placement keeps that for each
// write, also for one that changes nothing (placement/db/sqlalchemy/models.py, TimestampMixin). Zero if it does not tell, as of
// a provider without inventories.
type Dated struct {
	Stock[openstack.Inventory]
	Written time.Time
}

// Inventories reads the inventories with their generation and the time of the last write.
func (c *Client) Inventories(ctx context.Context, uuid string) (Dated, error) {
	op := "read inventories of resource provider " + uuid
	stock, written, err := rest.GetDated(ctx, c.sc, op, "resource_providers/"+url.PathEscape(uuid)+"/inventories",
		func(a *inventories) (Stock[openstack.Inventory], error) { return a.stock(), nil })
	return Dated{stock, written}, rest.OwnNotFound(op, "placement", `"errors"`, err)
}
