// SPDX-License-Identifier: Apache-2.0

package usageinfo

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/selection"
)

// Provider is what is used of one resource provider, by class.
type Provider struct {
	UUID      string           `json:"uuid"`
	Name      string           `json:"name"`
	Resources map[string]Usage `json:"resources"`
}

// Usage is what is used of a class, and what there is of it.
type Usage struct {
	Used     int `json:"used"`
	Capacity int `json:"capacity"`
	Free     int `json:"free"` // below 0 if more is used than there is
}

// readProviders reads what is used of the providers, and of all of them together.
func (r *Result) readProviders(ctx context.Context, call *ansible.Call, clients *connection.Clients, meant *selection.Meant) error {
	found, err := meant.FindToRead(ctx, call, clients)
	if err != nil {
		return err
	}
	r.Providers = make([]Provider, len(found))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients.Session.Concurrency())
	for i, p := range found {
		group.Go(func() error {
			offered, err := clients.Placement.Offered(ctx, p.UUID)
			if err != nil {
				return err
			}
			used, err := clients.Placement.Used(ctx, p.UUID)
			r.Providers[i] = Provider{p.UUID, p.Name, usages(offered, used)}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, p := range r.Providers {
		for class, one := range p.Resources {
			sum := r.Totals[class]
			r.Totals[class] = Usage{sum.Used + one.Used, sum.Capacity + one.Capacity, sum.Free + one.Free}
		}
	}
	return nil
}

// usages puts beside each other what is used and what there is. A class may be used of which there is no inventory any more.
func usages(offered map[string]openstack.Inventory, used map[string]int) map[string]Usage {
	out := map[string]Usage{}
	for class, n := range used {
		out[class] = Usage{Used: n, Free: -n}
	}
	for class, i := range offered {
		out[class] = Usage{used[class], i.Capacity(), i.Capacity() - used[class]}
	}
	return out
}
