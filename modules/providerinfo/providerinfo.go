// SPDX-License-Identifier: Apache-2.0

// Package providerinfo is the module placement_provider_info: it reads resource providers with their details.
package providerinfo

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"net/url"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_provider_info.
func Module() *ansible.Module {
	return ansible.Define("placement_provider_info", doc, run)
}

// Options are the options of placement_provider_info.
type Options struct {
	config.Options
	Filters

	Provider string   `json:"provider,omitempty" jsonschema_extras:"x-ansible-aliases=name" jsonschema_description:"Name or UUID of a resource provider. All of them if not given."`
	Match    string   `json:"match" jsonschema:"default=exact,enum=exact,enum=host" jsonschema_description:"With I(provider), C(exact) takes the name as it is. C(host) takes it as the host name of a compute, and finds root providers of that name in upper or lower case, with or without a domain."`
	Tree     bool     `json:"tree" jsonschema:"default=false" jsonschema_description:"With I(provider), read all providers of the tree that it is in."`
	Details  []string `json:"details" jsonschema:"default=inventories,default=usages,enum=inventories,enum=usages,enum=aggregates,enum=traits,enum=allocations" jsonschema_description:"What to read of each provider, with one request for each detail. An empty list reads the providers alone."`
}

// Validate refuses what makes no sense before a cloud is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	return several.Join(append(o.faults(call), connection.Faults(&o.Options))...)
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{RequiredIf: []ansible.RequiredIf{
		{Option: "tree", Value: true, Options: []string{"provider"}},
		{Option: "match", Value: "host", Options: []string{"provider"}},
	}}
}

// Result is what placement_provider_info returns.
type Result struct {
	Changed   bool           `json:"changed"`
	Msg       string         `json:"msg"`
	Providers []Provider     `json:"providers"`
	Requests  map[string]int `json:"requests"`
}

// Provider is one resource provider. Details that were not asked for are absent.
type Provider struct {
	openstack.Provider

	Inventories *map[string]openstack.Inventory `json:"inventories,omitempty"`
	Usages      *map[string]int                 `json:"usages,omitempty"`
	Aggregates  *[]string                       `json:"aggregates,omitempty"`
	Traits      *[]string                       `json:"traits,omitempty"`
	Allocations *[]openstack.Allocation         `json:"allocations,omitempty"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	list, err := find(ctx, clients.Placement, o)
	if err != nil {
		return nil, err
	}
	if list, err = o.passing(ctx, call, clients, list); err != nil {
		return nil, err
	}
	found, err := details(ctx, clients, o.Details, list)
	if err != nil {
		return nil, err
	}
	return &Result{Msg: report.Count(len(found), "resource provider"), Providers: found, Requests: clients.Session.Requests()}, nil
}

// find lists the providers that the options name; none if there is no such provider.
func find(ctx context.Context, client *placement.Client, o *Options) ([]openstack.Provider, error) {
	if o.Provider == "" {
		return client.Providers(ctx, nil)
	}
	if o.Match == "host" {
		return ofHost(ctx, client, o)
	}
	list, err := client.Find(ctx, o.Provider)
	if err != nil || len(list) == 0 || !o.Tree {
		return list, err
	}
	return client.Providers(ctx, url.Values{"in_tree": {list[0].UUID}})
}

// ofHost lists the providers that stand for a host, or all of their trees. Placement finds no name by its beginning, so that it is
// asked for all providers: one request, whatever their number.
func ofHost(ctx context.Context, client *placement.Client, o *Options) ([]openstack.Provider, error) {
	list, err := client.Providers(ctx, nil)
	if err != nil {
		return nil, err
	}
	trees := map[string]bool{}
	for _, p := range list {
		if p.Stands(o.Provider) {
			trees[rootOf(p)] = true
		}
	}
	return slices.DeleteFunc(list, func(p openstack.Provider) bool {
		return !p.Stands(o.Provider) && !(o.Tree && trees[rootOf(p)])
	}), nil
}

// rootOf is the root of the provider's tree. Rocky knows no root of some.
func rootOf(p openstack.Provider) string { return cmp.Or(p.RootUUID, p.UUID) }

// details reads the wanted details of all providers. A provider that is deleted meanwhile is left out.
func details(ctx context.Context, clients *connection.Clients, wanted []string, list []openstack.Provider,
) ([]Provider, error) {
	all := make([]Provider, len(list))
	gone := make([]bool, len(list))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients.Session.Concurrency())
	for i, p := range list {
		all[i].Provider = p
		group.Go(func() error {
			var err error
			gone[i], err = all[i].readAll(ctx, clients.Placement, wanted)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	found := []Provider{}
	for i, p := range all {
		if !gone[i] {
			found = append(found, p)
		}
	}
	return found, nil
}

// readAll reads the wanted details. It reports whether the provider is gone; a 404 for a part of one that exists is an error.
func (p *Provider) readAll(ctx context.Context, client *placement.Client, wanted []string) (gone bool, err error) {
	for _, what := range wanted {
		err := p.read(ctx, client, what)
		if !errors.Is(err, cloud.ErrNotFound) {
			if err != nil {
				return false, err
			}
			continue
		}
		if _, again := client.Provider(ctx, p.UUID); again == nil {
			return false, err
		} else if !errors.Is(again, cloud.ErrNotFound) {
			return false, again
		}
		return true, nil
	}
	return false, nil
}

func (p *Provider) read(ctx context.Context, client *placement.Client, what string) error {
	var err error
	switch what {
	case "inventories":
		p.Inventories, err = pointer(client.Offered(ctx, p.UUID))
	case "usages":
		p.Usages, err = pointer(client.Used(ctx, p.UUID))
	case "aggregates":
		p.Aggregates, err = pointer(client.Aggregates(ctx, p.UUID))
	case "traits":
		p.Traits, err = pointer(client.Traits(ctx, p.UUID))
	case "allocations":
		held, failed := client.Allocations(ctx, p.UUID)
		p.Allocations, err = pointer(held.Allocations, failed)
	}
	return err
}

func pointer[T any](value T, err error) (*T, error) { return &value, err }
