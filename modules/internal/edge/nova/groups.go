// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"context"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

type groupList struct {
	List []serverGroup `json:"server_groups" strict:"required"`
}

type oneGroup struct {
	Group serverGroup `json:"server_group" strict:"required"`
}

type serverGroup struct {
	UUID    string     `json:"id" strict:"required,id"`
	Name    string     `json:"name" strict:"required"`
	Policy  string     `json:"policy" strict:"optional"`
	Rules   groupRules `json:"rules" strict:"optional"`
	Members []string   `json:"members" strict:"required"`
}

type groupRules struct {
	MaxPerHost int `json:"max_server_per_host" strict:"optional"`
}

func (g serverGroup) data() (openstack.ServerGroup, error) {
	return openstack.ServerGroup{UUID: g.UUID, Name: g.Name, Policy: g.Policy, MaxPerHost: max(1, g.Rules.MaxPerHost), Members: g.Members}, nil
}

// ServerGroup reads a server group; cloud.ErrNotFound if there is none.
func (c *Client) ServerGroup(ctx context.Context, uuid string) (openstack.ServerGroup, error) {
	op := "read server group " + uuid
	found, err := rest.Get(ctx, c.sc, op, "os-server-groups/"+url.PathEscape(uuid), func(a *oneGroup) (openstack.ServerGroup, error) { return a.Group.data() })
	return found, rest.OwnNotFound(op, "nova", `"itemNotFound"`, err)
}

// ServerGroups lists server groups, as many as Nova has in one answer (api/max_limit, 1,000): those of all projects for an administrator of
// Nova, those of its own project for any other login (api/openstack/compute/server_groups.py, index).
func (c *Client) ServerGroups(ctx context.Context) ([]openstack.ServerGroup, error) {
	return rest.Get(ctx, c.sc, "list server groups", "os-server-groups?all_projects=True", func(a *groupList) ([]openstack.ServerGroup, error) {
		return each(a.List, serverGroup.data)
	})
}
