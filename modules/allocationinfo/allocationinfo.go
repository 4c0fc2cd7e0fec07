// SPDX-License-Identifier: Apache-2.0

// Package allocationinfo is the module placement_allocation_info: it reads what consumers hold, and who Nova says they are.
package allocationinfo

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_allocation_info.
func Module() *ansible.Module {
	return ansible.Define("placement_allocation_info", doc, run)
}

// Options are the options of placement_allocation_info.
type Options struct {
	config.Options

	Consumer []string `json:"consumer" jsonschema:"required" jsonschema_extras:"x-ansible-aliases=consumers" jsonschema_description:"UUIDs of consumers: of servers, of migrations, or of what another service keeps."`
}

// Validate refuses what is no UUID, all of it at once.
func (o *Options) Validate(*ansible.Call) error {
	faults := []error{connection.Faults(&o.Options)}
	for i, uuid := range o.Consumer {
		if !rest.IsUUID(uuid) {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("consumer[%d]", i), Value: uuid, Reason: "must be a UUID"})
			continue
		}
		o.Consumer[i] = rest.CanonicalUUID(uuid) // as Placement and Nova write it
	}
	return several.Join(faults...)
}

// Result is what placement_allocation_info returns.
type Result struct {
	Changed   bool           `json:"changed"`
	Msg       string         `json:"msg"`
	Consumers []Consumer     `json:"consumers"`
	Requests  map[string]int `json:"requests"`
}

// Consumer is what one consumer holds, and who it is.
type Consumer struct {
	UUID        string  `json:"uuid"`
	Generation  *int    `json:"generation"` // nil if it holds nothing
	ProjectID   string  `json:"project_id"`
	UserID      string  `json:"user_id"`
	Type        string  `json:"consumer_type"`
	Allocations []Share `json:"allocations"`
	Kind        string  `json:"kind"`
	ServerUUID  string  `json:"server_uuid"`
	Name        string  `json:"name"`
	Status      string  `json:"status"`
	Host        string  `json:"host"`
}

// Share is what a consumer holds on one resource provider.
type Share struct {
	UUID      string         `json:"uuid"`
	Name      string         `json:"name"`
	Resources map[string]int `json:"resources"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	compute, err := clients.Compute(ctx)
	if err != nil {
		return nil, err
	}
	consumers, err := held(ctx, clients, o.Consumer)
	if err != nil {
		return nil, err
	}
	if err := name(ctx, clients.Placement, consumers); err != nil {
		return nil, err
	}
	src := collect.Source{Placement: clients.Placement, Compute: compute, Concurrency: clients.Session.Concurrency()}
	if err := identify(ctx, src, compute, o.Consumer, consumers); err != nil {
		return nil, err
	}
	return &Result{Msg: message(consumers), Consumers: consumers, Requests: clients.Session.Requests()}, nil
}

// message says how many consumers were read, and how many of them hold something.
func message(consumers []Consumer) string {
	holding := 0
	for _, c := range consumers {
		holding += min(len(c.Allocations), 1)
	}
	return fmt.Sprintf("%s, %d with allocations", report.Count(len(consumers), "consumer"), holding)
}

// held reads what the consumers hold, in their order.
func held(ctx context.Context, clients *connection.Clients, uuids []string) ([]Consumer, error) {
	all := make([]Consumer, len(uuids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients.Session.Concurrency())
	for i, uuid := range uuids {
		group.Go(func() error {
			c, err := clients.Placement.Consumer(ctx, uuid)
			all[i] = consumerOf(c)
			return err
		})
	}
	return all, group.Wait()
}

func consumerOf(c placement.Consumer) Consumer {
	out := Consumer{UUID: c.UUID, ProjectID: c.ProjectID, UserID: c.UserID, Type: c.Type, Allocations: []Share{}}
	for _, a := range c.Allocations {
		out.Allocations = append(out.Allocations, Share{UUID: a.ProviderUUID, Resources: a.Resources})
	}
	if len(out.Allocations) > 0 {
		out.Generation = &c.Generation
	}
	slices.SortFunc(out.Allocations, func(a, b Share) int { return cmp.Compare(a.UUID, b.UUID) })
	return out
}

// name adds the names of the resource providers: one request, whatever their number.
func name(ctx context.Context, client *placement.Client, consumers []Consumer) error {
	if !slices.ContainsFunc(consumers, func(c Consumer) bool { return len(c.Allocations) > 0 }) {
		return nil
	}
	list, err := client.Providers(ctx, nil)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, p := range list {
		names[p.UUID] = p.Name
	}
	for _, c := range consumers {
		for i := range c.Allocations {
			c.Allocations[i].Name = names[c.Allocations[i].UUID]
		}
	}
	return nil
}

// identify adds who the consumers are. That Nova does not have one counts only if all of its cells answer.
func identify(ctx context.Context, src collect.Source, compute *nova.Client, uuids []string, consumers []Consumer) error {
	known, err := collect.Identify(ctx, src, slices.Compact(slices.Sorted(slices.Values(uuids))))
	if err != nil {
		return err
	}
	for i := range consumers {
		c := &consumers[i]
		h, found := known[c.UUID]
		if !found {
			if err := answered(ctx, compute, c.UUID); err != nil {
				return err
			}
			h.Kind = openstack.KindUnknown
		}
		c.Kind, c.ServerUUID, c.Name, c.Status, c.Host = h.Kind, h.ServerUUID, h.Name, h.Status, h.Host
	}
	return nil
}

// answered fails unless all cells answer.
func answered(ctx context.Context, compute *nova.Client, uuid string) error {
	services, err := compute.Services(ctx)
	if err != nil {
		return err
	}
	if host := openstack.SilentCell(services); host != "" {
		return fmt.Errorf("it is unknown who consumer %s is: a cell does not answer, nova shows the service on %s as UNKNOWN", uuid, host)
	}
	return nil
}
