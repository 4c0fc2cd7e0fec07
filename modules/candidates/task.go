// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/supply"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

// task is one run of the module.
type task struct {
	o          *Options
	clients    *connection.Clients // nil where a snapshot is judged
	src        collect.Source
	title      string
	request    *candidates.Request
	properties map[string]string // of the image
	open       []string          // what is not judged
	unfit      string            // why Nova's API refuses the image with the flavor

	s         *snapshot.Snapshot
	providers []candidates.Provider
	landings  []placement.Landing
	trees     []candidates.Tree
	judge     *candidates.Judge
}

// task opens the cloud or the file, and makes the request.
func (o *Options) task(ctx context.Context, call *ansible.Call) (*task, error) {
	t := &task{o: o, request: o.given(), title: "the request", properties: o.ImageProperties}
	if o.Snapshot != "" {
		return t, t.load()
	}
	var err error
	if t.clients, err = connection.Open(ctx, call, &o.Options); err != nil {
		return nil, err
	}
	t.src = survey.Source(call, t.clients)
	t.src.Compute, t.src.NoCompute = t.clients.Compute(ctx)
	if err := t.ofNova(ctx); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *task) close() {
	if t.clients != nil {
		t.clients.Session.Close()
	}
}

// load reads the snapshot and makes the request of what it knows.
func (t *task) load() error {
	var err error
	if t.s, err = survey.Load(t.o.Snapshot); err != nil {
		return err
	}
	if t.o.Flavor != "" || t.o.Server != "" {
		if err := t.savedFlavor(); err != nil {
			return err
		}
	}
	strange, err := candidates.Strange(t.s, t.request)
	if err != nil {
		return err
	}
	if len(strange) > 0 {
		return &ansible.OptionError{
			Option: "snapshot", Value: t.o.Snapshot, Reason: "must tell who has " + strings.Join(strange, ", ") + ", for which the request asks; read the cloud instead",
		}
	}
	t.providers, err = candidates.Saved(t.s)
	return err
}

// savedFlavor finds the flavor in the servers of the snapshot.
func (t *task) savedFlavor() error {
	if !t.s.Has(snapshot.Servers) {
		return errors.New("the snapshot has no servers, and so no flavors")
	}
	for _, server := range t.s.Servers() {
		if server.Flavor.Name == t.o.Flavor && t.o.Server == "" || t.o.Server != "" && openstack.SameUUID(server.UUID, t.o.Server) {
			return t.take(server.Flavor, t.o.FromVolume || server.FromVolume && t.o.Server != "", t.savedAggregates(), t.savedNodes())
		}
	}
	if t.o.Server != "" {
		return &ansible.OptionError{Option: "server", Value: t.o.Server, Reason: "must be the UUID of a server of the snapshot"}
	}
	return &ansible.OptionError{Option: "flavor", Value: t.o.Flavor, Reason: "must be the name of the flavor of a server of the snapshot"}
}

func (t *task) savedAggregates() []openstack.Aggregate {
	if !t.s.Has(snapshot.Aggregates) {
		return nil
	}
	return t.s.Aggregates()
}

func (t *task) savedNodes() []openstack.Hypervisor {
	if !t.s.Has(snapshot.Hypervisors) {
		return nil
	}
	return t.s.Hypervisors()
}

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
	var aggregates []openstack.Aggregate
	var nodes []openstack.Hypervisor
	if t.o.AvailabilityZone != "" || t.o.Project != "" {
		if aggregates, err = t.src.Compute.Aggregates(ctx); err != nil {
			return err
		}
	}
	if t.o.Host != "" {
		if nodes, err = t.src.Compute.Hypervisors(ctx); err != nil {
			return err
		}
	}
	return t.take(f, fromVolume, aggregates, nodes)
}

// flavor reads the flavor that the options name.
func (t *task) flavor(ctx context.Context) (f openstack.Flavor, fromVolume bool, err error) {
	if t.o.Server != "" {
		server, err := t.src.Compute.ListedServer(ctx, t.o.Server)
		if errors.Is(err, cloud.ErrNotFound) {
			err = &ansible.OptionError{Option: "server", Value: t.o.Server, Reason: "must be the UUID of a server"}
		}
		return server.Flavor, server.FromVolume, err
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
func (t *task) take(f openstack.Flavor, fromVolume bool, aggregates []openstack.Aggregate, nodes []openstack.Hypervisor) error {
	if f.ExtraSpecs == nil {
		return errors.New("nova hides the extra specs of the flavor: what it asks for is unknown")
	}
	var open []string
	t.request, open = candidates.OfFlavor(f, fromVolume, t.properties)
	t.title = "flavor " + foreign.Line(f.Name) + t.amounts()
	for _, one := range open {
		t.open = append(t.open, "what the flavor and the image ask for beyond the amounts: "+one)
	}
	t.open = append(t.open, "what Nova's filters decide by server groups, NUMA topology, PCI devices, image properties and metadata of host aggregates",
		"what ports and volumes ask for")
	if zone := t.o.AvailabilityZone; zone != "" && !t.request.Zone(zone, aggregates) {
		t.open = append(t.open, "the zone: no host aggregate has the availability zone "+foreign.Line(zone)+", which Nova's own filter decides on")
	}
	t.tenancy(aggregates)
	return t.onHost(nodes)
}

// tenancy says what host aggregates say of the project.
func (t *task) tenancy(aggregates []openstack.Aggregate) {
	switch {
	case t.o.Project == "":
	case aggregates == nil && t.o.Snapshot != "" && !t.s.Has(snapshot.Aggregates):
		t.open = append(t.open, "what host aggregates say of the project: the snapshot has none")
	default:
		t.open = append(t.open, candidates.Tenancy(t.o.Project, aggregates)...)
	}
}

func (t *task) onHost(nodes []openstack.Hypervisor) error {
	if t.o.Host == "" {
		return nil
	}
	i := slices.IndexFunc(nodes, func(h openstack.Hypervisor) bool { return openstack.SameHost(h.ServiceHost, t.o.Host) })
	if i < 0 {
		return &ansible.OptionError{Option: "host", Value: t.o.Host, Reason: "must be the service host of a compute node"}
	}
	t.request.Only(nodes[i].UUID)
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

// ask asks Placement, reads the providers, and judges them. What they say and what Placement says are not of one moment: where they
// differ, both are asked once more.
func (t *task) ask(ctx context.Context) error {
	if t.o.Snapshot != "" {
		t.judgeAll()
		return nil
	}
	for range 2 {
		var err error
		if t.landings, err = t.src.Placement.Landings(ctx, t.request.Query()); err != nil {
			return err
		}
		if err = t.read(ctx); err != nil {
			return err
		}
		t.judgeAll()
		if len(t.contradictions()) == 0 {
			return nil
		}
	}
	return nil
}

func (t *task) read(ctx context.Context) (err error) {
	var more []snapshot.Part
	if t.src.NoCompute == nil {
		more = []snapshot.Part{snapshot.Services, snapshot.Hypervisors, snapshot.Aggregates}
	}
	t.s, t.providers, err = supply.Read(ctx, t.src, t.request, more...)
	return err
}

func (t *task) judgeAll() {
	t.judge = &candidates.Judge{
		Supply: candidates.NewSupply(t.providers), Request: t.request, Aggregates: t.aggregateNames(), Disabled: t.disabled(),
	}
	t.trees = t.trees[:0]
	for _, root := range t.judge.Supply.Roots() {
		t.trees = append(t.trees, t.judge.Tree(root))
	}
}

// aggregateNames are the names of host aggregates, with their zones.
func (t *task) aggregateNames() map[string]string {
	out := map[string]string{}
	if !t.s.Has(snapshot.Aggregates) {
		return out
	}
	for _, a := range t.s.Aggregates() {
		out[a.UUID] = a.Name
		if a.Zone() != "" {
			out[a.UUID] += " (availability zone " + a.Zone() + ")"
		}
	}
	return out
}

// disabled says of compute nodes why their service is disabled.
func (t *task) disabled() map[string]string {
	out := map[string]string{}
	for uuid, service := range t.services() {
		if service.Status != "disabled" {
			continue
		}
		words := "nova-compute on " + service.Host + " is disabled"
		if service.DisabledReason != "" {
			words += ": " + service.DisabledReason
		}
		out[uuid] = words
	}
	return out
}

// services are the compute services by the UUIDs of their nodes.
func (t *task) services() map[string]openstack.ComputeService {
	if !t.s.Has(snapshot.Services) || !t.s.Has(snapshot.Hypervisors) {
		return nil
	}
	return t.s.Computes()
}
