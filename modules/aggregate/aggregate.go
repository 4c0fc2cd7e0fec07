// SPDX-License-Identifier: Apache-2.0

// Package aggregate is the module placement_aggregate: it says which aggregates resource providers are members of.
package aggregate

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/selection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_aggregate.
func Module() *ansible.Module {
	return ansible.Define("placement_aggregate", doc, run)
}

// Options are the options of placement_aggregate.
type Options struct {
	config.Options
	connection.JournalOption
	selection.Meant

	Aggregates []string `json:"aggregates" jsonschema:"required" jsonschema_description:"Aggregates of Placement, each as a UUID, or as the name or number of the Nova host aggregate that it mirrors. With I(state=exact) only, an empty list takes the providers out of all aggregates."`
	State      string   `json:"state" jsonschema:"default=present,enum=present,enum=exact,enum=absent" jsonschema_description:"C(present) makes the providers members of I(aggregates) and keeps their other memberships. C(exact) makes I(aggregates) the only ones. C(absent) takes the providers out of I(aggregates)."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: selection.Exclusive(), RequiredOneOf: [][]string{selection.Names()}}
}

// Validate refuses what makes no sense before a cloud is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	faults := append([]error{connection.Faults(&o.Options)}, o.Meant.Faults(call)...)
	if len(o.Aggregates) == 0 && o.State != tags.Exact {
		faults = append(faults, &ansible.OptionError{Option: "aggregates", Value: "[]", Reason: "must name at least one aggregate with state=" + o.State})
	}
	for i, name := range o.Aggregates {
		if strings.TrimSpace(name) == "" {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("aggregates[%d]", i), Reason: "must not be empty"})
		}
	}
	return several.Join(faults...)
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*tags.Result, error) {
	path, err := o.JournalPath()
	if err != nil {
		return nil, err
	}
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	wanted, err := selection.Aggregates(ctx, clients, "aggregates", o.Aggregates)
	if err != nil {
		return nil, err
	}
	found, err := o.Find(ctx, call, clients)
	if err != nil {
		return nil, err
	}
	task := &tags.Task{
		Call: call, Clients: clients, Journal: path, Op: repair.Aggregates, State: o.State, Wanted: wanted, Providers: found,
	}
	return task.Run(ctx)
}
