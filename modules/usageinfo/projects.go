// SPDX-License-Identifier: Apache-2.0

package usageinfo

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// Project is what one project uses.
type Project struct {
	ID        string         `json:"id"`
	Resources map[string]int `json:"resources"`
	Consumers *int           `json:"consumers"` // nil before microversion 1.38
	ByType    []Typed        `json:"by_type"`
	Nova      *nova.Quotas   `json:"nova"` // nil if it was not asked
	Differs   []Difference   `json:"differs"`
}

// Typed is what the consumers of one type hold.
type Typed struct {
	Type      string         `json:"consumer_type"`
	Consumers int            `json:"consumers"`
	Resources map[string]int `json:"resources"`
}

// Difference is a count that Placement and Nova do not share.
type Difference struct {
	What      string `json:"what"`
	Placement int    `json:"placement"`
	Nova      int    `json:"nova"`
}

// readProjects reads what the projects use. Nova is asked where the cloud has one.
func (r *Result) readProjects(ctx context.Context, clients *connection.Clients, o *Options) error {
	var compute *nova.Client
	if o.User == "" && clients.Session.HasCompute() {
		var err error
		if compute, err = clients.Compute(ctx); err != nil {
			return err
		}
	}
	r.Projects = make([]Project, len(o.Projects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients.Session.Concurrency())
	for i, id := range o.Projects {
		group.Go(func() (err error) {
			r.Projects[i], err = project(ctx, clients.Placement, compute, id, o.User)
			return err
		})
	}
	return group.Wait()
}

// project reads what one project uses.
func project(ctx context.Context, client *placement.Client, compute *nova.Client, id, user string) (Project, error) {
	owned, err := client.UsagesOf(ctx, id, user)
	if err != nil {
		return Project{}, err
	}
	p := projectOf(id, owned, client.CountsConsumers())
	if compute == nil {
		return p, nil
	}
	quotas, err := compute.Quotas(ctx, id)
	if err != nil {
		return Project{}, err
	}
	p.Nova = &quotas
	p.compare()
	return p, nil
}

// projectOf sums up what the consumers of all types hold.
func projectOf(id string, owned []placement.Owned, counted bool) Project {
	p := Project{ID: id, Resources: map[string]int{}, ByType: []Typed{}, Differs: []Difference{}}
	if counted {
		p.Consumers = new(int)
	}
	for _, one := range owned {
		for class, n := range one.Resources {
			p.Resources[class] += n
		}
		if one.Consumers != nil {
			*p.Consumers += *one.Consumers
			p.ByType = append(p.ByType, Typed{one.Type, *one.Consumers, one.Resources})
		}
	}
	slices.SortFunc(p.ByType, func(a, b Typed) int { return cmp.Compare(a.Type, b.Type) })
	return p
}

// compare says which counts Placement and Nova do not share.
func (p *Project) compare() {
	add := func(what string, placement, nova int) {
		if placement != nova {
			p.Differs = append(p.Differs, Difference{what, placement, nova})
		}
	}
	add("cores", p.Resources["VCPU"]+p.Resources["PCPU"], p.Nova.Cores.InUse)
	add("ram", p.Resources["MEMORY_MB"], p.Nova.RAM.InUse)
	if p.Consumers != nil {
		add("instances", *p.Consumers, p.Nova.Instances.InUse)
	}
}
