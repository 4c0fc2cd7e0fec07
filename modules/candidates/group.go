// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/filters"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

// mostMembers is of how many servers of a group it is read where they are: one request each. Nova's quota is 10 by default.
const mostMembers = 20

// grouped says which hosts the server group of a server rules out.
func (t *task) grouped(ctx context.Context, server openstack.Server, a openstack.Asked) error {
	g, is, err := t.groupOf(ctx, server, a)
	if err != nil || !is || g.Policy != "affinity" && g.Policy != "anti-affinity" {
		return err
	}
	if len(g.Members) > mostMembers {
		return fmt.Errorf("%s (%s) has %d servers, and it is read of at most %d where they are", foreign.Line(g.Name), g.Policy, len(g.Members), mostMembers)
	}
	hosts := map[string]string{server.UUID: server.Host}
	for _, member := range g.Members {
		if member == server.UUID {
			continue
		}
		other, err := t.src.Compute.ListedServer(ctx, member)
		if err != nil {
			return err
		}
		hosts[member] = other.Host
	}
	t.open = append(t.open, filters.OfGroup(g, server.UUID, hosts)...)
	return nil
}

// groupOf reads the server group of a server. Where Nova does not show the scheduler hints of servers, it is looked for in the list.
func (t *task) groupOf(ctx context.Context, server openstack.Server, a openstack.Asked) (g openstack.ServerGroup, is bool, err error) {
	if a.Group != nil {
		if *a.Group == "" {
			return g, false, nil
		}
		g, err = t.src.Compute.ServerGroup(ctx, *a.Group)
		if errors.Is(err, cloud.ErrNotFound) { // it was deleted since, and rules nothing out
			return g, false, nil
		}
		return g, err == nil, err
	}
	all, err := t.src.Compute.ServerGroups(ctx)
	if err != nil {
		return g, false, err
	}
	i := slices.IndexFunc(all, func(g openstack.ServerGroup) bool { return slices.Contains(g.Members, server.UUID) })
	if i < 0 {
		why := fmt.Sprintf("none of the %d that Nova shows to this login has it", len(all))
		if len(all) == 0 {
			why = "Nova shows none to this login"
		}
		t.open = append(t.open, "whether the server is in a server group: "+why)
		return g, false, nil
	}
	return all[i], true, nil
}
