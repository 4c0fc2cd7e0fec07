// SPDX-License-Identifier: Apache-2.0

// Package nova reads Nova through its API, with types of its own.
//
// Everything is read at one microversion, 2.69: the first that shows cells that do not answer, and before 2.88,
// since which a list of hypervisors asks every compute for its uptime. Asked alone reads at a newer one. Lists are read page by page until an
// empty page; a page that fails fails the list.
package nova

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Microversion is the one that every request but that of Asked carries (Stein).
const Microversion = "2.69"

// What Nova's policy takes out of an answer without a word. Each names the rule that would leave it in.
var (
	errHostsHidden      = hides("the hosts of servers", "os_compute_api:os-extended-server-attributes")
	errExtraSpecsHidden = hides("the extra specs of flavors", "os_compute_api:servers:show:flavor-extra-specs")
	errMovesHidden      = hides("the hosts of migrations", "os_compute_api:os-migrations:index:host")
	errUnfiltered       = errors.New("nova ignores the filters of this login; " + cloud.Allow("os_compute_api:servers:allow_all_filters"))
)

func hides(what, rule string) error {
	return errors.New("nova hides " + what + " from this login; " + cloud.Allow(rule))
}

// Client reads one Nova.
type Client struct {
	sc       *gophercloud.ServiceClient
	versions rest.Versions
}

// New asks the service for its versions. It fails if it does not offer Microversion.
func New(ctx context.Context, sc *gophercloud.ServiceClient) (*Client, error) {
	const op = "read the versions of the compute service"
	versions, err := rest.Get(ctx, rest.At(sc, ""), op, "/", func(a *root) (rest.Versions, error) {
		return rest.Versions{Min: a.Version.Min, Max: a.Version.Max}, nil
	})
	if err != nil {
		return nil, err
	}
	if !versions.Offers(Microversion) {
		return nil, fmt.Errorf("nova offers microversions up to %s, but %s (Stein) is needed", versions.Max, Microversion)
	}
	return &Client{sc: rest.At(sc, Microversion), versions: versions}, nil
}

// Service tells which microversion is used and which is the newest.
func (c *Client) Service() snapshot.Service {
	return snapshot.Service{Microversion: c.sc.Microversion, Newest: c.versions.Max}
}

// Services lists Nova's services. Those of a cell that does not answer have the status UNKNOWN.
func (c *Client) Services(ctx context.Context) ([]openstack.ComputeService, error) {
	return rest.Get(ctx, c.sc, "list compute services", "os-services", func(a *services) ([]openstack.ComputeService, error) {
		return each(a.List, service.data)
	})
}

// each converts the elements of a list.
func each[W, T any](list []W, data func(W) (T, error)) ([]T, error) {
	out := make([]T, 0, len(list))
	for _, item := range list {
		converted, err := data(item)
		if err != nil {
			return nil, err
		}
		out = append(out, converted)
	}
	return out, nil
}

// Server reads one server, soft-deleted ones too; cloud.ErrNotFound if there is none.
func (c *Client) Server(ctx context.Context, uuid string) (openstack.Server, error) {
	op := "read server " + uuid
	found, err := rest.Get(ctx, c.sc, op, "servers/"+url.PathEscape(uuid), func(a *oneServer) (openstack.Server, error) {
		return a.Server.data(map[string]openstack.Flavor{})
	})
	return found, rest.OwnNotFound(op, "nova", `"itemNotFound"`, err)
}

// ListedServer reads one server out of the list of all projects, soft-deleted ones too: a single server of another project
// Nova shows to its own administrators only, and has 404 for others (nova/db/main/api.py, project_only). cloud.ErrNotFound if
// the list has none. Nova leaves servers of cells that do not answer out of it.
func (c *Client) ListedServer(ctx context.Context, uuid string) (openstack.Server, error) {
	op := "find server " + uuid
	l := list[serverPage, server]{
		op: op, path: "servers/detail", items: (*serverPage).items,
		query: url.Values{"all_tenants": {"True"}, "soft_deleted": {"True"}, "uuid": {uuid}},
	}
	var found []openstack.Server
	_, err := page(ctx, c, l, "", func(items []server) (int, error) {
		for _, i := range items {
			s, err := i.data(map[string]openstack.Flavor{})
			if err != nil {
				return 0, err
			}
			found = append(found, s)
		}
		return len(items), nil
	})
	switch {
	case errors.Is(err, cloud.ErrNotFound): // of the list, by whomever: it says nothing of the server
		return openstack.Server{}, fmt.Errorf("%w, though it is a list", errors.New(err.Error()))
	case err != nil:
		return openstack.Server{}, err
	case len(found) == 0:
		return openstack.Server{}, fmt.Errorf("%s: %w", op, cloud.ErrNotFound)
	case len(found) > 1 || found[0].UUID != uuid:
		return openstack.Server{}, cloud.AsError(op, errUnfiltered)
	}
	return found[0], nil
}

// ServersOn lists the servers of all projects that are on a host, soft-deleted ones too. Nova leaves servers of cells that do not
// answer out of it.
func (c *Client) ServersOn(ctx context.Context, host string) ([]openstack.Server, error) {
	op := "list servers on " + host
	flavors := map[string]openstack.Flavor{}
	found, err := pages(ctx, c, list[serverPage, server]{
		op: op, path: "servers/detail", items: (*serverPage).items,
		query: url.Values{"all_tenants": {"True"}, "soft_deleted": {"True"}, "host": {host}},
	}, func(s server) (openstack.Server, error) { return s.data(flavors) })
	if err != nil {
		return nil, err
	}
	for _, s := range found {
		if s.Status != openstack.Unknown && !openstack.SameHost(s.Host, foreign.Line(host)) {
			return nil, cloud.AsError(op, errUnfiltered)
		}
	}
	return found, nil
}

// Hypervisors lists the compute nodes. Those of a cell that does not answer, and those whose host is not mapped to a
// cell or has no service, are left out by Nova (nova/api/openstack/compute/hypervisors.py).
func (c *Client) Hypervisors(ctx context.Context) ([]openstack.Hypervisor, error) {
	return pages(ctx, c, list[hypervisorPage, hypervisor]{
		op: "list hypervisors", path: "os-hypervisors/detail", items: (*hypervisorPage).items,
	}, hypervisor.data)
}

// HypervisorsInSight lists the compute nodes of the cells before the first one that does not answer. Nova goes through its cells one
// after the other, and where it comes to that one the whole list is 500 (nova/compute/api.py, compute_node_get_all). A page of one
// node that is found before is answered.
func (c *Client) HypervisorsInSight(ctx context.Context) []openstack.Hypervisor {
	h := newHarvest(hypervisor.data)
	_ = chain(ctx, c, list[hypervisorPage, hypervisor]{
		op: "list hypervisors one by one", path: "os-hypervisors/detail", items: (*hypervisorPage).items, query: url.Values{"limit": {"1"}},
	}, h) // it ends with the error that is known
	return h.taken
}

// Aggregates lists the host aggregates. Nova has no pages of them.
func (c *Client) Aggregates(ctx context.Context) ([]openstack.Aggregate, error) {
	return rest.Get(ctx, c.sc, "list host aggregates", "os-aggregates", func(a *aggregates) ([]openstack.Aggregate, error) {
		return each(a.List, func(one aggregate) (openstack.Aggregate, error) { return openstack.Aggregate(one), nil })
	})
}

// Migrations lists the moves of all servers, done or not. Cells that do not answer are left out by Nova. From 2025.2 on Nova
// sends null for each host if its policy hides them (api/openstack/compute/migrations.py), and every move has a source.
func (c *Client) Migrations(ctx context.Context) ([]openstack.Migration, error) {
	return c.migrations(ctx, "list migrations", nil)
}

// MigrationsOf lists the moves of one server, done or not.
func (c *Client) MigrationsOf(ctx context.Context, server string) ([]openstack.Migration, error) {
	return c.migrations(ctx, "list migrations of server "+server, url.Values{"instance_uuid": {server}})
}

// MigrationsSince lists the moves that have begun or went on since then.
func (c *Client) MigrationsSince(ctx context.Context, since time.Time) ([]openstack.Migration, error) {
	return c.migrations(ctx, "list migrations since "+since.UTC().Format(time.RFC3339),
		url.Values{"changes-since": {since.UTC().Format(time.RFC3339)}})
}

func (c *Client) migrations(ctx context.Context, op string, query url.Values) ([]openstack.Migration, error) {
	all, err := pages(ctx, c, list[migrationPage, migration]{op: op, path: "os-migrations", items: (*migrationPage).items, query: query}, migration.data)
	sourced := func(m openstack.Migration) bool { return m.SourceHost != "" }
	if err == nil && len(all) > 0 && !slices.ContainsFunc(all, sourced) {
		return nil, cloud.AsError(op, errMovesHidden)
	}
	return all, err
}

// badMarker is how Nova refuses a page that should start behind something deleted meanwhile.
func badMarker(err error) bool { return gophercloud.ResponseCodeIs(err, http.StatusBadRequest) }
