// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"context"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
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
	zone       string            // the availability zone to land in; empty for any
	project    string            // that builds the server; empty if it is unknown
	host       string            // that the server is on; empty without server
	open       []string          // what is not judged
	unfit      string            // why Nova's API refuses the image with the flavor
	bad        refusal           // why Placement refuses the request of the flavor

	s         *snapshot.Snapshot
	providers []candidates.Provider
	landings  []placement.Landing
	offered   map[string]bool // roots of the trees of Placement's candidates
	trees     []candidates.Tree
	judge     *candidates.Judge
}

// task opens the cloud or the file, and makes the request.
func (o *Options) task(ctx context.Context, call *ansible.Call) (*task, error) {
	t := &task{o: o, request: o.given(), title: "the request", properties: o.ImageProperties, zone: o.AvailabilityZone, project: o.Project}
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

// ask asks Placement, reads the providers, and judges them. What they say and what Placement says are not of one moment: where they
// differ, both are asked once more.
func (t *task) ask(ctx context.Context) error {
	if t.o.Snapshot != "" {
		t.judgeAll()
		return nil
	}
	if err := t.unspoken(); err != nil {
		return err
	}
	if t.bad.why != "" {
		return t.unasked(ctx)
	}
	for range 2 {
		var err error
		if t.landings, t.src.Known, err = t.src.Placement.Landings(ctx, t.query()); err != nil {
			return t.unknown(ctx, err)
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

// unspoken refuses what this Placement can't be asked.
func (t *task) unspoken() error {
	var faults []error
	for _, need := range t.request.Needs() {
		faults = append(faults, t.src.Placement.Lacks(need.Microversion, need.What))
	}
	return several.Join(faults...)
}

// query is the request as this Placement takes it; the newest where a snapshot is judged.
func (t *task) query() url.Values {
	if t.clients == nil {
		return t.request.Query()
	}
	return t.request.QueryFor(t.src.Placement.Speaks)
}

func (t *task) read(ctx context.Context) (err error) {
	var more []snapshot.Part
	switch {
	case t.src.NoCompute != nil:
	case t.ofFlavor():
		more = []snapshot.Part{snapshot.Services, snapshot.Hypervisors, snapshot.Aggregates}
	case len(t.request.Aggregates()) > 0: // for their names
		more = []snapshot.Part{snapshot.Aggregates}
	}
	t.s, t.providers, err = supply.Read(ctx, t.src, t.request, taken(t.landings), more...)
	return err
}

// taken are the providers that the candidates take from.
func taken(landings []placement.Landing) map[string]bool {
	out := map[string]bool{}
	for _, l := range landings {
		for uuid := range l.Takes {
			out[uuid] = true
		}
	}
	return out
}

func (t *task) judgeAll() {
	t.judge = &candidates.Judge{
		Supply: candidates.NewSupply(t.providers), Request: t.request, Aggregates: t.aggregates(), Services: t.services(),
	}
	t.offered = offeredRoots(t.landings, t.judge.Supply)
	t.trees = t.trees[:0]
	for _, root := range t.judge.Supply.Roots() {
		t.trees = append(t.trees, t.judge.Tree(root))
	}
}

// aggregates are the host aggregates by UUID, as far as they were read.
func (t *task) aggregates() map[string]openstack.Aggregate {
	out := map[string]openstack.Aggregate{}
	if !t.s.Has(snapshot.Aggregates) {
		return out
	}
	for _, a := range t.s.Aggregates() {
		out[a.UUID] = a
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
