// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Find returns the providers that a UUID, in any of its spellings, or a name stands for: none, one, or two where the UUID
// of one is the name of another. Bare-metal providers are named by the UUID of their node.
func (c *Client) Find(ctx context.Context, provider string) ([]openstack.Provider, error) {
	found, err := c.Providers(ctx, url.Values{"name": {provider}})
	if err != nil || !rest.IsUUID(provider) {
		return found, err
	}
	byUUID, err := c.Providers(ctx, url.Values{"uuid": {rest.CanonicalUUID(provider)}})
	for _, p := range found {
		if len(byUUID) == 0 || p.UUID != byUUID[0].UUID {
			byUUID = append(byUUID, p)
		}
	}
	return byUUID, err
}
