// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"context"
	"net/url"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// asking is the newest microversion at which it is read what a server was asked for with. Nova shows the pinned availability zone from 2.96
// on, the properties of the image from 2.98 on, and the scheduler hints from 2.100 on (api/openstack/compute/views/servers.py, Nova 34).
const asking = "2.100"

type askedPage struct {
	List []asked `json:"servers" strict:"required"`
}

type asked struct {
	UUID string `json:"id" strict:"required,id"`
	Zone string `json:"OS-EXT-AZ:availability_zone" strict:"optional"`
	// The others are raw to tell null, none, from absent: not shown.
	Pinned strict.Raw `json:"pinned_availability_zone" strict:"optional"`
	Image  strict.Raw `json:"image" strict:"optional"` // "" for a server that boots from a volume
	Hints  strict.Raw `json:"scheduler_hints" strict:"optional"`
}

type askedImage struct {
	ID         string            `json:"id" strict:"required,id"`
	Properties map[string]string `json:"properties" strict:"optional"` // absent before 2.98
}

// data converts what is shown. What is not shown stays nil.
func (a asked) data() (out openstack.Asked, err error) {
	out.Zone = a.Zone
	if out.Pinned, err = textOf(a.Pinned); err != nil {
		return out, err
	}
	if len(a.Image) > 0 && string(a.Image) != `""` && string(a.Image) != "null" {
		var image askedImage
		if err := rest.Part(a.Image, &image); err != nil {
			return out, err
		}
		out.Image, out.Properties = image.ID, image.Properties
	}
	if len(a.Hints) == 0 {
		return out, nil
	}
	out.Group, out.Hints = new(string), []string{}
	if string(a.Hints) == "null" {
		return out, nil
	}
	var hints map[string]strict.Raw // Nova keeps each as a list, and shows it so
	if err := rest.Part(a.Hints, &hints); err != nil {
		return out, err
	}
	for name := range hints {
		if name != "group" {
			out.Hints = append(out.Hints, name)
		}
	}
	slices.Sort(out.Hints)
	group, err := textOf(hints["group"])
	if group != nil {
		out.Group = group
	}
	return out, err
}

// textOf is a text, or the first of a list of texts; empty for null, and nil for what is absent.
func textOf(raw strict.Raw) (*string, error) {
	text := ""
	switch {
	case len(raw) == 0:
		return nil, nil
	case string(raw) == "null":
		return &text, nil
	case raw.Kind() == '[':
		var list []string
		if err := rest.Part(raw, &list); err != nil || len(list) == 0 {
			return &text, err
		}
		return &list[0], nil
	}
	return &text, rest.Part(raw, &text)
}

// Asked reads what a server was asked for with, at the newest microversion that shows it: out of the list of all projects, as ListedServer
// does. cloud.ErrNotFound if the list has no such server.
func (c *Client) Asked(ctx context.Context, uuid string) (openstack.Asked, error) {
	op := "read what server " + uuid + " was asked for with"
	at := asking
	if !c.versions.Offers(at) {
		at = c.versions.Max
	}
	query := url.Values{"all_tenants": {"True"}, "soft_deleted": {"True"}, "uuid": {uuid}}
	return rest.Get(ctx, rest.At(c.sc, at), op, "servers/detail?"+query.Encode(), func(a *askedPage) (openstack.Asked, error) {
		switch {
		case len(a.List) == 0:
			return openstack.Asked{}, cloud.ErrNotFound
		case len(a.List) > 1 || a.List[0].UUID != uuid:
			return openstack.Asked{}, errUnfiltered
		}
		return a.List[0].data()
	})
}
