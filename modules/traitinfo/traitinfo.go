// SPDX-License-Identifier: Apache-2.0

// Package traitinfo is the module placement_trait_info: it reads the traits that Placement knows, and which providers have them.
package traitinfo

import (
	"context"
	_ "embed"
	"net/url"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_trait_info.
func Module() *ansible.Module {
	return ansible.Define("placement_trait_info", doc, run)
}

// Options are the options of placement_trait_info.
type Options struct {
	config.Options

	Pattern    string `json:"pattern" jsonschema:"default=*" jsonschema_description:"Shell pattern that the whole name must match, such as C(CUSTOM_*)."`
	Associated bool   `json:"associated" jsonschema:"default=false" jsonschema_description:"Leave out traits that no provider has."`
	Holders    bool   `json:"holders" jsonschema:"default=false" jsonschema_description:"List the providers that have each trait, with one request for each trait."`
}

// Validate refuses what makes no sense before a cloud is asked.
func (o *Options) Validate(*ansible.Call) error {
	return several.Join(connection.Faults(&o.Options), tags.PatternFault(o.Pattern))
}

// Result is what placement_trait_info returns.
type Result struct {
	Changed  bool           `json:"changed"`
	Msg      string         `json:"msg"`
	Traits   []Trait        `json:"traits"`
	Requests map[string]int `json:"requests"`
}

// Trait is one trait. Its providers are absent if they were not asked for.
type Trait struct {
	Name      string    `json:"name"`
	Custom    bool      `json:"custom"`
	Providers *[]Holder `json:"providers,omitempty"`
}

// Holder is a provider that has it.
type Holder struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	query := url.Values{}
	if o.Associated {
		query.Set("associated", "true")
	}
	names, err := clients.Placement.AllTraits(ctx, query)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	names = slices.DeleteFunc(names, func(name string) bool { return !openstack.Pattern(o.Pattern).Matches(name) })
	r := &Result{Msg: tags.Counted(names, "trait"), Traits: []Trait{}}
	for _, name := range names {
		r.Traits = append(r.Traits, Trait{Name: name, Custom: tags.Custom(name)})
	}
	if o.Holders {
		err = r.holders(ctx, clients)
	}
	r.Requests = clients.Session.Requests()
	return r, err
}

// holders adds who has each trait.
func (r *Result) holders(ctx context.Context, clients *connection.Clients) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients.Session.Concurrency())
	for i := range r.Traits {
		group.Go(func() error {
			found, err := clients.Placement.Providers(ctx, url.Values{"required": {r.Traits[i].Name}})
			all := []Holder{}
			for _, p := range found {
				all = append(all, Holder{p.UUID, p.Name})
			}
			r.Traits[i].Providers = &all
			return err
		})
	}
	return group.Wait()
}
