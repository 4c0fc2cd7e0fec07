// SPDX-License-Identifier: Apache-2.0

// Package capacity is the module placement_capacity_info: it says how many more servers of each flavor fit, now and after a change that is
// only wished for.
package capacity

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
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

	Flavors      []string `json:"flavors,omitempty" jsonschema_description:"Names or UUIDs of flavors. All of them if not given. With I(snapshot) or I(source=database), names of flavors of existing servers."`
	InUse        bool     `json:"in_use" jsonschema:"default=false" jsonschema_description:"Count only the flavors of existing servers, including those that Nova no longer offers. Reads the servers of all projects. A snapshot and the databases have no other flavors."`
	FromVolume   bool     `json:"from_volume" jsonschema:"default=false" jsonschema_description:"Count servers as booted from a volume: their root disk takes no space on the host. If false, I(in_use) counts a flavor this way if all its existing servers boot from volumes. C(from_volume) of I(flavors) in the result says how each was counted."`
	MaxHosts     int      `json:"max_hosts" jsonschema:"default=1000,minimum=0" jsonschema_description:"Largest number of hosts to list for each flavor, in the result and in reports. The hosts with the most slots come first. C(host_count) always counts all."`
	WhatIf       []WhatIf `json:"what_if,omitempty" jsonschema_description:"Changes of inventories to assume. Nothing is written."`
	MoreHosts    *More    `json:"more_hosts,omitempty" jsonschema_description:"Additional hosts to assume. Nothing is written."`
	WithoutHosts []string `json:"without_hosts,omitempty" jsonschema_description:"Hosts to assume are gone. Each is the name of a service host, or the name or UUID of a root provider. Their servers are not counted elsewhere. Nothing is written."`
	Truth        bool     `json:"truth" jsonschema:"default=false" jsonschema_description:"Also return I(truth). Reads allocations, servers and migrations as an audit does, and looks twice at what is suspicious."`
	Pattern      string   `json:"pattern,omitempty" jsonschema_description:"With I(truth), shell pattern that the whole name of a provider must match to be in it, such as C(compute-0*). All of them if not given."`
	Snapshot     string   `json:"snapshot,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Judge this saved snapshot of M(openstack_ops.placement.placement_audit) instead of a cloud."`
	Reports      []Report `json:"reports,omitempty" jsonschema_description:"Files on the target to write the result to. Each atomically replaces an older file and keeps its mode. Check mode writes none."`
}

// Report is one report to write.
type Report struct {
	Path   string `json:"path" jsonschema:"required" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"The file. Its directory has to exist."`
	Format string `json:"format" jsonschema:"required,enum=json,enum=markdown,enum=prometheus" jsonschema_description:"C(json) has the keys of the result; C(markdown) is for people; C(prometheus) has counts for node_exporter's textfile collector, which wants a name that ends in C(.prom). A new file in the format C(prometheus) can be read by everybody, a new file in any other format by its owner only."`
	Cloud  string `json:"cloud" jsonschema_description:"With the format C(prometheus), value of the label C(cloud) of every metric. The first endpoint of Placement, in sorted order, if not given."`
	Region string `json:"region" jsonschema_description:"With the format C(prometheus), value of the label C(region) of every metric. The region of Placement if not given."`
}

// WhatIf is a change of one class. What is not given stays as it is.
type WhatIf struct {
	Provider        string   `json:"provider,omitempty" jsonschema_description:"Name or UUID of a resource provider. All providers that have the class if not given."`
	Class           string   `json:"resource_class" jsonschema:"required" jsonschema_description:"Resource class."`
	Total           *int     `json:"total,omitempty" jsonschema:"minimum=1" jsonschema_description:"Total to assume. If C(max_unit) equals the total now, it follows the new one."`
	Reserved        *int     `json:"reserved,omitempty" jsonschema:"minimum=0" jsonschema_description:"Reserved amount to assume."`
	AllocationRatio *float64 `json:"allocation_ratio,omitempty" jsonschema:"minimum=0" jsonschema_description:"Allocation ratio to assume."`
}

// More are hosts that are not there yet.
type More struct {
	Like  string `json:"like" jsonschema:"required" jsonschema_description:"Name or UUID of the root provider of an existing host. Each additional host gets a copy of its tree, without usage."`
	Count int    `json:"count" jsonschema:"required,minimum=1,maximum=10000" jsonschema_description:"Number of additional hosts."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: [][]string{{"flavors", "in_use"}, {"snapshot", "database"}, {"snapshot", "nova_conf"}, {"snapshot", "placement_conf"}}}
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
	faults = append(faults, o.sourceFaults(), o.patternFaults(call))
	faults = append(faults, reportfiles.Faults(call, reportfiles.Files(o.reports()), reportfiles.File{Option: "snapshot", Path: o.Snapshot}))
	return several.Join(faults...)
}

// patternFaults is what is wrong with the pattern for the providers of the truth.
func (o *Options) patternFaults(call *ansible.Call) error {
	switch {
	case !call.Given("pattern"):
		return nil
	case !o.Truth:
		return &ansible.OptionError{Option: "pattern", Value: o.Pattern, Reason: "must come with truth"}
	}
	return tags.PatternFault(o.Pattern)
}

func (o *Options) reports() []reportfiles.Report {
	all := make([]reportfiles.Report, len(o.Reports))
	for i, r := range o.Reports {
		all[i] = reportfiles.Report(r)
	}
	return all
}

// Result is what placement_capacity_info returns.
type Result struct {
	Changed bool `json:"changed"`
	report.Capacity
	Text []string `json:"text,omitempty"`
}

// Formats are the formats that the result can be printed in.
func (r *Result) Formats() []string { return reportfiles.Names(reportfiles.CapacityFormats()) }

// Print is the result in one of them.
func (r *Result) Print(format string) ([]byte, error) {
	return reportfiles.Print(reportfiles.CapacityFormats(), format, &r.Capacity)
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
	return r, reportfiles.Write(call, o.reports(), reportfiles.CapacityFormats(), &r.Capacity)
}
