// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// providers finds the providers that the options name, each once.
func (t *task) providers(ctx context.Context) ([]openstack.Provider, error) {
	if t.o.Aggregate != "" {
		return t.members(ctx)
	}
	option, names := "providers", t.o.Providers
	if t.o.Provider != "" {
		option, names = "provider", []string{t.o.Provider}
	}
	var found []openstack.Provider
	var faults []error
	for _, name := range names {
		p, err := connection.FindProvider(ctx, t.client, option, name)
		var fault *ansible.OptionError
		switch {
		case errors.As(err, &fault):
			faults = append(faults, err)
		case err != nil:
			return nil, err
		case !slices.ContainsFunc(found, func(q openstack.Provider) bool { return q.UUID == p.UUID }):
			found = append(found, p)
		}
	}
	if len(faults) > 0 {
		return nil, several.Join(faults...)
	}
	return found, nil
}

// members finds the providers of an aggregate: of a Nova host aggregate the compute nodes of its hosts, whether or not
// Nova mirrored it; of a Placement aggregate its members.
func (t *task) members(ctx context.Context) ([]openstack.Provider, error) {
	compute, err := t.clients.Compute(ctx)
	if err == nil {
		found, known, err := t.ofHostAggregate(ctx, compute)
		if known || err != nil {
			return found, err
		}
	} else if !rest.IsUUID(t.o.Aggregate) {
		return nil, err
	} else {
		t.call.Warn("aggregate: taken for one of Placement, for Nova could not be asked whether it knows it: %v", err)
	}
	fault := &ansible.OptionError{
		Option: "aggregate", Value: t.o.Aggregate, Reason: "must be a Nova host aggregate or a Placement aggregate with members",
	}
	if !rest.IsUUID(t.o.Aggregate) {
		return nil, fault
	}
	found, err := t.client.Providers(ctx, url.Values{"member_of": {rest.CanonicalUUID(t.o.Aggregate)}})
	if err == nil && len(found) == 0 {
		err = fault
	}
	return found, err
}

// means reports whether the option stands for this host aggregate.
func (t *task) means(a openstack.Aggregate) bool {
	asked := t.o.Aggregate
	return a.Name == foreign.Line(asked) || strconv.Itoa(a.ID) == asked || rest.IsUUID(asked) && a.UUID == rest.CanonicalUUID(asked)
}

func (t *task) ofHostAggregate(ctx context.Context, compute *nova.Client) (found []openstack.Provider, known bool, err error) {
	aggregates, err := compute.Aggregates(ctx)
	if err != nil {
		return nil, false, err
	}
	aggregates = slices.DeleteFunc(aggregates, func(a openstack.Aggregate) bool { return !t.means(a) })
	switch len(aggregates) {
	case 0:
		return nil, false, nil
	case 1:
	default:
		return nil, true, &ansible.OptionError{Option: "aggregate", Value: t.o.Aggregate, Reason: fmt.Sprintf(
			"must stand for one host aggregate; it is the number, name or UUID of %s (%s) and of %s (%s)",
			aggregates[0].Name, aggregates[0].UUID, aggregates[1].Name, aggregates[1].UUID)}
	}
	hosts := aggregates[0].Hosts
	nodes, err := compute.Hypervisors(ctx)
	if err != nil {
		return nil, true, err
	}
	missing := map[string]bool{}
	for _, host := range hosts {
		missing[host] = true
	}
	for _, node := range nodes {
		if !slices.Contains(hosts, node.ServiceHost) {
			continue
		}
		delete(missing, node.ServiceHost)
		p, err := t.client.Provider(ctx, node.UUID)
		if err != nil {
			return nil, true, err
		}
		found = append(found, p)
	}
	if len(missing) > 0 || len(found) == 0 {
		return nil, true, &ansible.OptionError{Option: "aggregate", Value: t.o.Aggregate, Reason: fmt.Sprintf(
			"must have hosts with compute nodes (without: %s)", names(slices.Sorted(maps.Keys(missing))))}
	}
	return found, true, nil
}

// missingClasses returns the wanted classes that do not exist; they are created where that is asked for and possible.
func (t *task) missingClasses(ctx context.Context) ([]string, error) {
	if t.o.Drain != nil || t.o.State == "absent" {
		return nil, nil
	}
	known, err := t.client.Classes(ctx)
	if err != nil {
		return nil, err
	}
	var missing []string
	var faults []error
	for _, class := range slices.Sorted(maps.Keys(t.o.Inventories)) {
		custom := strings.HasPrefix(class, "CUSTOM_")
		switch {
		case slices.Contains(known, class):
		case custom && t.o.CreateClasses:
			missing = append(missing, class)
		case custom:
			faults = append(faults, &ansible.OptionError{
				Option: "inventories -> " + class, Value: class,
				Reason: "must be an existing resource class; set create_classes to create it",
			})
		default:
			faults = append(faults, &ansible.OptionError{
				Option: "inventories -> " + class, Value: class,
				Reason: "must be a resource class that exists; those of your own begin with CUSTOM_",
			})
		}
	}
	if len(faults) > 0 {
		return nil, several.Join(faults...)
	}
	return missing, nil
}
