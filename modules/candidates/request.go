// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

// given makes the request of the options that Placement takes.
func (o *Options) given() *candidates.Request {
	r := &candidates.Request{
		Isolate: o.GroupPolicy == "isolate", Policy: o.GroupPolicy != "", RootRequired: o.RootRequired, RootForbidden: o.RootForbidden,
	}
	for _, list := range o.SameSubtree {
		r.SameSubtree = append(r.SameSubtree, words(list))
	}
	if len(o.Resources) > 0 {
		r.Groups = append(r.Groups, Group{
			Resources: o.Resources, Required: o.Required, Forbidden: o.Forbidden, MemberOf: o.MemberOf, InTree: o.InTree,
		}.request())
	}
	for _, g := range o.Groups {
		r.Groups = append(r.Groups, g.request())
	}
	return r
}

func (g Group) request() candidates.Group {
	out := candidates.Group{Suffix: g.Name, Resources: g.Resources, Forbidden: g.Forbidden, InTree: canonical(g.InTree)}
	for _, one := range g.Required {
		out.Required = append(out.Required, tags.AnyOf(one))
	}
	for _, one := range g.MemberOf {
		if rest, not := strings.CutPrefix(one, "!"); not {
			out.NotMemberOf = append(out.NotMemberOf, uuids(rest)...)
			continue
		}
		out.MemberOf = append(out.MemberOf, uuids(one))
	}
	return out
}

// uuids are those of an entry, in the form in which Placement has them.
func uuids(entry string) []string {
	out := tags.AnyOf(entry)
	for i := range out {
		out[i] = canonical(out[i])
	}
	return out
}

// canonical is a UUID in the form in which Placement has it. What is none is left as it is: Validate refuses it.
func canonical(uuid string) string {
	if rest.IsUUID(uuid) {
		return rest.CanonicalUUID(uuid)
	}
	return uuid
}

// words takes a list with commas apart.
func words(list string) []string {
	var out []string
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// requestFaults names what Placement would refuse, all of it at once, and options that go with others only.
func (o *Options) requestFaults() error {
	faults := []error{o.strayFaults(), o.subtreeFaults()}
	bad := func(option string, value any, reason string) {
		faults = append(faults, &ansible.OptionError{Option: option, Value: fmt.Sprint(value), Reason: reason})
	}
	faults = append(faults, amounts("resources", o.Resources))
	seen := map[string]bool{}
	for i, g := range o.Groups {
		name := fmt.Sprintf("groups[%d] -> name", i)
		if g.Name == "" || strings.Trim(g.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			bad(name, g.Name, "must be of digits, letters, _ and -")
		}
		if seen[g.Name] {
			bad(name, g.Name, "must differ from those before it")
		}
		seen[g.Name] = true
		faults = append(faults, amounts(fmt.Sprintf("groups[%d] -> resources", i), g.Resources))
	}
	if len(o.Groups) > 1 && o.GroupPolicy == "" {
		bad("group_policy", "", "must be none or isolate if there are several groups")
	}
	return several.Join(faults...)
}

func amounts(option string, resources map[string]int) error {
	var faults []error
	for _, class := range slices.Sorted(maps.Keys(resources)) {
		if n := resources[class]; n < 1 {
			faults = append(faults, &ansible.OptionError{Option: option + " -> " + class, Value: fmt.Sprint(n), Reason: "must be 1 or more"})
		}
		if !tags.Named(class) {
			faults = append(faults, &ansible.OptionError{Option: option, Value: class, Reason: "must have resource classes as keys, of capitals, digits and underscores"})
		}
	}
	return several.Join(faults...)
}

// strayFaults names options that say nothing about the request that is made.
func (o *Options) strayFaults() error {
	var faults []error
	stray := func(option string, given bool, with string) {
		if given {
			faults = append(faults, &ansible.OptionError{Option: option, Value: "", Reason: "must come with " + with})
		}
	}
	ofNova := o.Flavor != "" || o.Server != ""
	stray("availability_zone", o.AvailabilityZone != "" && !ofNova, "flavor or server")
	stray("project", o.Project != "" && !ofNova, "flavor or server")
	stray("host", o.Host != "" && !ofNova, "flavor or server")
	stray("image", o.Image != "" && !ofNova, "flavor or server")
	stray("image_properties", len(o.ImageProperties) > 0 && !ofNova, "flavor or server")
	stray("group_policy", o.GroupPolicy != "" && ofNova, "groups")
	stray("from_volume", o.FromVolume && o.Flavor == "", "flavor")
	lone := len(o.Resources) == 0
	stray("required", len(o.Required) > 0 && lone, "resources")
	stray("forbidden", len(o.Forbidden) > 0 && lone, "resources")
	stray("member_of", len(o.MemberOf) > 0 && lone, "resources")
	stray("in_tree", o.InTree != "" && lone, "resources")
	raw := len(o.Resources)+len(o.Groups) == 0
	stray("root_required", len(o.RootRequired) > 0 && raw, "resources or groups")
	stray("root_forbidden", len(o.RootForbidden) > 0 && raw, "resources or groups")
	return several.Join(faults...)
}

// subtreeFaults names groups that there are not, and groups without resources that no list has.
func (o *Options) subtreeFaults() error {
	var faults []error
	var named []string
	for i, list := range o.SameSubtree {
		for _, name := range words(list) {
			named = append(named, name)
			if !slices.ContainsFunc(o.Groups, func(g Group) bool { return g.Name == name }) {
				faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("same_subtree[%d]", i), Value: list, Reason: "must be names of groups"})
			}
		}
	}
	for i, g := range o.Groups {
		if len(g.Resources) == 0 && !slices.Contains(named, g.Name) {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("groups[%d] -> resources", i), Value: "", Reason: "must not be empty, unless same_subtree names the group",
			})
		}
	}
	return several.Join(faults...)
}
