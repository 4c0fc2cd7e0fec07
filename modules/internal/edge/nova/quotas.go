// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"context"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Quota is what Nova counts of one thing for a project, and how much it allows. A limit of -1 is none.
type Quota struct {
	InUse int `json:"in_use"`
	Limit int `json:"limit"`
}

// Quotas are those that Placement has something to say about. RAM is in MiB.
type Quotas struct {
	Instances Quota `json:"instances"`
	Cores     Quota `json:"cores"`
	RAM       Quota `json:"ram"`
}

// Quotas reads what a project uses and may use, as Nova counts it when it decides about a build: from its cells, or from Placement
// if it is configured to ([quota]driver for unified limits, or [quota]count_usage_from_placement).
func (c *Client) Quotas(ctx context.Context, project string) (Quotas, error) {
	return rest.Get(ctx, c.sc, "read quotas of project "+project, "os-quota-sets/"+url.PathEscape(project)+"/detail", func(a *quotaSet) (Quotas, error) {
		of := func(q quota) Quota { return Quota{InUse: q.InUse + q.Reserved, Limit: q.Limit} }
		return Quotas{of(a.Quotas.Instances), of(a.Quotas.Cores), of(a.Quotas.RAM)}, nil
	})
}
