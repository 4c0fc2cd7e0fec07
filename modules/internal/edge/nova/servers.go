// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"context"
	"maps"
	"net/url"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// A first page of so many servers is taken for one of many: Nova's own limit is 1,000 (api/max_limit).
const manyServers = 500

// Servers lists the servers of all projects, without the deleted and the soft-deleted: Nova leaves both out. Nova takes
// 2 to 3 seconds of one of its processes for 1,000 servers, so a long list is read from both ends at the same time.
func (c *Client) Servers(ctx context.Context) ([]openstack.Server, error) {
	flavors := map[string]openstack.Flavor{}
	h := newHarvest(func(s server) (openstack.Server, error) { return s.data(flavors) }) // it converts one at a time
	l := list[serverPage, server]{
		op: "list servers", path: "servers/detail", query: url.Values{"all_tenants": {"True"}}, items: (*serverPage).items,
	}
	many := false
	first, err := page(ctx, c, l, "", func(items []server) (int, error) {
		if many = len(items) >= manyServers && !anyUnknown(items); many {
			return 0, nil // they come again
		}
		return h.take(items)
	})
	if err != nil {
		return nil, err
	}
	if many {
		return h.all(c.fromBothEnds(ctx, l, h))
	}
	return h.all(follow(ctx, c, l, h, first))
}

// anyUnknown reports whether a cell does not answer: an order of one's own would hide its servers.
func anyUnknown(items []server) bool {
	return slices.ContainsFunc(items, func(s server) bool { return s.Status == openstack.Unknown })
}

// fromBothEnds reads the list by UUID, up from its beginning and down from its end, until each meets what the other has
// seen. No two servers have one UUID, so that one order is exactly the other reversed, and nothing lies between them. A
// Nova that did not sort at all would be read by whichever is ahead.
func (c *Client) fromBothEnds(ctx context.Context, l list[serverPage, server], h *harvest[server, openstack.Server]) error {
	group, inner := errgroup.WithContext(ctx)
	for _, direction := range []string{"asc", "desc"} {
		sorted := l
		sorted.query = maps.Clone(l.query)
		sorted.query.Set("sort_key", "uuid")
		sorted.query.Set("sort_dir", direction)
		group.Go(func() error { return chain(inner, c, sorted, h) })
	}
	return group.Wait()
}
