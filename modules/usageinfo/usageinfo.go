// SPDX-License-Identifier: Apache-2.0

// Package usageinfo is the module placement_usage_info: it reads what is used of resource providers, and what projects and users
// use, beside what Nova counts.
package usageinfo

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/selection"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_usage_info.
func Module() *ansible.Module {
	return ansible.Define("placement_usage_info", doc, run)
}

// Options are the options of placement_usage_info.
type Options struct {
	config.Options
	selection.Meant

	Projects []string `json:"projects" jsonschema_description:"UUIDs of projects whose usages to read."`
	User     string   `json:"user" jsonschema_description:"UUID of a user. With I(projects), return what the consumers of this user hold in each project. Nova is not asked then, because it counts by project only."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{
		MutuallyExclusive: selection.Exclusive(), RequiredOneOf: [][]string{append(selection.Names(), "projects")},
	}
}

// Validate refuses what makes no sense before a cloud is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	faults := append([]error{connection.Faults(&o.Options)}, o.Meant.Faults(call)...)
	for i, project := range o.Projects {
		if strings.TrimSpace(project) == "" {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("projects[%d]", i), Reason: "must not be empty"})
		}
	}
	if call.Given("projects") && len(o.Projects) == 0 {
		faults = append(faults, &ansible.OptionError{Option: "projects", Value: "[]", Reason: "must name at least one project"})
	}
	if call.Given("user") && strings.TrimSpace(o.User) == "" {
		faults = append(faults, &ansible.OptionError{Option: "user", Reason: "must not be empty"})
	}
	if o.User != "" && len(o.Projects) == 0 {
		faults = append(faults, &ansible.OptionError{Option: "user", Value: o.User, Reason: "must be given with projects: Placement returns what a user uses only within a project"})
	}
	return several.Join(faults...)
}

// Result is what placement_usage_info returns.
type Result struct {
	Changed   bool             `json:"changed"`
	Msg       string           `json:"msg"`
	Providers []Provider       `json:"providers"`
	Totals    map[string]Usage `json:"totals"`
	Projects  []Project        `json:"projects"`
	Requests  map[string]int   `json:"requests"`
}

// Provider is what is used of one resource provider, by class.
type Provider struct {
	UUID      string           `json:"uuid"`
	Name      string           `json:"name"`
	Resources map[string]Usage `json:"resources"`
}

// Usage is what is used of a class, and what there is of it.
type Usage struct {
	Used     int `json:"used"`
	Capacity int `json:"capacity"`
	Free     int `json:"free"` // below 0 if more is used than there is
}

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

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	r := &Result{Providers: []Provider{}, Totals: map[string]Usage{}, Projects: []Project{}}
	if o.Any() {
		if err := r.readProviders(ctx, call, clients, &o.Meant); err != nil {
			return nil, err
		}
	}
	if len(o.Projects) > 0 {
		if err := r.readProjects(ctx, clients, o); err != nil {
			return nil, err
		}
	}
	r.Msg, r.Requests = r.message(), clients.Session.Requests()
	return r, nil
}

// message says what was read, and for how many projects Placement and Nova count differently.
func (r *Result) message() string {
	var read []string
	if n := len(r.Providers); n > 0 || len(r.Projects) == 0 {
		read = append(read, report.Count(n, "resource provider"))
	}
	differ := 0
	for _, p := range r.Projects {
		differ += min(len(p.Differs), 1)
	}
	if n := len(r.Projects); n > 0 {
		read = append(read, report.Count(n, "project"))
	}
	msg := "usages of " + strings.Join(read, " and ")
	if differ > 0 {
		msg += "; Placement and Nova differ for " + report.Count(differ, "project")
	}
	return msg
}

// readProviders reads what is used of the providers, and of all of them together.
func (r *Result) readProviders(ctx context.Context, call *ansible.Call, clients *connection.Clients, meant *selection.Meant) error {
	found, err := meant.FindToRead(ctx, call, clients)
	if err != nil {
		return err
	}
	r.Providers = make([]Provider, len(found))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients.Session.Concurrency())
	for i, p := range found {
		group.Go(func() error {
			offered, err := clients.Placement.Offered(ctx, p.UUID)
			if err != nil {
				return err
			}
			used, err := clients.Placement.Used(ctx, p.UUID)
			r.Providers[i] = Provider{p.UUID, p.Name, usages(offered, used)}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, p := range r.Providers {
		for class, one := range p.Resources {
			sum := r.Totals[class]
			r.Totals[class] = Usage{sum.Used + one.Used, sum.Capacity + one.Capacity, sum.Free + one.Free}
		}
	}
	return nil
}

// usages puts beside each other what is used and what there is. A class may be used of which there is no inventory any more.
func usages(offered map[string]openstack.Inventory, used map[string]int) map[string]Usage {
	out := map[string]Usage{}
	for class, n := range used {
		out[class] = Usage{Used: n, Free: -n}
	}
	for class, i := range offered {
		out[class] = Usage{used[class], i.Capacity(), i.Capacity() - used[class]}
	}
	return out
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
