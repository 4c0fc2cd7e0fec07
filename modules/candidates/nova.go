// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/filters"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// ofNova makes the request of a flavor or a server. Without either, Nova need not answer.
func (t *task) ofNova(ctx context.Context) error {
	if t.o.Flavor == "" && t.o.Server == "" {
		return nil
	}
	if t.src.NoCompute != nil {
		return t.src.NoCompute
	}
	f, fromVolume, err := t.flavor(ctx)
	if err == nil {
		err = t.image(ctx, f, fromVolume)
	}
	if err != nil {
		return err
	}
	aggregates, err := t.hostAggregates(ctx)
	if err != nil {
		return err
	}
	r := region{aggregates: aggregates}
	if t.o.Host != "" {
		if r.nodes, err = t.src.Compute.Hypervisors(ctx); err != nil {
			return err
		}
	}
	if t.o.AvailabilityZone != "" {
		if r.services, err = t.src.Compute.Services(ctx); err != nil {
			return err
		}
	}
	return t.take(f, fromVolume, r)
}

// region is what Nova has that a place to land is named by.
type region struct {
	aggregates []openstack.Aggregate // nil if they were not read
	nodes      []openstack.Hypervisor
	services   []openstack.ComputeService
}

// hostAggregates reads the host aggregates; nil if they can't be read and nobody asked for what they decide.
func (t *task) hostAggregates(ctx context.Context) ([]openstack.Aggregate, error) {
	aggregates, err := t.src.Compute.Aggregates(ctx)
	if err == nil || t.zone != "" || t.o.Project != "" {
		return aggregates, err
	}
	t.open = append(t.open, "what host aggregates decide: "+err.Error())
	return nil, nil
}

// flavor reads the flavor that the options name.
func (t *task) flavor(ctx context.Context) (f openstack.Flavor, fromVolume bool, err error) {
	if t.o.Server != "" {
		return t.ofServer(ctx)
	}
	all, err := t.src.Compute.Flavors(ctx)
	if err != nil {
		return f, false, err
	}
	i := slices.IndexFunc(all, func(f openstack.ListedFlavor) bool { return f.ID == t.o.Flavor || f.Name == t.o.Flavor })
	if i < 0 {
		return f, false, &ansible.OptionError{Option: "flavor", Value: t.o.Flavor, Reason: "must be the name or UUID of a flavor (" + names(all) + ")"}
	}
	return all[i].Flavor, t.o.FromVolume, nil
}

// names lists some flavors.
func names(all []openstack.ListedFlavor) string {
	list := make([]string, len(all))
	for i, f := range all {
		list[i] = f.Name
	}
	return foreign.Some(list, 20)
}

// take makes the request of a flavor, in the zone and on the host that the options name.
func (t *task) take(f openstack.Flavor, fromVolume bool, r region) error {
	if f.ExtraSpecs == nil {
		return errors.New("nova hides the extra specs of the flavor: what it asks for is unknown")
	}
	var open []string
	t.request, open = scheduler.OfFlavor(f, fromVolume, t.properties, t.newest())
	t.bad.why, t.bad.help = scheduler.Refused(t.request)
	t.title = "flavor " + foreign.Line(f.Name) + t.amounts()
	for _, one := range open {
		t.open = append(t.open, "what the flavor and the image ask for beyond the amounts: "+one)
	}
	t.open = append(t.open, scheduler.Owned(t.newest())...)
	t.filters(f, r.aggregates)
	t.tenancy(r.aggregates)
	return several.Join(t.inZone(r), t.onHost(r.nodes))
}

// inZone asks for the availability zone. Nova refuses to build in one that no nova-compute is in (compute/api.py). Of one that no host aggregate
// has, as the default zone, only a filter of older releases says something.
func (t *task) inZone(r region) error {
	if t.zone == "" || t.request.Zone(t.zone, r.aggregates) {
		return nil
	}
	zones := openstack.HostsByZone(r.services)
	known := len(zones) > 0 && openstack.SilentCell(r.services) == "" // the hosts of such a cell may be in any zone
	if known && t.o.AvailabilityZone != "" && zones[t.zone] == nil {
		return &ansible.OptionError{
			Option: "availability_zone", Value: t.zone,
			Reason: "must be an availability zone with a nova-compute; there are: " + foreign.Some(slices.Sorted(maps.Keys(zones)), 20),
		}
	}
	t.open = append(t.open, "the zone: no host aggregate has the availability zone "+foreign.Line(t.zone)+
		", so that Placement is not asked for it; up to Zed, Nova's AvailabilityZoneFilter decides, if it is enabled")
	return nil
}

// filters names what decides beyond the request.
func (t *task) filters(f openstack.Flavor, aggregates []openstack.Aggregate) {
	t.open = append(t.open, filters.OfFlavor(f, t.properties)...)
	if aggregates != nil {
		t.open = append(t.open, filters.OfAggregates(f, t.properties, t.request, aggregates)...)
	} else if t.clients == nil {
		t.open = append(t.open, "what host aggregates decide: "+t.lacks(snapshot.Aggregates).Error())
	}
	if t.o.Server != "" {
		t.open = append(t.open, "what ports and volumes of the server ask for")
		return
	}
	more := "what ports, volumes, scheduler hints and a server group ask for"
	if t.properties == nil {
		more = "what an image, ports, volumes, scheduler hints and a server group ask for"
	}
	t.open = append(t.open, more)
}

// newest is the newest microversion of the compute API; empty if a snapshot lacks it.
func (t *task) newest() string {
	if t.clients == nil {
		return t.s.Compute.Newest
	}
	return t.src.Compute.Service().Newest
}

// tenancy says what host aggregates say of the project.
func (t *task) tenancy(aggregates []openstack.Aggregate) {
	switch {
	case t.project == "":
	case aggregates == nil: // it is told already
	case t.o.Project == "" && !scheduler.Tenants(aggregates): // a server that landed once
	default:
		t.open = append(t.open, scheduler.Tenancy(t.project, aggregates)...)
	}
}

func (t *task) onHost(nodes []openstack.Hypervisor) error {
	if t.o.Host == "" {
		return nil
	}
	var own []string
	for _, h := range nodes {
		if openstack.SameHost(h.ServiceHost, t.o.Host) {
			own = append(own, h.UUID)
		}
	}
	if len(own) == 0 {
		return &ansible.OptionError{Option: "host", Value: t.o.Host, Reason: "must be the service host of a compute node"}
	}
	t.request.Only(own)
	return nil
}

// amounts are what the flavor asks for, in words.
func (t *task) amounts() string {
	var words []string
	for _, g := range t.request.Groups {
		for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
			words = append(words, fmt.Sprintf("%d %s", g.Resources[class], class))
		}
	}
	return " (" + strings.Join(words, ", ") + ")"
}
