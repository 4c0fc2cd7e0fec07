// SPDX-License-Identifier: Apache-2.0

// Package glance reads images from Glance. Their properties decide what Nova asks Placement for.
package glance

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

type page struct {
	Images []strict.Raw `json:"images" strict:"required"`
	Next   *string      `json:"next" strict:"optional"`
}

// errMany is told where more images have a name than a page holds.
var errMany = errors.New("more images have that name than Glance lists at once; give the UUID of one")

// Find returns the images with a name or UUID: none if there are none, several if these have one name.
func Find(ctx context.Context, sc *gophercloud.ServiceClient, name string) ([]openstack.Image, error) {
	sc = rest.At(sc, "")
	if rest.IsUUID(name) {
		found, err := rest.Get(ctx, sc, "read an image", path(sc, "images/"+rest.CanonicalUUID(name)), one)
		if err == nil || !errors.Is(err, cloud.ErrNotFound) {
			return found, err
		}
	}
	query := url.Values{"name": {name}, "limit": {"100"}}
	found, err := rest.Get(ctx, sc, "list images", path(sc, "images?"+query.Encode()), (*page).all)
	return slices.DeleteFunc(found, func(i openstack.Image) bool { return i.Name != name }), err
}

// path is one below the version of the API, which some catalogues have in the address already.
func path(sc *gophercloud.ServiceClient, below string) string {
	if strings.HasSuffix(strings.TrimSuffix(sc.Endpoint, "/"), "/v2") {
		return below
	}
	return "v2/" + below
}

func one(raw *strict.Raw) ([]openstack.Image, error) {
	image, err := read(*raw)
	if err != nil {
		return nil, err
	}
	return []openstack.Image{image}, nil
}

func (p *page) all() ([]openstack.Image, error) {
	var all []openstack.Image
	for _, raw := range p.Images {
		image, err := read(raw)
		if err != nil {
			return nil, err
		}
		all = append(all, image)
	}
	if p.Next != nil { // an empty page before it is no proof that there is none
		return nil, errMany
	}
	return all, nil
}

// limits are the members of an image whose value is a number. Glance writes null for the size of an image without content.
type limits struct {
	MinRAM  *int   `json:"min_ram"`
	MinDisk *int   `json:"min_disk"`
	Size    *int64 `json:"size"`
}

// read takes the members of an image. Glance allows properties of any name, and writes null for what it does not know yet.
func read(raw strict.Raw) (openstack.Image, error) {
	var members map[string]any
	var numbers limits
	i := openstack.Image{Properties: map[string]string{}}
	if json.Unmarshal(raw, &members) != nil || json.Unmarshal(raw, &numbers) != nil {
		return i, rest.Missing("image")
	}
	for key, value := range members {
		if text, is := value.(string); is {
			i.Properties[foreign.Line(key)] = foreign.Line(text)
		}
	}
	i.UUID, i.Name, i.Status = i.Properties["id"], i.Properties["name"], i.Properties["status"]
	switch {
	case !rest.IsUUID(i.UUID):
		return i, rest.Missing("id of an image")
	case i.Status == "":
		return i, rest.Missing("status of an image")
	case numbers.MinRAM == nil || numbers.MinDisk == nil:
		return i, rest.Missing("min_ram or min_disk of an image")
	}
	i.MinRAM, i.MinDisk = *numbers.MinRAM, *numbers.MinDisk
	if numbers.Size != nil {
		i.Size = *numbers.Size
	}
	return i, nil
}
