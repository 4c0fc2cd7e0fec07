// SPDX-License-Identifier: Apache-2.0

// Package scheduler makes the request that Nova's scheduler makes of a flavor, of an image and of a server, and says what these do
// not tell. It is pure. The facts are those of Nova's source, releases 26 (Zed) to 34; each is named where it is used.
package scheduler

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// OfFlavor makes the request that Nova's scheduler makes of a flavor (nova/scheduler/utils.py, ResourceRequest), as far as the flavor
// tells: image, ports and devices may add to it. open says in words what it does not tell. properties are those of the image. newest is the
// newest microversion of the compute API, which tells what this Nova makes of extra specs; empty if it is unknown.
func OfFlavor(f openstack.Flavor, fromVolume bool, properties map[string]string, newest string) (r *candidates.Request, open []string) {
	f = WithImage(f, properties)
	server := openstack.Server{Flavor: f, FromVolume: fromVolume}
	plain := candidates.Group{Resources: flavor.Plain(server)}
	groups, strange := numbered(f.ExtraSpecs)
	for key, value := range merged(f.ExtraSpecs, properties) {
		suffix, trait, is := traitKey(key)
		if !is || value != "required" && value != "forbidden" {
			continue
		}
		g := &plain
		if suffix != "" {
			g = group(groups, suffix)
		}
		if value == "required" {
			g.Required = append(g.Required, []string{trait})
		} else {
			g.Forbidden = append(g.Forbidden, trait)
		}
	}
	r = &candidates.Request{RootForbidden: []string{candidates.Disabled}}
	open = implied(f.ExtraSpecs, properties, newest, &plain, r)
	if len(plain.Resources)+len(plain.Required)+len(plain.Forbidden) > 0 {
		r.Groups = append(r.Groups, tidy(plain))
	}
	for _, suffix := range slices.Sorted(maps.Keys(groups)) {
		r.Groups = append(r.Groups, tidy(*groups[suffix]))
	}
	policy := f.ExtraSpecs["group_policy"]
	r.Isolate = policy == "isolate"
	r.Policy = r.Isolate || policy == "none" // Nova ignores any other, and has no default where the flavor has several groups
	for _, why := range append(flavor.Expect(server).Unknown, strange...) {
		if !strings.HasSuffix(why, " in a group of its own") { // it is one of the groups
			open = append(open, foreign.Line(why))
		}
	}
	slices.Sort(r.RootRequired)
	return r, append(open, prefiltered(properties, fromVolume)...)
}

// Refused says why Placement answers 400 to the request that OfFlavor makes, so that Nova finds no host, and what helps; empty if it does
// not. Nova adds a group_policy only if at most one of the groups is the flavor's (nova/scheduler/utils.py, resources_from_request_spec), and
// sends a group with traits alone with an empty list of resources (placement/handlers/allocation_candidate.py, placement/util.py).
func Refused(r *candidates.Request) (why, help string) {
	groups := 0
	for _, g := range r.Groups {
		if len(g.Resources) == 0 {
			return "the flavor asks for traits" + in(g.Suffix) + " and for no resources there: Placement refuses its request",
				"Ask for resources" + in(g.Suffix) + " of the flavor, or for no traits there"
		}
		if g.Suffix != "" {
			groups++
		}
	}
	if groups > 1 && !r.Policy {
		return fmt.Sprintf("the flavor has %d groups with resources and no group_policy: Placement refuses its request", groups),
			"Set group_policy to none or isolate in the extra specs of the flavor"
	}
	return "", ""
}

// in names a group of a flavor.
func in(suffix string) string {
	if suffix == "" {
		return " in the group without a suffix"
	}
	return " in group " + suffix
}

// merged joins extra specs and properties of the image; Nova takes required traits alone from the latter.
func merged(specs, properties map[string]string) map[string]string {
	out := maps.Clone(specs)
	if out == nil {
		out = map[string]string{}
	}
	for key, value := range properties {
		if suffix, _, is := traitKey(key); is && suffix == "" && value == "required" {
			out[key] = value
		}
	}
	return out
}

// numbered are the groups with suffixes that the flavor asks resources for. strange are classes in them that Nova ignores, as it does not know
// them (nova/objects/request_spec.py, RequestGroup.add_resource).
func numbered(specs map[string]string) (groups map[string]*candidates.Group, strange []string) {
	groups = map[string]*candidates.Group{}
	for _, key := range slices.Sorted(maps.Keys(specs)) {
		suffix, class, is := suffixed(key, "resources")
		n, err := strconv.Atoi(strings.TrimSpace(specs[key]))
		switch {
		case !is, suffix == "", err != nil, n <= 0:
		case !flavor.Known(class):
			strange = append(strange, fmt.Sprintf("%s in group %s, which may be no resource class", class, suffix))
		default:
			group(groups, suffix).Resources[class] = n
		}
	}
	return groups, strange
}

func group(groups map[string]*candidates.Group, suffix string) *candidates.Group {
	if groups[suffix] == nil {
		groups[suffix] = &candidates.Group{Suffix: suffix, Resources: map[string]int{}}
	}
	return groups[suffix]
}

func traitKey(key string) (suffix, trait string, is bool) { return suffixed(key, "trait") }

// suffixes is what the suffix of a group may be of; Nova takes no other for one (nova/scheduler/utils.py).
const suffixes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

// suffixed takes apart the key of an extra spec such as "trait_GPU:CUSTOM_A100".
func suffixed(key, prefix string) (suffix, name string, is bool) {
	rest, is := strings.CutPrefix(key, prefix)
	suffix, name, colon := strings.Cut(rest, ":")
	return suffix, foreign.Line(name), is && colon && name != "" && strings.Trim(suffix, suffixes) == ""
}

// tidy puts what came out of a map in order.
func tidy(g candidates.Group) candidates.Group {
	slices.SortFunc(g.Required, slices.Compare)
	g.Required = slices.CompactFunc(g.Required, slices.Equal)
	slices.Sort(g.Forbidden)
	return g
}
