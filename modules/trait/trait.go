// SPDX-License-Identifier: Apache-2.0

// Package trait is the module placement_trait: it makes and deletes custom traits, and gives traits to resource providers.
package trait

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/selection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_trait.
func Module() *ansible.Module {
	return ansible.Define("placement_trait", doc, run)
}

// Options are the options of placement_trait.
type Options struct {
	config.Options
	connection.JournalOption
	selection.Meant

	Traits       []string `json:"traits" jsonschema:"required" jsonschema_description:"Names of traits. With I(state=exact) only, an empty list takes all traits away."`
	State        string   `json:"state" jsonschema:"default=present,enum=present,enum=exact,enum=absent" jsonschema_description:"With providers, C(present) gives them I(traits) and keeps the traits that they have, C(exact) makes I(traits) the only ones, and C(absent) takes I(traits) away. Without providers, C(present) creates the custom traits and C(absent) deletes them."`
	CreateTraits bool     `json:"create_traits" jsonschema:"default=false" jsonschema_description:"With providers, create custom traits that do not exist yet."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{MutuallyExclusive: selection.Exclusive()}
}

// Validate refuses what makes no sense before a cloud is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	faults := append([]error{connection.Faults(&o.Options)}, o.Meant.Faults(call)...)
	form := tags.NameFaults
	if o.State == tags.Absent && !o.Any() {
		form = tags.CustomFaults
	}
	faults = append(faults, form("traits", o.Traits)...)
	fault := func(option, value, reason string) {
		faults = append(faults, &ansible.OptionError{Option: option, Value: value, Reason: reason})
	}
	if len(o.Traits) == 0 && o.State != tags.Exact {
		fault("traits", "[]", "must name at least one trait with state="+o.State)
	}
	if o.Any() {
		return several.Join(faults...)
	}
	if o.State == tags.Exact {
		fault("state", o.State, "must be present or absent if no provider is given")
	}
	if call.Given("create_traits") {
		fault("create_traits", "", "must not be given without a provider: state=present creates the traits then")
	}
	return several.Join(faults...)
}

// Result is what placement_trait returns.
type Result struct {
	tags.Result

	Holders []Holder `json:"holders"`
}

// Holder is a provider that has a trait which is to be deleted.
type Holder struct {
	Trait string `json:"trait"`
	UUID  string `json:"uuid"`
	Name  string `json:"name"`
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
	t := &task{o: o, clients: clients, Task: tags.Task{
		Call: call, Clients: clients, Journal: path, Op: repair.Traits, State: o.State, Wanted: o.Traits,
	}}
	return t.run(ctx)
}

// task is one run of the module.
type task struct {
	tags.Task

	o       *Options
	clients *connection.Clients
	holders []Holder
}

func (t *task) run(ctx context.Context) (*Result, error) {
	if t.o.Any() {
		found, err := t.o.Find(ctx, t.Call, t.clients)
		if err != nil {
			return nil, err
		}
		t.Providers = found
	}
	if err := t.plan(ctx); err != nil {
		return t.result(&tags.Result{Providers: []tags.Provider{}, Created: []string{}, Deleted: []string{}, Diff: []tags.Diff{}}), err
	}
	result, err := t.Run(ctx)
	if result == nil {
		return nil, err
	}
	for _, p := range result.Providers {
		t.warn(p)
	}
	return t.result(result), err
}

func (t *task) result(r *tags.Result) *Result {
	out := &Result{Result: *r, Holders: t.holders}
	out.Requests = t.clients.Session.Requests()
	if out.Holders == nil {
		out.Holders = []Holder{}
	}
	return out
}

// plan says which traits are to be made or deleted.
func (t *task) plan(ctx context.Context) error {
	if len(t.o.Traits) == 0 {
		return nil
	}
	known, err := t.clients.Placement.KnownTraits(ctx, t.o.Traits)
	if err != nil {
		return err
	}
	switch {
	case t.o.State != tags.Absent:
		return t.creations(known)
	case !t.o.Any():
		return t.deletions(ctx, known)
	}
	return nil
}

// creations plans to make the traits that do not exist.
func (t *task) creations(known []string) error {
	var faults []error
	for i, name := range t.o.Traits {
		if slices.Contains(known, name) || slices.Contains(t.o.Traits[:i], name) {
			continue
		}
		reason := ""
		switch {
		case !tags.Custom(name):
			reason = "must be a trait that this Placement knows; those of your own begin with CUSTOM_"
		case t.o.Any() && !t.o.CreateTraits:
			reason = "must be an existing trait; set create_traits to create it"
		}
		if reason != "" {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("traits[%d]", i), Value: name, Reason: reason})
			continue
		}
		t.Names = append(t.Names, repair.Naming(repair.CreateTrait, name))
	}
	return several.Join(faults...)
}

// deletions plans to delete the traits, unless a provider has one.
func (t *task) deletions(ctx context.Context, known []string) error {
	var faults []error
	for _, name := range known {
		holders, err := t.clients.Placement.Providers(ctx, url.Values{"required": {name}})
		if err != nil {
			return err
		}
		if len(holders) > 0 {
			faults = append(faults, t.held(name, holders))
		}
		t.Names = append(t.Names, repair.Naming(repair.DeleteTrait, name))
	}
	return several.Join(faults...)
}

// held says who has a trait.
func (t *task) held(name string, holders []openstack.Provider) error {
	var words []string
	for _, p := range holders {
		t.holders = append(t.holders, Holder{Trait: name, UUID: p.UUID, Name: p.Name})
		words = append(words, foreign.Line(p.Name))
	}
	return fmt.Errorf("trait %s can't be deleted: resource providers have it: %s. Take it away from them first, with the option providers",
		name, foreign.Some(words, 5))
}

// warn says what nova-compute will do to a change.
func (t *task) warn(p tags.Provider) {
	if p.Traits == nil || !slices.Contains(*p.Traits, "COMPUTE_NODE") && !slices.Contains(p.Removed, "COMPUTE_NODE") {
		return
	}
	both := slices.Concat(p.Added, p.Removed)
	if slices.Contains(both, "COMPUTE_STATUS_DISABLED") {
		t.Call.Warn("%s: nova-compute sets and removes COMPUTE_STATUS_DISABLED to match the status of its service: enable or disable the service instead", p.Name)
	}
	own := slices.DeleteFunc(both, func(name string) bool { return tags.Custom(name) || name == "COMPUTE_STATUS_DISABLED" })
	if len(own) > 0 {
		t.Call.Warn("%s: nova-compute keeps standard traits of its provider itself, and may write back: %s", p.Name, strings.Join(own, ", "))
	}
}
