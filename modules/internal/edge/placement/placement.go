// SPDX-License-Identifier: Apache-2.0

// Package placement reads Placement through its API, with types of its own.
//
// gophercloud's bindings lose what an audit needs, or take an answer without its content for an empty one:
// docs/decisions/0019-placement-bindings.md judges each. A list comes back whole or as an error.
package placement

import (
	"context"
	"fmt"
	"net/url"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Microversions of Placement. Newest is the last one there is (since Yoga); below Oldest a provider's allocations
// come without the generations of their consumers.
const (
	Newest = "1.39"
	Oldest = "1.28"
)

// Client reads one Placement.
type Client struct {
	sc       *gophercloud.ServiceClient
	versions rest.Versions
}

// New asks the service for its versions and returns a client that uses the newest both know. It fails if the
// service is older than Oldest (Rocky).
func New(ctx context.Context, sc *gophercloud.ServiceClient) (*Client, error) {
	versions, err := readVersions(ctx, sc)
	if err != nil {
		return nil, err
	}
	if !versions.Offers(Oldest) {
		return nil, fmt.Errorf("placement offers microversions up to %s, but at least %s (Rocky) is needed",
			versions.Max, Oldest)
	}
	use := Newest
	if !versions.Offers(Newest) {
		use = versions.Max
	}
	return &Client{sc: rest.At(sc, use), versions: versions}, nil
}

func readVersions(ctx context.Context, sc *gophercloud.ServiceClient) (rest.Versions, error) {
	const op = "read the versions of placement"
	return rest.Get(ctx, rest.At(sc, ""), op, "", func(a *versions) (rest.Versions, error) {
		if len(a.Versions) == 0 {
			return rest.Versions{}, rest.Missing("versions")
		}
		return rest.Versions{Min: a.Versions[0].Min, Max: a.Versions[0].Max}, nil
	})
}

// Service tells which microversion is used and which is the newest.
func (c *Client) Service() snapshot.Service {
	return snapshot.Service{Microversion: c.sc.Microversion, Newest: c.versions.Max}
}

// Speaks reports whether this Placement is asked at the microversion or a newer one.
func (c *Client) Speaks(microversion string) bool {
	return rest.Compare(c.sc.Microversion, microversion) >= 0
}

// Lacks is the error of a wish that needs a microversion that this Placement does not have; nil if it has it.
func (c *Client) Lacks(microversion, wish string) error {
	if c.Speaks(microversion) {
		return nil
	}
	return fmt.Errorf("%s needs microversion %s of Placement, which offers microversions up to %s", wish, microversion, c.versions.Max)
}

// Providers lists the resource providers that the query selects; nil selects all. Placement has no pages.
func (c *Client) Providers(ctx context.Context, query url.Values) ([]openstack.Provider, error) {
	path := "resource_providers"
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return rest.Get(ctx, c.sc, "list resource providers", path, func(a *providers) ([]openstack.Provider, error) {
		out := make([]openstack.Provider, 0, len(a.List))
		for _, p := range a.List {
			out = append(out, p.data())
		}
		return out, nil
	})
}

// Provider reads one resource provider; cloud.ErrNotFound if there is none.
func (c *Client) Provider(ctx context.Context, uuid string) (openstack.Provider, error) {
	return of(ctx, c, uuid, "", func(p *provider) (openstack.Provider, error) { return p.data(), nil })
}

// Offered reads a provider's inventories by resource class.
func (c *Client) Offered(ctx context.Context, uuid string) (map[string]openstack.Inventory, error) {
	stock, err := c.Inventories(ctx, uuid)
	return stock.ByClass, err
}

// Used reads what is used of a provider, by resource class.
func (c *Client) Used(ctx context.Context, uuid string) (map[string]int, error) {
	stock, err := c.Usages(ctx, uuid)
	return stock.ByClass, err
}

// Traits reads a provider's traits.
func (c *Client) Traits(ctx context.Context, uuid string) ([]string, error) {
	return of(ctx, c, uuid, "traits", func(a *traits) ([]string, error) { return a.Traits, nil })
}

// Aggregates reads the UUIDs of the aggregates that a provider is a member of.
func (c *Client) Aggregates(ctx context.Context, uuid string) ([]string, error) {
	return of(ctx, c, uuid, "aggregates",
		func(a *aggregates) ([]string, error) { return a.Aggregates, nil })
}

// Held is what consumers hold on a provider of that generation.
type Held struct {
	Generation  int
	Allocations []openstack.Allocation
}

// Allocations reads what consumers hold on a provider.
func (c *Client) Allocations(ctx context.Context, uuid string) (Held, error) {
	return of(ctx, c, uuid, "allocations", func(a *held) (Held, error) {
		out := Held{a.Generation, make([]openstack.Allocation, 0, len(a.ByConsumer))}
		for consumer, h := range a.ByConsumer {
			out.Allocations = append(out.Allocations, openstack.Allocation{
				ConsumerUUID: consumer, ConsumerGeneration: h.Generation, ProviderUUID: uuid, Resources: h.Resources,
			})
		}
		return out, nil
	})
}

// Consumer is what one consumer holds. Type is empty before microversion 1.38.
type Consumer struct {
	UUID, ProjectID, UserID, Type string
	Generation                    int
	Allocations                   []openstack.Allocation
}

// Consumer reads what a consumer holds. Placement answers an unknown consumer with 200 and no allocations, never 404.
func (c *Client) Consumer(ctx context.Context, uuid string) (Consumer, error) {
	return rest.Get(ctx, c.sc, "read allocations of consumer "+uuid, "allocations/"+url.PathEscape(uuid),
		func(a *consumer) (Consumer, error) { return a.data(uuid) })
}

// of reads /resource_providers/{uuid}, or what is below it.
func of[W, T any](ctx context.Context, c *Client, uuid, what string, take func(*W) (T, error)) (T, error) {
	op, path := "read resource provider "+uuid, "resource_providers/"+url.PathEscape(uuid)
	if what != "" {
		op, path = "read "+what+" of resource provider "+uuid, path+"/"+what
	}
	out, err := rest.Get(ctx, c.sc, op, path, take)
	return out, rest.OwnNotFound(op, "placement", `"errors"`, err)
}
