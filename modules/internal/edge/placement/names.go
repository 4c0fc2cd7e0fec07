// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"net/http"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// AllTraits lists the names of the traits that the query selects; nil selects all.
func (c *Client) AllTraits(ctx context.Context, query url.Values) ([]string, error) {
	path := "traits"
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return rest.Get(ctx, c.sc, "list traits", path, func(a *traits) ([]string, error) { return a.Traits, nil })
}

// CreateTrait makes sure that a custom trait exists.
func (c *Client) CreateTrait(ctx context.Context, name string) error {
	return rest.PutOnly(ctx, c.sc, rest.Write{
		Op: "create trait " + name, Path: "traits/" + url.PathEscape(name), OK: []int{http.StatusCreated, http.StatusNoContent},
	})
}

// DeleteTrait deletes a custom trait. Placement refuses one that a provider has.
func (c *Client) DeleteTrait(ctx context.Context, name string) error {
	return rest.Delete(ctx, c.sc, rest.Write{
		Op: "delete trait " + name, Path: "traits/" + url.PathEscape(name), OK: []int{http.StatusNoContent},
	})
}

// DeleteClass deletes a custom resource class. Placement refuses one of which a provider has an inventory.
func (c *Client) DeleteClass(ctx context.Context, name string) error {
	return rest.Delete(ctx, c.sc, rest.Write{
		Op: "delete resource class " + name, Path: "resource_classes/" + url.PathEscape(name), OK: []int{http.StatusNoContent},
	})
}

// renames is the last microversion at which a PUT of a resource class gives it another name. From 1.7 on it makes the class.
const renames = "1.6"

// RenameClass gives a custom resource class another name. What is offered and held of it stays, under the new name.
func (c *Client) RenameClass(ctx context.Context, from, to string) error {
	return rest.PutOnly(ctx, rest.At(c.sc, renames), rest.Write{
		Op: "rename resource class " + from, Path: "resource_classes/" + url.PathEscape(from), Body: map[string]string{"name": to}, OK: []int{http.StatusOK},
	})
}
