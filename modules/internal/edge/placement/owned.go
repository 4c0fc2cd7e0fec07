// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Owned is what the consumers of one type hold, of one project or of one user in it. Before 1.38 Placement knows no types: then
// Consumers is nil, and Type empty.
type Owned struct {
	Type      string
	Consumers *int
	Resources map[string]int
}

// consumerCount is the number of consumers, among the classes that they hold.
const consumerCount = "consumer_count"

// UsagesOf reads what a project uses, or one user of it unless that is empty. Of a project that it does not know, Placement says
// that it uses nothing.
func (c *Client) UsagesOf(ctx context.Context, project, user string) ([]Owned, error) {
	query := url.Values{"project_id": {project}}
	op := "read usages of project " + project
	if user != "" {
		query.Set("user_id", user)
		op += " and user " + user
	}
	path := "usages?" + query.Encode()
	if !c.CountsConsumers() {
		return rest.Get(ctx, c.sc, op, path, func(a *usagesByClass) ([]Owned, error) {
			if len(a.Usages) == 0 {
				return nil, nil
			}
			return []Owned{{Resources: a.Usages}}, nil
		})
	}
	return rest.Get(ctx, c.sc, op, path, func(a *usagesWhole) ([]Owned, error) { return a.owned() })
}

// CountsConsumers reports whether this Placement tells how many consumers hold something, and of which type they are.
func (c *Client) CountsConsumers() bool { return rest.Compare(c.sc.Microversion, consumerTypes) >= 0 }

// owned takes the numbers of consumers out of the classes.
func (u *usagesWhole) owned() ([]Owned, error) {
	var out []Owned
	for kind, classes := range u.Usages {
		n, there := classes[consumerCount]
		if !there {
			return nil, rest.Missing(consumerCount)
		}
		delete(classes, consumerCount)
		out = append(out, Owned{Type: kind, Consumers: &n, Resources: classes})
	}
	return out, nil
}
