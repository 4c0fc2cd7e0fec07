// SPDX-License-Identifier: Apache-2.0

// Package resourceclass is the module placement_resource_class: it makes, renames and deletes custom resource classes.
package resourceclass

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_resource_class.
func Module() *ansible.Module {
	return ansible.Define("placement_resource_class", doc, run)
}

// Options are the options of placement_resource_class.
type Options struct {
	config.Options
	connection.JournalOption

	Classes     []string `json:"classes" jsonschema:"required" jsonschema_extras:"x-ansible-aliases=name" jsonschema_description:"Names of resource classes, which begin with C(CUSTOM_)."`
	State       string   `json:"state" jsonschema:"default=present,enum=present,enum=absent" jsonschema_description:"C(present) creates the classes that do not exist. C(absent) deletes those without an inventory on any provider, and refuses otherwise."`
	RenamedFrom string   `json:"renamed_from" jsonschema_description:"Name of an existing class to rename to the single name in I(classes). Its inventories and allocations get the new name too. If only the new name exists, the class counts as renamed."`
}

// Validate refuses what makes no sense before a cloud is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	faults := append([]error{connection.Faults(&o.Options)}, tags.CustomFaults("classes", o.Classes)...)
	fault := func(option, value, reason string) {
		faults = append(faults, &ansible.OptionError{Option: option, Value: value, Reason: reason})
	}
	if len(o.Classes) == 0 {
		fault("classes", "[]", "must name at least one resource class")
	}
	if !call.Given("renamed_from") {
		return several.Join(faults...)
	}
	switch {
	case !tags.Custom(o.RenamedFrom):
		fault("renamed_from", o.RenamedFrom, "must be a resource class that begins with CUSTOM_")
	case slices.Contains(o.Classes, o.RenamedFrom):
		fault("renamed_from", o.RenamedFrom, "must differ from the new name")
	}
	if len(o.Classes) > 1 {
		fault("classes", "", "must be one name with renamed_from")
	}
	if o.State == tags.Absent {
		fault("renamed_from", o.RenamedFrom, "must not be given with state=absent")
	}
	return several.Join(faults...)
}

// Result is what placement_resource_class returns.
type Result struct {
	Changed  bool           `json:"changed"`
	Msg      string         `json:"msg"`
	Created  []string       `json:"created"`
	Deleted  []string       `json:"deleted"`
	Renamed  []string       `json:"renamed"`
	Holders  []Holder       `json:"holders"`
	Diff     []tags.Diff    `json:"diff"`
	Journal  string         `json:"journal"`
	Requests map[string]int `json:"requests"`
}

// Holder is a provider with an inventory of a class that is to be deleted.
type Holder struct {
	Class string `json:"class"`
	UUID  string `json:"uuid"`
	Name  string `json:"name"`
	Total int    `json:"total"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	path, err := o.JournalPath()
	if err != nil {
		return nil, err
	}
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	known, err := clients.Placement.Classes(ctx)
	if err != nil {
		return nil, err
	}
	t := &tags.Task{Call: call, Clients: clients, Journal: path}
	if t.Names, err = o.changes(known); err != nil {
		return nil, err
	}
	if o.State == tags.Absent && len(t.Names) > 0 {
		holders, err := held(ctx, clients, t.Names)
		if err != nil {
			return nil, err
		}
		if len(holders) > 0 {
			return &Result{
				Created: []string{}, Deleted: []string{}, Renamed: []string{}, Diff: []tags.Diff{}, Holders: holders, Requests: clients.Session.Requests(),
			}, refusal(holders)
		}
	}
	done, err := t.Run(ctx)
	return resultOf(done), err
}

func resultOf(r *tags.Result) *Result {
	if r == nil {
		return nil
	}
	return &Result{
		Changed: r.Changed, Msg: r.Msg, Created: r.Created, Deleted: r.Deleted, Renamed: append([]string{}, r.Renamed...), Holders: []Holder{},
		Diff: r.Diff, Journal: r.Journal, Requests: r.Requests,
	}
}

// changes says what the options mean for the classes that there are.
func (o *Options) changes(known []string) ([]repair.Change, error) {
	if o.RenamedFrom != "" {
		return o.renaming(slices.Contains(known, o.RenamedFrom), slices.Contains(known, o.Classes[0]))
	}
	op, gone := repair.CreateClass, o.State == tags.Absent
	if gone {
		op = repair.DeleteClass
	}
	var out []repair.Change
	for i, name := range o.Classes {
		if slices.Contains(known, name) == gone && !slices.Contains(o.Classes[:i], name) {
			out = append(out, repair.Naming(op, name))
		}
	}
	return out, nil
}

// renaming plans to rename a class, given which of the two names there are.
func (o *Options) renaming(old, wanted bool) ([]repair.Change, error) {
	switch {
	case old && wanted:
		return nil, &ansible.OptionError{Option: "renamed_from", Value: o.RenamedFrom, Reason: fmt.Sprintf(
			"must not exist beside %s: Placement can't merge two classes", o.Classes[0])}
	case old:
		return []repair.Change{repair.Renaming(o.RenamedFrom, o.Classes[0])}, nil
	case wanted:
		return nil, nil
	}
	return nil, &ansible.OptionError{Option: "renamed_from", Value: o.RenamedFrom, Reason: "must be an existing resource class"}
}

// held lists who has an inventory of the classes. Placement finds providers by the room that they have alone, so that all
// inventories are read.
func held(ctx context.Context, clients *connection.Clients, names []repair.Change) ([]Holder, error) {
	all, err := clients.Placement.Providers(ctx, nil)
	if err != nil {
		return nil, err
	}
	of := make([][]Holder, len(all))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients.Session.Concurrency())
	for i, p := range all {
		group.Go(func() error {
			has, err := edge.ReadProvider(ctx, clients.Placement, repair.Provider{UUID: p.UUID, Inventories: map[string]openstack.Inventory{}})
			for _, c := range names {
				if stock, there := has.Inventories[c.After.Names[0].Name]; there {
					of[i] = append(of[i], Holder{c.After.Names[0].Name, p.UUID, p.Name, stock.Total})
				}
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := slices.Concat(of...)
	slices.SortFunc(out, func(a, b Holder) int { return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Name, b.Name)) })
	return out, nil
}

// refusal says who offers the classes.
func refusal(holders []Holder) error {
	words := make([]string, len(holders))
	for i, h := range holders {
		words[i] = fmt.Sprintf("%s (%d of %s)", foreign.Line(h.Name), h.Total, h.Class)
	}
	return fmt.Errorf("nothing was deleted: resource providers have inventories of the classes: %s. Remove these first, with placement_inventory and state=absent",
		foreign.Some(words, 5))
}
