// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

// Compute is what the witness needs of a Nova.
type Compute interface {
	Server(ctx context.Context, uuid string) (openstack.Server, error)
	ListedServer(ctx context.Context, uuid string) (openstack.Server, error)
	MigrationsOf(ctx context.Context, server string) ([]openstack.Migration, error)
	MigrationsSince(ctx context.Context, since time.Time) ([]openstack.Migration, error)
	Services(ctx context.Context) ([]openstack.ComputeService, error)
	Hypervisors(ctx context.Context) ([]openstack.Hypervisor, error)
}

// errNoAdmin refuses a login to which Nova does not show each server: its 404 proves nothing.
var errNoAdmin = errors.New("only a login with the role admin sees every server, and can tell that one is gone")

// Nova looks at servers and moves right before a write.
type Nova struct {
	Compute Compute
	Admin   bool
	Since   time.Time // moves that have begun since then are looked for: when the change was judged
}

// Objection says why a consumer may not be written now: its server has a task under way or is being moved, or it is a move that
// goes on. Placement's generations do not help against that: Nova has read them before, and its move fails.
func (n *Nova) Objection(ctx context.Context, consumer string) (string, error) {
	server, err := n.Compute.Server(ctx, consumer)
	switch {
	case errors.Is(err, cloud.ErrNotFound):
		if why, err := n.listed(ctx, consumer); why != "" || err != nil {
			return why, err
		}
		return n.moving(ctx, consumer)
	case err != nil:
		return "", err
	case server.Status == openstack.Unknown:
		return fmt.Sprintf("the cell of server %s does not answer", consumer), nil
	case server.TaskState != "":
		return fmt.Sprintf("server %s has a task under way: %s", consumer, server.TaskState), nil
	}
	moves, err := n.Compute.MigrationsOf(ctx, consumer)
	if err != nil {
		return "", err
	}
	for _, m := range moves {
		if m.InProgress() {
			return fmt.Sprintf("%s %s of server %s is in progress: %s", m.Type, m.UUID, consumer, m.Status), nil
		}
	}
	return "", nil
}

// listed says that Nova lists a server for which it has 404: to others than its administrators it shows no single server of
// another project, and one whose mapping to a cell is lost it shows in the list alone.
func (n *Nova) listed(ctx context.Context, uuid string) (string, error) {
	_, err := n.Compute.ListedServer(ctx, uuid)
	switch {
	case err == nil:
		return fmt.Sprintf("nova answers 404 for server %s, although it lists the server", uuid), nil
	case errors.Is(err, cloud.ErrNotFound):
		return "", nil
	}
	return "", err
}

// moving reports a move with this UUID that goes on.
func (n *Nova) moving(ctx context.Context, consumer string) (string, error) {
	moves, err := n.Compute.MigrationsSince(ctx, n.Since)
	if err != nil {
		return "", err
	}
	for _, m := range moves {
		if m.UUID == consumer && m.InProgress() {
			return fmt.Sprintf("%s %s of server %s is in progress: %s", m.Type, m.UUID, m.ServerUUID, m.Status), nil
		}
	}
	return "", nil
}

// Broken says which guard does not hold.
func (n *Nova) Broken(ctx context.Context, guards []repair.Guard) (string, error) {
	for _, g := range guards {
		why, err := n.broken(ctx, g)
		if why != "" || err != nil {
			return why, err
		}
	}
	return "", nil
}

func (n *Nova) broken(ctx context.Context, g repair.Guard) (string, error) {
	switch {
	case g.Server != "":
		server, err := n.Compute.Server(ctx, g.Server)
		if errors.Is(err, cloud.ErrNotFound) {
			return fmt.Sprintf("server %s is gone", g.Server), nil
		}
		if err != nil {
			return "", err
		}
		return g.Holds(server), nil
	case g.NoServer != "":
		return n.exists(ctx, g.NoServer)
	case g.NoNode != "":
		return n.node(ctx, g.NoNode)
	case g.Service:
		return n.service(ctx, g)
	}
	return "", nil
}

// node says that there is a compute node with this UUID. All cells have to answer: Nova leaves out those of others.
func (n *Nova) node(ctx context.Context, uuid string) (string, error) {
	if !n.Admin {
		return "", errNoAdmin
	}
	nodes, err := n.Compute.Hypervisors(ctx)
	if err != nil {
		return "", err
	}
	for _, h := range nodes {
		if h.UUID == uuid {
			return fmt.Sprintf("Nova has a compute node %s, %s", h.Name, uuid), nil
		}
	}
	return n.silent(ctx)
}

// service says that the nova-compute of a host is not as the guard has it.
func (n *Nova) service(ctx context.Context, g repair.Guard) (string, error) {
	services, err := n.Compute.Services(ctx)
	if err != nil {
		return "", err
	}
	for _, s := range services {
		if s.Binary != "nova-compute" || s.Host != g.Host {
			continue
		}
		if s.Status != g.Status || s.State != "up" {
			return fmt.Sprintf("nova-compute on %s is %s and %s", s.Host, s.Status, s.State), nil
		}
		return "", nil
	}
	return fmt.Sprintf("there is no nova-compute on %s", g.Host), nil
}

// exists says that there is a server or a move with this UUID. One 404 acquits nobody: all cells have to answer as well.
func (n *Nova) exists(ctx context.Context, uuid string) (string, error) {
	if !n.Admin {
		return "", errNoAdmin
	}
	_, err := n.Compute.Server(ctx, uuid)
	if err == nil {
		return fmt.Sprintf("server %s exists", uuid), nil
	}
	if !errors.Is(err, cloud.ErrNotFound) {
		return "", err
	}
	if why, err := n.listed(ctx, uuid); why != "" || err != nil {
		return why, err
	}
	moves, err := n.Compute.MigrationsSince(ctx, n.Since)
	if err != nil {
		return "", err
	}
	for _, m := range moves {
		if m.UUID == uuid {
			return fmt.Sprintf("%s %s of server %s exists", m.Type, uuid, m.ServerUUID), nil
		}
	}
	return n.silent(ctx)
}

// silent names a service of a cell that does not answer.
func (n *Nova) silent(ctx context.Context) (string, error) {
	services, err := n.Compute.Services(ctx)
	if err != nil {
		return "", err
	}
	if host := openstack.SilentCell(services); host != "" {
		return fmt.Sprintf("a cell does not answer: nova shows the service on %s as UNKNOWN", host), nil
	}
	return "", nil
}
