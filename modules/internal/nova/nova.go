// SPDX-License-Identifier: Apache-2.0

// Package nova reads Nova through its API, with types of its own.
//
// Everything is read at one microversion, 2.69: the first that shows cells that do not answer, and before 2.88,
// from which on a list of hypervisors asks every compute for its uptime. Lists are read page by page until an
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

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// Microversion is the one that every request carries (Stein).
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
	var answer struct {
		Version *struct {
			Min string `json:"min_version"`
			Max string `json:"version"`
		} `json:"version"`
	}
	if err := rest.Get(ctx, rest.At(sc, ""), op, "/", &answer); err != nil {
		return nil, err
	}
	if answer.Version == nil {
		return nil, rest.Missing(op, "version")
	}
	versions := rest.Versions{Min: answer.Version.Min, Max: answer.Version.Max}
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
func (c *Client) Services(ctx context.Context) ([]snapshot.ComputeService, error) {
	const op = "list compute services"
	var answer struct {
		List *[]struct {
			ID      string `json:"id"` // absent in a cell that does not answer, like the last two
			Binary  string `json:"binary"`
			Host    string `json:"host"`
			State   string `json:"state"`
			Status  string `json:"status"`
			Updated when   `json:"updated_at"`
			Forced  bool   `json:"forced_down"`
		} `json:"services"`
	}
	if err := rest.Get(ctx, c.sc, op, "os-services", &answer); err != nil {
		return nil, err
	}
	if answer.List == nil {
		return nil, rest.Missing(op, "services")
	}
	out := make([]snapshot.ComputeService, 0, len(*answer.List))
	for _, s := range *answer.List {
		out = append(out, snapshot.ComputeService{
			UUID: s.ID, Binary: s.Binary, Host: s.Host, State: s.State, Status: s.Status, Updated: s.Updated.pointer(), ForcedDown: s.Forced,
		})
	}
	return out, nil
}

// Server reads one server, soft-deleted ones too; cloud.ErrNotFound if there is none.
func (c *Client) Server(ctx context.Context, uuid string) (snapshot.Server, error) {
	op := "read server " + uuid
	var answer struct {
		Server *server `json:"server"`
	}
	err := rest.Get(ctx, c.sc, op, "servers/"+url.PathEscape(uuid), &answer)
	if err != nil {
		return snapshot.Server{}, rest.OwnNotFound(op, "nova", `"itemNotFound"`, err)
	}
	if answer.Server == nil {
		return snapshot.Server{}, rest.Missing(op, "server")
	}
	found, err := answer.Server.data(map[string]snapshot.Flavor{})
	return found, cloud.AsError(op, err)
}

// ListedServer reads one server out of the list of all projects, soft-deleted ones too: a single server of another project
// Nova shows to its own administrators only, and has 404 for others (nova/db/main/api.py, project_only). cloud.ErrNotFound if
// the list has none. Nova leaves servers of cells that do not answer out of it.
func (c *Client) ListedServer(ctx context.Context, uuid string) (snapshot.Server, error) {
	l := list{op: "find server " + uuid, path: "servers/detail", key: "servers"}
	l.query = url.Values{"all_tenants": {"True"}, "soft_deleted": {"True"}, "uuid": {uuid}}
	found, err := page[server](ctx, c, l, "")
	switch {
	case errors.Is(err, cloud.ErrNotFound): // of the list, by whomever: it says nothing of the server
		return snapshot.Server{}, fmt.Errorf("%w, though it is a list", errors.New(err.Error()))
	case err != nil:
		return snapshot.Server{}, err
	case len(found) == 0:
		return snapshot.Server{}, fmt.Errorf("%s: %w", l.op, cloud.ErrNotFound)
	case len(found) > 1 || found[0].UUID != uuid:
		return snapshot.Server{}, cloud.AsError(l.op, errUnfiltered)
	}
	s, err := found[0].data(map[string]snapshot.Flavor{})
	return s, cloud.AsError(l.op, err)
}

// DeletedSince lists the UUIDs of servers that were deleted since then, at most one page (1,000 unless Nova is configured
// otherwise): those that nova-compute may still be cleaning up after. The short list, because Nova 34 answers 500 to the
// detailed one when it looks for the flavor of a server whose rows it has just deleted (nova/objects/instance.py,
// _load_flavor).
func (c *Client) DeletedSince(ctx context.Context, since time.Time) ([]string, error) {
	const op = "list servers deleted lately"
	var answer struct {
		List *[]struct {
			ID string `json:"id"`
		} `json:"servers"`
	}
	query := url.Values{"all_tenants": {"True"}, "deleted": {"True"}, "changes-since": {since.UTC().Format(time.RFC3339)}}
	if err := rest.Get(ctx, c.sc, op, "servers?"+query.Encode(), &answer); err != nil {
		return nil, err
	}
	if answer.List == nil {
		return nil, rest.Missing(op, "servers")
	}
	uuids := make([]string, 0, len(*answer.List))
	for _, s := range *answer.List {
		uuids = append(uuids, s.ID)
	}
	return uuids, nil
}

// Hypervisors lists the compute nodes. Those of a cell that does not answer, and those whose host is not mapped to a
// cell or has no service, are left out by Nova (nova/api/openstack/compute/hypervisors.py).
func (c *Client) Hypervisors(ctx context.Context) ([]snapshot.Hypervisor, error) {
	return pages(ctx, c, list{
		op: "list hypervisors", path: "os-hypervisors/detail", key: "hypervisors",
	}, hypervisor.data)
}

// Aggregates lists the host aggregates. Nova has no pages of them.
func (c *Client) Aggregates(ctx context.Context) ([]snapshot.Aggregate, error) {
	const op = "list host aggregates"
	var answer struct {
		List *[]aggregate `json:"aggregates"`
	}
	if err := rest.Get(ctx, c.sc, op, "os-aggregates", &answer); err != nil {
		return nil, err
	}
	if answer.List == nil {
		return nil, rest.Missing(op, "aggregates")
	}
	out := make([]snapshot.Aggregate, 0, len(*answer.List))
	for _, a := range *answer.List {
		out = append(out, snapshot.Aggregate(a))
	}
	return out, nil
}

// Migrations lists the moves of all servers, done or not. Cells that do not answer are left out by Nova. From 2025.2 on Nova
// sends null for each host if its policy hides them (api/openstack/compute/migrations.py), and every move has a source.
func (c *Client) Migrations(ctx context.Context) ([]snapshot.Migration, error) {
	l := list{op: "list migrations", path: "os-migrations", key: "migrations"}
	all, err := pages(ctx, c, l, migration.data)
	sourced := func(m snapshot.Migration) bool { return m.SourceHost != "" }
	if err == nil && len(all) > 0 && !slices.ContainsFunc(all, sourced) {
		return nil, cloud.AsError(l.op, errMovesHidden)
	}
	return all, err
}

// badMarker is how Nova refuses a page that should start behind something deleted meanwhile.
func badMarker(err error) bool { return gophercloud.ResponseCodeIs(err, http.StatusBadRequest) }
