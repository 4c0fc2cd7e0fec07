// SPDX-License-Identifier: Apache-2.0

// Package usageinfo is the module placement_usage_info: it reads what is used of resource providers, and what projects and users
// use, beside what Nova counts.
package usageinfo

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
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
