// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"context"
	"errors"
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// mostAsked is of how many requests that found no host Nova is asked for the flavor, the newest.
const mostAsked = 100

// flavors asks Nova for the flavors of what found no host, which no log has. Servers that are gone keep none.
func (t *task) flavors(ctx context.Context, clients *connection.Clients) error {
	newest := t.homes.Requests(mostAsked)
	if len(newest) == 0 || !clients.Session.HasCompute() {
		return nil
	}
	compute, err := clients.Compute(ctx)
	if err != nil {
		return err
	}
	known := map[string]string{}
	for _, r := range newest {
		if len(r.Servers) == 0 {
			continue
		}
		// Those of one request have one flavor. One server alone Nova shows to its own project and to administrators only.
		server, err := compute.ListedServer(ctx, r.Servers[0])
		if errors.Is(err, cloud.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("the flavors of servers that found no host could not be read: %w", err)
		}
		known[r.Servers[0]] = server.Flavor.Name
	}
	t.homes.Flavors(known)
	t.result.Unplaced = t.homes.Groups()
	return nil
}
