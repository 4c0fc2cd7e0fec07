// SPDX-License-Identifier: Apache-2.0

// Package placement reads Placement through its API, with types of its own.
//
// gophercloud's types lose what an audit needs (a consumer's generation on a provider, ratios as float64, a null
// parent), so only its service client is used. A list comes back whole or as an error: an answer without its
// content is an error.
package placement

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
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
	var answer struct {
		Versions []struct {
			Min string `json:"min_version"`
			Max string `json:"max_version"`
		} `json:"versions"`
	}
	if err := rest.Get(ctx, rest.At(sc, ""), op, "", &answer); err != nil {
		return rest.Versions{}, err
	}
	if len(answer.Versions) == 0 {
		return rest.Versions{}, rest.Missing(op, "versions")
	}
	return rest.Versions{Min: answer.Versions[0].Min, Max: answer.Versions[0].Max}, nil
}

// Service tells which microversion is used and which is the newest.
func (c *Client) Service() snapshot.Service {
	return snapshot.Service{Microversion: c.sc.Microversion, Newest: c.versions.Max}
}

// provider is how Placement writes a provider.
type provider struct {
	UUID       string  `json:"uuid"`
	Name       string  `json:"name"`
	Generation int     `json:"generation"`
	Parent     *string `json:"parent_provider_uuid"` // null for a root
	Root       string  `json:"root_provider_uuid"`
}

func (p provider) data() snapshot.Provider {
	out := snapshot.Provider{UUID: p.UUID, Name: p.Name, Generation: p.Generation, RootUUID: p.Root}
	if p.Parent != nil {
		out.ParentUUID = *p.Parent
	}
	return out
}

// Providers lists the resource providers that the query selects; nil selects all. Placement has no pages.
func (c *Client) Providers(ctx context.Context, query url.Values) ([]snapshot.Provider, error) {
	const op = "list resource providers"
	var answer struct {
		List *[]provider `json:"resource_providers"`
	}
	path := "resource_providers"
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	if err := rest.Get(ctx, c.sc, op, path, &answer); err != nil {
		return nil, err
	}
	if answer.List == nil {
		return nil, rest.Missing(op, "resource_providers")
	}
	out := make([]snapshot.Provider, 0, len(*answer.List))
	for _, p := range *answer.List {
		out = append(out, p.data())
	}
	return out, nil
}

// Provider reads one resource provider; cloud.ErrNotFound if there is none.
func (c *Client) Provider(ctx context.Context, uuid string) (snapshot.Provider, error) {
	op := "read resource provider " + uuid
	var p provider
	if err := c.of(ctx, op, uuid, "", &p); err != nil {
		return snapshot.Provider{}, err
	}
	if p.UUID == "" {
		return snapshot.Provider{}, rest.Missing(op, "uuid")
	}
	return p.data(), nil
}

// Inventories reads a provider's inventories by resource class.
func (c *Client) Inventories(ctx context.Context, uuid string) (map[string]snapshot.Inventory, error) {
	return content[map[string]snapshot.Inventory](ctx, c, uuid, "inventories")
}

// Usages reads what is used of a provider, by resource class.
func (c *Client) Usages(ctx context.Context, uuid string) (map[string]int, error) {
	return content[map[string]int](ctx, c, uuid, "usages")
}

// Traits reads a provider's traits.
func (c *Client) Traits(ctx context.Context, uuid string) ([]string, error) {
	return content[[]string](ctx, c, uuid, "traits")
}

// Aggregates reads the UUIDs of the aggregates that a provider is a member of.
func (c *Client) Aggregates(ctx context.Context, uuid string) ([]string, error) {
	return content[[]string](ctx, c, uuid, "aggregates")
}

// Held is what consumers hold on a provider of that generation.
type Held struct {
	Generation  int
	Allocations []snapshot.Allocation
}

// Allocations reads what consumers hold on a provider.
func (c *Client) Allocations(ctx context.Context, uuid string) (Held, error) {
	op := "read allocations of resource provider " + uuid
	var answer struct {
		Generation *int `json:"resource_provider_generation"`
		ByConsumer *map[string]struct {
			Resources  map[string]int `json:"resources"`
			Generation int            `json:"consumer_generation"`
		} `json:"allocations"`
	}
	if err := c.of(ctx, op, uuid, "/allocations", &answer); err != nil {
		return Held{}, err
	}
	if answer.Generation == nil || answer.ByConsumer == nil {
		return Held{}, rest.Missing(op, "allocations")
	}
	out := Held{*answer.Generation, make([]snapshot.Allocation, 0, len(*answer.ByConsumer))}
	for consumer, h := range *answer.ByConsumer {
		out.Allocations = append(out.Allocations, snapshot.Allocation{
			ConsumerUUID: consumer, ConsumerGeneration: h.Generation, ProviderUUID: uuid, Resources: h.Resources,
		})
	}
	return out, nil
}

// Consumer is what one consumer holds. Type is empty before microversion 1.38.
type Consumer struct {
	UUID, ProjectID, UserID, Type string
	Generation                    int
	Allocations                   []snapshot.Allocation
}

// Consumer reads what a consumer holds. Placement answers an unknown consumer with 200 and no allocations, never 404.
func (c *Client) Consumer(ctx context.Context, uuid string) (Consumer, error) {
	op := "read allocations of consumer " + uuid
	var answer struct {
		Allocations *map[string]struct {
			Resources map[string]int `json:"resources"`
		} `json:"allocations"`
		Project    string `json:"project_id"`
		User       string `json:"user_id"`
		Type       string `json:"consumer_type"`
		Generation int    `json:"consumer_generation"`
	}
	if err := rest.Get(ctx, c.sc, op, "allocations/"+url.PathEscape(uuid), &answer); err != nil {
		return Consumer{}, err
	}
	if answer.Allocations == nil {
		return Consumer{}, rest.Missing(op, "allocations")
	}
	out := Consumer{
		UUID: uuid, ProjectID: answer.Project, UserID: answer.User, Type: answer.Type,
		Generation: answer.Generation, Allocations: []snapshot.Allocation{},
	}
	for provider, held := range *answer.Allocations {
		out.Allocations = append(out.Allocations, snapshot.Allocation{
			ConsumerUUID: uuid, ConsumerGeneration: answer.Generation, ProviderUUID: provider, Resources: held.Resources,
		})
	}
	return out, nil
}

// content reads /resource_providers/{uuid}/{what} and returns what the answer holds under that key.
func content[T any](ctx context.Context, c *Client, uuid, what string) (T, error) {
	op := fmt.Sprintf("read %s of resource provider %s", what, uuid)
	var out T
	var answer map[string]json.RawMessage
	if err := c.of(ctx, op, uuid, "/"+what, &answer); err != nil {
		return out, err
	}
	raw, there := answer[what]
	if !there || string(raw) == "null" {
		return out, rest.Missing(op, what)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("%s: %w: %w", op, rest.ErrIncomplete, err)
	}
	return out, nil
}

func (c *Client) of(ctx context.Context, op, uuid, suffix string, answer any) error {
	err := rest.Get(ctx, c.sc, op, "resource_providers/"+url.PathEscape(uuid)+suffix, answer)
	return rest.OwnNotFound(op, "placement", `"errors"`, err)
}
