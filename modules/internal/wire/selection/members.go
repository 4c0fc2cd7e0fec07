// SPDX-License-Identifier: Apache-2.0

package selection

import (
	"cmp"
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
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
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
	reading bool // hosts without a provider are left out, with a warning
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
	found, err = f.ofHosts(ctx, compute, aggregates[0].Hosts, ansible.OptionError{Option: "aggregate", Value: f.o.Aggregate})
	return found, true, err
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
	zones := openstack.HostsByZone(services)
	hosts, known := zones[f.o.Zone]
	if !known {
		return nil, &ansible.OptionError{Option: "zone", Value: f.o.Zone, Reason: fmt.Sprintf(
			"must be an availability zone with a nova-compute; there are: %s", foreign.List(slices.Sorted(maps.Keys(zones))))}
	}
	return f.ofHosts(ctx, compute, hosts, ansible.OptionError{Option: "zone", Value: f.o.Zone})
}

// ofHosts finds the providers of the compute nodes of hosts. A host without a compute node and a compute node without a provider
// are the option's fault, unless nothing is written: what is done to the others only may not be what was meant.
func (f *finder) ofHosts(ctx context.Context, compute *nova.Client, hosts []string, fault ansible.OptionError) ([]openstack.Provider, error) {
	nodes, err := compute.Hypervisors(ctx)
	if err != nil {
		return nil, err
	}
	var found []openstack.Provider
	var bare []string
	for _, host := range hosts {
		if !slices.ContainsFunc(nodes, func(n openstack.Hypervisor) bool { return n.ServiceHost == host }) {
			bare = append(bare, fmt.Sprintf("host %s has no compute node", foreign.Line(host)))
		}
	}
	for _, node := range nodes {
		if !slices.Contains(hosts, node.ServiceHost) {
			continue
		}
		p, err := f.client.Provider(ctx, node.UUID)
		switch {
		case errors.Is(err, cloud.ErrNotFound) && !f.wants(node.Name):
		case errors.Is(err, cloud.ErrNotFound):
			bare = append(bare, fmt.Sprintf("compute node %s (%s) has no resource provider", foreign.Line(node.Name), node.UUID))
		case err != nil:
			return nil, err
		default:
			found = append(found, p)
		}
	}
	return f.complete(found, bare, fault)
}

// complete returns what was found, if nothing is missing that has to be there.
func (f *finder) complete(found []openstack.Provider, bare []string, fault ansible.OptionError) ([]openstack.Provider, error) {
	slices.Sort(bare)
	missing := strings.Join(slices.Compact(bare), "; ")
	switch {
	case len(found) > 0 && missing == "":
		return found, nil
	case len(found) > 0 && f.reading:
		f.call.Warn("%s %s: not included: %s", fault.Option, foreign.Line(fault.Value), missing)
		return found, nil
	case len(found) == 0 && missing == "":
		missing = "there are none"
	}
	fault.Reason = "must have hosts with compute nodes and resource providers"
	if len(found) > 0 {
		fault.Reason += " (find out why with placement_audit, or name the others in providers)"
	}
	fault.Reason += ": " + missing
	return nil, &fault
}

// wants reports whether the pattern, if there is one, matches a name.
func (f *finder) wants(name string) bool {
	return f.o.Pattern == "" || openstack.Pattern(f.o.Pattern).Matches(name)
}
