// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/gophercloud/gophercloud/v2/openstack/placement/v1/resourceclasses"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Stock is what a provider offers or what is used of it, with the generation that it had at that time.
type Stock[T any] struct {
	Generation int
	ByClass    map[string]T
}

// Usages reads the usages with their generation. Placement loads the provider before it sums up what is used, so the
// generation is never newer than the sum (placement/handlers/usage.py): a write with it fails if usage grew since.
func (c *Client) Usages(ctx context.Context, uuid string) (Stock[int], error) {
	return of(ctx, c, uuid, "usages",
		func(a *usages) (Stock[int], error) { return Stock[int]{a.Generation, a.Usages}, nil })
}

// PutInventories replaces all inventories of a provider that still has this generation, and returns the new one. This is
// the only write of inventories that Placement guards: POST ignores the generation in its body and DELETE takes none.
func (c *Client) PutInventories(ctx context.Context, uuid string, generation int, all map[string]openstack.Inventory) (int, error) {
	return rest.Put(ctx, c.sc, rest.Write{
		Op: "write inventories of resource provider " + uuid, Path: "resource_providers/" + url.PathEscape(uuid) + "/inventories",
		Body: inventories{generation, converted(all, func(i openstack.Inventory) inventory { return inventory(i) })}, OK: []int{http.StatusOK},
	}, func(a *inventories) (int, error) { return a.Generation, nil })
}

// Classes lists the names of all resource classes.
func (c *Client) Classes(ctx context.Context) ([]string, error) {
	return rest.Get(ctx, c.sc, "list resource classes", "resource_classes", func(a *classes) ([]string, error) {
		names := make([]string, 0, len(a.List))
		for _, class := range a.List {
			names = append(names, class.Name)
		}
		return names, nil
	})
}

// CreateClass makes sure that a custom resource class exists.
func (c *Client) CreateClass(ctx context.Context, name string) error {
	return cloud.AsError("create resource class "+name, resourceclasses.Update(ctx, c.sc, url.PathEscape(name)).Err)
}

// Raced reports whether a refused write may go through after reading and judging again. The table of conflicts decides.
func Raced(err error) bool {
	var e *cloud.Error
	return errors.As(err, &e) && catalogue.Passes(catalogue.Answer{
		Method: e.Method, Place: catalogue.PlaceOf(e.URL), Status: e.Status, Code: e.Code, Detail: e.Detail,
	})
}

// Ghost reports whether a write was refused because Placement knows the consumer although it holds nothing, which reading does
// not show: a write of it failed half way. With generation 0 it goes through.
func Ghost(err error) bool {
	return entryOf(err) == "ghost-consumer"
}

// entryOf names the conflict that an error is by its text; empty if it is none.
func entryOf(err error) string {
	var e *cloud.Error
	if !errors.As(err, &e) {
		return ""
	}
	m := catalogue.Classify(catalogue.Answer{Method: e.Method, Place: catalogue.PlaceOf(e.URL), Status: e.Status, Code: e.Code, Detail: e.Detail})
	if m.By != catalogue.ByText || m.Entry == nil {
		return ""
	}
	return m.Entry.Name
}

// Unoffered reports whether a write was refused because a provider no longer has an inventory of what is held there. Placement
// refuses to empty such a consumer too (PUT and POST look at the inventories of what is taken away).
func Unoffered(err error) bool {
	return entryOf(err) == "no-inventory"
}

// Unsettled reports whether it is unknown if a write was applied: the answer was lost, or a 5xx came from whoever it was.
func Unsettled(err error) bool {
	var e *cloud.Error
	return errors.Is(err, cloud.ErrUnavailable) || errors.As(err, &e) && e.Status >= http.StatusInternalServerError
}
