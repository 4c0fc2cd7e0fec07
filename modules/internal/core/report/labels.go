// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Labels name the cloud in metrics. What is empty is taken from the cloud itself.
type Labels struct{ Cloud, Region string }

// of are the labels of a cloud: its first endpoint, as the endpoints are sorted, or else its name. They are empty if nothing is
// known of the cloud, as with a saved snapshot.
func (l Labels) of(c openstack.Cloud) []string {
	name := c.Name
	if len(c.Endpoints) > 0 {
		name = c.Endpoints[0]
	}
	return []string{"cloud", cmp.Or(l.Cloud, name), "region", cmp.Or(l.Region, c.Region)}
}

// Labelled is the report with these labels in its metrics.
func (r *Report) Labelled(l Labels) *Report {
	other := *r
	other.Labels = l
	return &other
}

// Labelled is the same of capacities.
func (c *Capacity) Labelled(l Labels) *Capacity {
	other := *c
	other.Labels = l
	return &other
}

// Labelled is the same of conflicts.
func (r *Refusals) Labelled(l Labels) *Refusals {
	other := *r
	other.Labels = l
	return &other
}
