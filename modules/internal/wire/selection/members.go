// SPDX-License-Identifier: Apache-2.0

package selection

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// finder looks for providers.
type finder struct {
	call    *ansible.Call
	clients *connection.Clients
	client  *placement.Client
	o       *Meant
}

// roots lists all root providers. Children are named one by one: a star would take them for hosts.
func (f *finder) roots(ctx context.Context) ([]openstack.Provider, error) {
	all, err := f.client.Providers(ctx, nil)
	return slices.DeleteFunc(all, func(p openstack.Provider) bool { return !p.IsRoot() }), err
}

// matching keeps those that the pattern matches, by name.
func (f *finder) matching(all []openstack.Provider, err error) ([]openstack.Provider, error) {
	if err != nil || f.o.Pattern == "" {
		return all, err
	}
	among := len(all)
	all = slices.DeleteFunc(all, func(p openstack.Provider) bool { return !openstack.Pattern(f.o.Pattern).Matches(p.Name) })
	if len(all) == 0 {
		return nil, &ansible.OptionError{Option: "pattern", Value: f.o.Pattern, Reason: fmt.Sprintf(
			"must match the whole name of at least one root provider; it matches none of %d", among)}
	}
	slices.SortFunc(all, func(a, b openstack.Provider) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// members finds the providers of an aggregate: of a Nova host aggregate the compute nodes of its hosts, whether or not
// Nova mirrored it; of a Placement aggregate its members.
func (f *finder) members(ctx context.Context) ([]openstack.Provider, error) {
	compute, err := f.clients.Compute(ctx)
	if err == nil {
		found, known, err := f.ofHostAggregate(ctx, compute)
		if known || err != nil {
			return found, err
		}
	} else if !rest.IsUUID(f.o.Aggregate) {
		return nil, err
	} else {
		f.call.Warn("aggregate: taken for a Placement aggregate, because Nova could not be asked whether it has a host aggregate of this UUID: %v", err)
	}
	fault := &ansible.OptionError{
		Option: "aggregate", Value: f.o.Aggregate, Reason: "must be a Nova host aggregate or a Placement aggregate with members",
	}
	if !rest.IsUUID(f.o.Aggregate) {
		return nil, fault
	}
	found, err := f.client.Providers(ctx, url.Values{"member_of": {rest.CanonicalUUID(f.o.Aggregate)}})
	if err == nil && len(found) == 0 {
		err = fault
	}
	return found, err
}

// means reports whether the option stands for this host aggregate.
func (f *finder) means(a openstack.Aggregate) bool {
	asked := f.o.Aggregate
	return a.Name == foreign.Line(asked) || strconv.Itoa(a.ID) == asked || rest.IsUUID(asked) && a.UUID == rest.CanonicalUUID(asked)
}

func (f *finder) ofHostAggregate(ctx context.Context, compute *nova.Client) (found []openstack.Provider, known bool, err error) {
	aggregates, err := compute.Aggregates(ctx)
	if err != nil {
		return nil, false, err
	}
	aggregates = slices.DeleteFunc(aggregates, func(a openstack.Aggregate) bool { return !f.means(a) })
	switch len(aggregates) {
	case 0:
		return nil, false, nil
	case 1:
	default:
		return nil, true, &ansible.OptionError{Option: "aggregate", Value: f.o.Aggregate, Reason: fmt.Sprintf(
			"must identify one host aggregate; it is the number, name or UUID of %s (%s) and of %s (%s)",
			aggregates[0].Name, aggregates[0].UUID, aggregates[1].Name, aggregates[1].UUID)}
	}
	found, missing, err := f.ofHosts(ctx, compute, aggregates[0].Hosts)
	if err != nil {
		return nil, true, err
	}
	if len(missing) > 0 || len(found) == 0 {
		return nil, true, &ansible.OptionError{Option: "aggregate", Value: f.o.Aggregate, Reason: fmt.Sprintf(
			"must have hosts with compute nodes (without: %s)", foreign.List(missing))}
	}
	return found, true, nil
}

// ofZone finds the providers of the hosts that Nova counts to an availability zone. While a cell does not answer, it is unknown
// which hosts of it are in the zone.
func (f *finder) ofZone(ctx context.Context) ([]openstack.Provider, error) {
	compute, err := f.clients.Compute(ctx)
	if err != nil {
		return nil, err
	}
	services, err := compute.Services(ctx)
	if err != nil {
		return nil, err
	}
	if host := openstack.SilentCell(services); host != "" {
		return nil, fmt.Errorf("it is unknown which hosts are in availability zone %s: a cell does not answer (nova shows the service on %s as UNKNOWN)",
			foreign.Line(f.o.Zone), host)
	}
	zones := map[string][]string{}
	for _, s := range services {
		if s.Binary == "nova-compute" {
			zones[s.Zone] = append(zones[s.Zone], s.Host)
		}
	}
	hosts, known := zones[f.o.Zone]
	if !known {
		return nil, &ansible.OptionError{Option: "zone", Value: f.o.Zone, Reason: fmt.Sprintf(
			"must be an availability zone with a nova-compute; there are: %s", foreign.List(slices.Sorted(maps.Keys(zones))))}
	}
	found, missing, err := f.ofHosts(ctx, compute, hosts)
	if err == nil && (len(missing) > 0 || len(found) == 0) {
		err = &ansible.OptionError{Option: "zone", Value: f.o.Zone, Reason: fmt.Sprintf("must have hosts with compute nodes (without: %s)", foreign.List(missing))}
	}
	return found, err
}

// ofHosts finds the providers of the compute nodes of hosts, and names the hosts that have none.
func (f *finder) ofHosts(ctx context.Context, compute *nova.Client, hosts []string) (found []openstack.Provider, without []string, err error) {
	nodes, err := compute.Hypervisors(ctx)
	if err != nil {
		return nil, nil, err
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
		p, err := f.client.Provider(ctx, node.UUID)
		if err != nil {
			return nil, nil, err
		}
		found = append(found, p)
	}
	return found, slices.Sorted(maps.Keys(missing)), nil
}
