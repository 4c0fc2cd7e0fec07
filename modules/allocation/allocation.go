// SPDX-License-Identifier: Apache-2.0

// Package allocation is the module placement_allocation: it writes what a consumer holds, bound to its generation, and never
// while something is done with its server.
package allocation

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

// Module returns placement_allocation.
func Module() *ansible.Module {
	return ansible.Define("placement_allocation", doc, run)
}

// Options are the options of placement_allocation.
type Options struct {
	config.Options
	connection.JournalOption

	Consumer    string                    `json:"consumer" jsonschema:"required" jsonschema_description:"UUID of the consumer: of a server, of a migration, or of what another service keeps."`
	State       string                    `json:"state" jsonschema:"default=present,enum=present,enum=absent,enum=moved" jsonschema_description:"C(present) makes the consumer hold I(allocations) and nothing else. C(absent) removes its allocations, or only the one on I(provider) if that is given. C(moved) moves its allocation to I(to), to I(to_consumer), or to both, in one request."`
	Allocations map[string]map[string]int `json:"allocations" jsonschema_description:"What the consumer is to hold: amounts by resource class, by name or UUID of the resource provider. Required with I(state=present)."`
	Provider    string                    `json:"provider" jsonschema_description:"Name or UUID of the resource provider whose allocation to remove or to move. With I(state=moved), it is required if the consumer has allocations on several providers."`
	To          string                    `json:"to" jsonschema_description:"Name or UUID of the resource provider to move the allocation on I(provider) to."`
	ToConsumer  string                    `json:"to_consumer" jsonschema_description:"UUID of the consumer to move the allocation on I(provider) to. It keeps what it already holds."`
	Project     string                    `json:"project" jsonschema_description:"UUID of the project. Required for a consumer that holds nothing yet. Other consumers keep their project if it is not given."`
	User        string                    `json:"user" jsonschema_description:"UUID of the user. Required for a consumer that holds nothing yet. Other consumers keep their user if it is not given."`
}

// Result is what placement_allocation returns.
type Result struct {
	Changed   bool           `json:"changed"`
	Msg       string         `json:"msg"`
	Consumers []Consumer     `json:"consumers"`
	Diff      []Diff         `json:"diff"`
	Journal   string         `json:"journal"`
	Requests  map[string]int `json:"requests"`
}

// Consumer is one consumer after the task; in check mode as it would be.
type Consumer struct {
	UUID        string      `json:"uuid"`
	Generation  *int        `json:"generation"`
	ProjectID   string      `json:"project_id"`
	UserID      string      `json:"user_id"`
	Allocations repair.Held `json:"allocations"`
}

// Diff is what Ansible shows with --diff, one for each consumer that changes.
type Diff struct {
	BeforeHeader string      `json:"before_header"`
	AfterHeader  string      `json:"after_header"`
	Before       repair.Held `json:"before"`
	After        repair.Held `json:"after"`
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
