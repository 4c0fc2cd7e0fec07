// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"net/http"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Reparent is the first microversion at which a provider that has a parent can get another one, or none.
const Reparent = "1.37"

// providerBody names a provider and its place. A parent that is not set is null: the provider is a root.
type providerBody struct {
	Name   string  `json:"name"`
	UUID   string  `json:"uuid,omitempty"`
	Parent *string `json:"parent_provider_uuid"`
}

func bodyOf(name, uuid, parent string) providerBody {
	b := providerBody{Name: name, UUID: uuid}
	if parent != "" {
		b.Parent = &parent
	}
	return b
}

// CreateProvider makes a resource provider. An empty parent makes it a root. No provider may have its name or UUID.
func (c *Client) CreateProvider(ctx context.Context, uuid, name, parent string) (openstack.Provider, error) {
	return rest.Post(ctx, c.sc, rest.Write{
		Op: "create resource provider " + name, Path: "resource_providers", Body: bodyOf(name, uuid, parent), OK: []int{http.StatusOK},
	}, func(a *provider) (openstack.Provider, error) { return a.data(), nil })
}

// UpdateProvider gives a provider this name and this parent. Placement guards it by nothing: it takes no generation and does
// not change it.
func (c *Client) UpdateProvider(ctx context.Context, uuid, name, parent string) (openstack.Provider, error) {
	return rest.Put(ctx, c.sc, rest.Write{
		Op: "update resource provider " + uuid, Path: "resource_providers/" + url.PathEscape(uuid), Body: bodyOf(name, "", parent),
		OK: []int{http.StatusOK},
	}, func(a *provider) (openstack.Provider, error) { return a.data(), nil })
}

// DeleteProvider deletes a provider that nobody holds anything of and that has no children: Placement refuses any other.
func (c *Client) DeleteProvider(ctx context.Context, uuid string) error {
	return rest.Delete(ctx, c.sc, rest.Write{
		Op: "delete resource provider " + uuid, Path: "resource_providers/" + url.PathEscape(uuid), OK: []int{http.StatusNoContent},
	})
}

// PutTraits replaces the traits of a provider that still has this generation, and returns the new one.
func (c *Client) PutTraits(ctx context.Context, uuid string, generation int, names []string) (int, error) {
	return rest.Put(ctx, c.sc, rest.Write{
		Op: "write traits of resource provider " + uuid, Path: "resource_providers/" + url.PathEscape(uuid) + "/traits",
		Body: map[string]any{"resource_provider_generation": generation, "traits": names}, OK: []int{http.StatusOK},
	}, func(a *written) (int, error) { return a.Generation, nil })
}

// PutAggregates replaces the aggregates of a provider that still has this generation, and returns the new one.
func (c *Client) PutAggregates(ctx context.Context, uuid string, generation int, uuids []string) (int, error) {
	return rest.Put(ctx, c.sc, rest.Write{
		Op: "write aggregates of resource provider " + uuid, Path: "resource_providers/" + url.PathEscape(uuid) + "/aggregates",
		Body: map[string]any{"resource_provider_generation": generation, "aggregates": uuids}, OK: []int{http.StatusOK},
	}, func(a *written) (int, error) { return a.Generation, nil })
}

// written is what an answer to a write of traits or aggregates has in any case.
type written struct {
	Generation int `json:"resource_provider_generation" strict:"required"`
}
