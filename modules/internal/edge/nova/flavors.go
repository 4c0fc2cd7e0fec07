// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"context"
	"net/url"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

type flavorPage struct {
	List []listedFlavor `json:"flavors" strict:"required"`
}

func (p *flavorPage) items() []listedFlavor { return p.List }

// listedFlavor is a flavor of the list, which names things otherwise than the flavor of a server.
type listedFlavor struct {
	ID         string            `json:"id" strict:"required,id"`
	Name       string            `json:"name" strict:"required"`
	VCPUs      int               `json:"vcpus" strict:"required"`
	RAM        int               `json:"ram" strict:"required"`
	Disk       int               `json:"disk" strict:"required"`
	Ephemeral  int               `json:"OS-FLV-EXT-DATA:ephemeral" strict:"required"`
	Swap       strict.Raw        `json:"swap" strict:"required"`        // "" for none before 2.75
	ExtraSpecs map[string]string `json:"extra_specs" strict:"optional"` // absent where Nova's policy hides them
}

func (f listedFlavor) id() string { return f.ID }

// data converts the flavor; an error if Nova keeps from this login what it asks for.
func (f listedFlavor) data() (openstack.ListedFlavor, error) {
	if f.ExtraSpecs == nil {
		return openstack.ListedFlavor{}, errFlavorHidden
	}
	swap, err := swapOf(f.Swap)
	return openstack.ListedFlavor{ID: f.ID, Flavor: openstack.Flavor{
		Name: f.Name, VCPUs: f.VCPUs, RAM: f.RAM, Disk: f.Disk, Ephemeral: f.Ephemeral, Swap: swap, ExtraSpecs: f.ExtraSpecs,
	}}, err
}

func swapOf(raw strict.Raw) (int, error) {
	if string(raw) == `""` {
		return 0, nil
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil {
		return 0, rest.Missing("the swap of a flavor")
	}
	return n, nil
}

var errFlavorHidden = hides("the extra specs of flavors", "os_compute_api:os-flavor-extra-specs:index")

// Flavors lists all flavors, those that are not public as well.
func (c *Client) Flavors(ctx context.Context) ([]openstack.ListedFlavor, error) {
	const op = "list flavors"
	found, err := pages(ctx, c, list[flavorPage, listedFlavor]{
		op: op, path: "flavors/detail", items: (*flavorPage).items, query: url.Values{"is_public": {"None"}},
	}, listedFlavor.data)
	if err != nil {
		return nil, cloud.AsError(op, err)
	}
	return found, nil
}
