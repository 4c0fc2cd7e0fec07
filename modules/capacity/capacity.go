// SPDX-License-Identifier: Apache-2.0

// Package capacity is the module placement_capacity_info: it says how many more servers of each flavor fit, now and after a change that is
// only wished for.
package capacity

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_capacity_info.
func Module() *ansible.Module {
	return ansible.Define("placement_capacity_info", doc, run)
}

// Options are the options of placement_capacity_info.
type Options struct {
	config.Options
	address.Where
	ansible.Shown

	Flavors   []string `json:"flavors,omitempty" jsonschema_description:"Names or UUIDs of flavors. All of them if not given. With I(snapshot) or I(source=database), names of the flavors of the servers that are there."`
	WhatIf    []WhatIf `json:"what_if,omitempty" jsonschema_description:"Changes of inventories to judge. Nothing is written."`
	MoreHosts *More    `json:"more_hosts,omitempty" jsonschema_description:"Hosts to judge as if they were there. Nothing is written."`
	Truth     bool     `json:"truth" jsonschema:"default=false" jsonschema_description:"Return I(truth). Reads what the audit reads of allocations, servers and migrations, and looks twice at what is suspicious."`
	Snapshot  string   `json:"snapshot,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Judge this saved snapshot of M(openstack_ops.placement.placement_audit) instead of a cloud."`
}

// WhatIf is a change of one class. What is not given stays as it is.
type WhatIf struct {
	Provider        string   `json:"provider,omitempty" jsonschema_description:"Name or UUID of a resource provider. All that have the class if not given."`
	Class           string   `json:"resource_class" jsonschema:"required" jsonschema_description:"Resource class."`
	Total           *int     `json:"total,omitempty" jsonschema:"minimum=1" jsonschema_description:"Another total. C(max_unit) goes along if it is the total now."`
	Reserved        *int     `json:"reserved,omitempty" jsonschema:"minimum=0" jsonschema_description:"Another reserved amount."`
	AllocationRatio *float64 `json:"allocation_ratio,omitempty" jsonschema:"minimum=0" jsonschema_description:"Another allocation ratio."`
}

// More are hosts that are not there yet.
type More struct {
	Like  string `json:"like" jsonschema:"required" jsonschema_description:"Name or UUID of the root provider of a host that they are like, with all below it. They are empty."`
	Count int    `json:"count" jsonschema:"required,minimum=1,maximum=10000" jsonschema_description:"How many."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: [][]string{{"snapshot", "database"}, {"snapshot", "nova_conf"}, {"snapshot", "placement_conf"}}}
}

// sourceFaults is what is wrong with the options that say where to read.
func (o *Options) sourceFaults() error {
	switch {
	case o.Snapshot != "" && o.Used():
		return &ansible.OptionError{Option: "source", Value: o.Source, Reason: "must be api with snapshot, which takes its place"}
	case o.Snapshot != "":
		return nil
	case o.Used():
		return connection.DatabaseFaults(&o.Where, 0)
	}
	return several.Join(connection.DatabaseFaults(&o.Where, 0), connection.Faults(&o.Options))
}

// Validate reports all faults in the options.
func (o *Options) Validate(call *ansible.Call) error {
	var faults []error
	if call.Given("flavors") && len(o.Flavors) == 0 {
		faults = append(faults, &ansible.OptionError{Option: "flavors", Value: "[]", Reason: "must name at least one flavor; without it, all are counted"})
	}
	for i, name := range o.Flavors {
		if strings.TrimSpace(name) == "" {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("flavors[%d]", i), Reason: "must not be empty"})
		}
	}
	for i, w := range o.WhatIf {
		if w.Total == nil && w.Reserved == nil && w.AllocationRatio == nil {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("what_if[%d]", i), Value: w.Class, Reason: "must have total, reserved or allocation_ratio",
			})
		}
	}
	faults = append(faults, o.sourceFaults())
	return several.Join(faults...)
}

// Result is what placement_capacity_info returns.
type Result struct {
	Changed   bool            `json:"changed"`
	Msg       string          `json:"msg"`
	Flavors   []Flavor        `json:"flavors"`
	Free      []capacity.Free `json:"free"`
	LeftOut   []LeftOut       `json:"left_out"`
	Truth     *[]capacity.Row `json:"truth,omitempty"`
	NotJudged []string        `json:"not_judged"`
	Text      []string        `json:"text,omitempty"`
	Requests  map[string]int  `json:"requests"`
}

// Flavor is how many more servers of a flavor fit.
type Flavor struct {
	Name  string          `json:"name"`
	Now   capacity.Slots  `json:"now"`
	After *capacity.Slots `json:"after,omitempty"` // if something is wished for
	Open  []string        `json:"open"`            // what the flavor asks for and is not counted
}

// LeftOut is a host that gets no servers.
type LeftOut struct {
	UUID   string `json:"provider_uuid"`
	Name   string `json:"provider_name"`
	Reason string `json:"reason"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	t := &task{o: o}
	if err := t.read(ctx, call); err != nil {
		return nil, err
	}
	defer t.close()
	if o.Truth {
		if err := t.survey(ctx, call); err != nil {
			return nil, err
		}
	}
	r, err := t.result()
	if err != nil {
		return nil, err
	}
	if o.Show {
		r.Text = r.Show(screen.InPlay())
	}
	return r, nil
}

// Show is the result as text.
func (r *Result) Show(v screen.View) []string {
	p := screen.New(v)
	p.Said(0, r.Msg)
	p.Blank()
	var rows [][]string
	for _, f := range r.Flavors {
		most := "-"
		if len(f.Now.Hosts) > 0 {
			most = fmt.Sprintf("%s (%d)", p.Short(f.Now.Hosts[0].Name), f.Now.Hosts[0].Slots)
		}
		after := "-"
		if f.After != nil {
			after = fmt.Sprint(f.After.Total)
		}
		rows = append(rows, []string{p.Short(f.Name), fmt.Sprint(f.Now.Total), after, fmt.Sprint(len(f.Now.Hosts)), most})
	}
	p.Table(0, []string{"FLAVOR", "FIT", "AFTER", "HOSTS", "MOST ON"}, rows)
	p.Blank()
	rows = nil
	for _, f := range r.Free {
		rows = append(rows, []string{
			p.Short(f.Class), fmt.Sprint(f.Free), fmt.Sprint(f.Capacity), fmt.Sprint(f.Largest), fmt.Sprintf("%.0f %%", 100*f.Fragmentation), p.Short(f.Provider),
		})
	}
	p.Table(0, []string{"CLASS", "FREE", "CAPACITY", "LARGEST", "ELSEWHERE", "LARGEST ON"}, rows)
	r.showTruth(p)
	for _, l := range r.LeftOut {
		p.Said(0, p.Short(l.Name)+" gets none: "+p.Short(l.Reason))
	}
	for _, text := range r.NotJudged {
		p.Said(0, "Not judged: "+p.Short(text))
	}
	return p.Lines()
}

func (r *Result) showTruth(p *screen.Page) {
	if r.Truth == nil {
		return
	}
	number := func(n *int) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	p.Blank()
	var rows [][]string
	for _, t := range *r.Truth {
		rows = append(rows, []string{
			p.Short(t.Name), t.Class, fmt.Sprint(t.Total), fmt.Sprint(t.Reserved), fmt.Sprint(t.Ratio), fmt.Sprint(t.Capacity), fmt.Sprint(t.Used),
			number(t.Asked), number(t.Difference),
		})
	}
	p.Table(0, []string{"PROVIDER", "CLASS", "TOTAL", "RESERVED", "RATIO", "CAPACITY", "USED", "ASKED", "DIFF"}, rows)
	p.Blank()
	said := map[string]bool{} // once a provider, not once a class
	for _, t := range *r.Truth {
		for _, fingerprint := range t.Findings {
			if key := t.UUID + fingerprint; !said[key] {
				p.Said(0, fmt.Sprintf("%s differs: %s", p.Short(t.Name), fingerprint))
				said[key] = true
			}
		}
	}
}
