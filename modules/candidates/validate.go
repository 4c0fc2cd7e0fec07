// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

const (
	mustBeTraits     = "must be a trait, of capitals, digits and underscores"
	mustBeAggregates = "must be the UUID of one aggregate, or in: and several of them with commas, with ! before it for those to keep out of"
)

// formFaults refuses what can be no name and no UUID, and what is given and empty, which often comes from a variable that is not set.
func (o *Options) formFaults(call *ansible.Call) error {
	faults := []error{o.emptyFaults(call)}
	if o.Server != "" && !rest.IsUUID(o.Server) {
		faults = append(faults, &ansible.OptionError{Option: "server", Value: o.Server, Reason: "must be the UUID of a server"})
	}
	if o.Project != "" && !rest.IsUUID(o.Project) {
		faults = append(faults, &ansible.OptionError{Option: "project", Value: o.Project, Reason: "must be the UUID of a project"})
	}
	faults = append(faults,
		each("root_required", o.RootRequired, mustBeTraits, tags.Named), each("root_forbidden", o.RootForbidden, mustBeTraits, tags.Named))
	whole := Group{Required: o.Required, Forbidden: o.Forbidden, MemberOf: o.MemberOf, InTree: o.InTree}
	faults = append(faults, whole.formFaults(""))
	for i, g := range o.Groups {
		faults = append(faults, g.formFaults(fmt.Sprintf("groups[%d] -> ", i)))
	}
	return several.Join(faults...)
}

func (o *Options) emptyFaults(call *ansible.Call) error {
	var faults []error
	for _, f := range []struct{ option, value string }{
		{"flavor", o.Flavor},
		{"server", o.Server},
		{"availability_zone", o.AvailabilityZone},
		{"host", o.Host},
		{"project", o.Project},
		{"in_tree", o.InTree},
		{"image", o.Image},
	} {
		if call.Given(f.option) && strings.TrimSpace(f.value) == "" {
			faults = append(faults, &ansible.OptionError{Option: f.option, Reason: "must not be empty"})
		}
	}
	if call.Given("resources") && len(o.Resources) == 0 {
		faults = append(faults, &ansible.OptionError{Option: "resources", Value: "{}", Reason: "must name at least one resource class"})
	}
	if call.Given("groups") && len(o.Groups) == 0 {
		faults = append(faults, &ansible.OptionError{Option: "groups", Value: "[]", Reason: "must have at least one group"})
	}
	return several.Join(faults...)
}

// formFaults are those of a group. The options of it are named with what is before them.
func (g *Group) formFaults(before string) error {
	aggregates := func(entry string) bool {
		return !slices.ContainsFunc(tags.AnyOf(strings.TrimPrefix(entry, "!")), func(name string) bool { return !rest.IsUUID(name) })
	}
	faults := append(tags.AnyOfFaults(before+"required", g.Required),
		each(before+"forbidden", g.Forbidden, mustBeTraits, tags.Named), each(before+"member_of", g.MemberOf, mustBeAggregates, aggregates))
	if g.InTree != "" && !rest.IsUUID(g.InTree) {
		faults = append(faults, &ansible.OptionError{Option: before + "in_tree", Value: g.InTree, Reason: "must be the UUID of a resource provider"})
	}
	return several.Join(faults...)
}

// each refuses the entries of a list that are not right.
func each(option string, list []string, reason string, right func(string) bool) error {
	var faults []error
	for i, one := range list {
		if !right(one) {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("%s[%d]", option, i), Value: one, Reason: reason})
		}
	}
	return several.Join(faults...)
}
