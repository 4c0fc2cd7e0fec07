// SPDX-License-Identifier: Apache-2.0

// Package provider is the module placement_provider: it makes, renames, moves and deletes resource providers, and deletes none
// that somebody holds something of.
package provider

import (
	"context"
	_ "embed"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_provider.
func Module() *ansible.Module {
	return ansible.Define("placement_provider", doc, run)
}

// Options are the options of placement_provider.
type Options struct {
	config.Options
	connection.JournalOption

	Provider string `json:"provider" jsonschema:"required" jsonschema_description:"Name or UUID of the resource provider. To rename one, give its UUID."`
	State    string `json:"state" jsonschema:"default=present,enum=present,enum=absent" jsonschema_description:"C(present) creates the provider if there is none, and gives it I(name) and I(parent). C(absent) deletes it with all its descendants, leaves first, unless a consumer holds something there."`
	Name     string `json:"name" jsonschema_description:"Name to give to the provider. Required to create a provider if I(provider) is a UUID."`
	UUID     string `json:"uuid" jsonschema_description:"UUID for a provider that is created. Placement chooses one if it is not given."`
	Parent   string `json:"parent" jsonschema_description:"Name or UUID of the parent provider. If not given, a provider keeps its parent."`
	Root     bool   `json:"root" jsonschema:"default=false" jsonschema_description:"Make the provider a root provider, which has no parent."`
	Force    bool   `json:"force" jsonschema:"default=false" jsonschema_description:"Delete the provider even if Nova has a compute node of it. I(provider) must then be its UUID. A running nova-compute creates the provider again within minutes."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: [][]string{{"parent", "root"}}}
}

// Result is what placement_provider returns.
type Result struct {
	Changed   bool           `json:"changed"`
	Msg       string         `json:"msg"`
	Providers []Provider     `json:"providers"`
	Holders   []Holder       `json:"holders"`
	Diff      []Diff         `json:"diff"`
	Journal   string         `json:"journal"`
	Requests  map[string]int `json:"requests"`
}

// Provider is a provider after the task; in check mode as it would be. Of those that are deleted there are none.
type Provider struct {
	UUID       string `json:"uuid"`
	Name       string `json:"name"`
	ParentUUID string `json:"parent_uuid"`
	Generation int    `json:"generation"`
}

// Holder is one who holds something of a provider that is to be deleted.
type Holder struct {
	Consumer  string         `json:"consumer"`
	Kind      string         `json:"kind"` // one of the kinds of openstack.Holder
	Name      string         `json:"name"`
	Status    string         `json:"status"`
	Host      string         `json:"host"`
	Provider  string         `json:"provider"`
	Resources map[string]int `json:"resources"`
}

// Diff is what Ansible shows with --diff, one for each provider that changes.
type Diff struct {
	BeforeHeader string           `json:"before_header"`
	AfterHeader  string           `json:"after_header"`
	Before       *repair.Provider `json:"before"`
	After        *repair.Provider `json:"after"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	path, err := o.JournalPath()
	if err != nil {
		return nil, err
	}
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	t := &task{call: call, o: o, clients: clients, client: clients.Placement, journal: path}
	if t.writer, err = clients.Writer(ctx, call); err != nil {
		return nil, err
	}
	return t.run(ctx)
}
