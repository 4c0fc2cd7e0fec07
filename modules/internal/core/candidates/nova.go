// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// OfFlavor makes the request that Nova's scheduler makes of a flavor (nova/scheduler/utils.py, ResourceRequest), as far as the flavor
// tells: image, ports and devices may add to it. open says in words what it does not tell. properties are those of the image. newest is the
// newest microversion of the compute API, which tells what this Nova makes of extra specs; empty if it is unknown.
func OfFlavor(f openstack.Flavor, fromVolume bool, properties map[string]string, newest string) (r *Request, open []string) {
	f = WithImage(f, properties)
	expected := flavor.Expect(openstack.Server{Flavor: f, FromVolume: fromVolume})
	plain := Group{Resources: expected.Amounts}
	groups := numbered(f.ExtraSpecs)
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
	r = &Request{RootForbidden: []string{Disabled}}
	open = implied(f.ExtraSpecs, properties, newest, &plain, r)
	if len(plain.Resources)+len(plain.Required)+len(plain.Forbidden) > 0 {
		r.Groups = append(r.Groups, tidy(plain))
	}
	for _, suffix := range slices.Sorted(maps.Keys(groups)) {
		r.Groups = append(r.Groups, tidy(*groups[suffix]))
	}
	policy := f.ExtraSpecs["group_policy"]
	r.Isolate = policy == "isolate"
	r.Policy = r.Isolate || policy == "none" || len(groups) > 1
	for _, why := range expected.Unknown {
		if !strings.HasSuffix(why, " in a group of its own") { // it is one of the groups
			open = append(open, foreign.Line(why))
		}
	}
	slices.Sort(r.RootRequired)
	return r, append(open, prefiltered(properties, fromVolume)...)
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

// numbered are the groups with suffixes that the flavor asks resources for.
func numbered(specs map[string]string) map[string]*Group {
	groups := map[string]*Group{}
	for key, value := range specs {
		suffix, class, is := suffixed(key, "resources")
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if is && suffix != "" && err == nil && n > 0 {
			group(groups, suffix).Resources[class] = n
		}
	}
	return groups
}

func group(groups map[string]*Group, suffix string) *Group {
	if groups[suffix] == nil {
		groups[suffix] = &Group{Suffix: suffix, Resources: map[string]int{}}
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
func tidy(g Group) Group {
	slices.SortFunc(g.Required, slices.Compare)
	g.Required = slices.CompactFunc(g.Required, slices.Equal)
	slices.Sort(g.Forbidden)
	return g
}

// Zone asks for an availability zone, as Nova does: for one of the host aggregates that have it. It reports whether there is one.
func (r *Request) Zone(zone string, aggregates []openstack.Aggregate) bool {
	var uuids []string
	for _, a := range aggregates {
		if a.Zone() == zone {
			uuids = append(uuids, a.UUID)
		}
	}
	slices.Sort(uuids)
	for i := range r.Groups {
		if len(uuids) > 0 && r.Groups[i].Suffix == "" {
			r.Groups[i].MemberOf = append(r.Groups[i].MemberOf, uuids)
		}
	}
	return len(uuids) > 0
}

// Only asks for the tree of a provider.
func (r *Request) Only(root string) {
	for i := range r.Groups {
		if r.Groups[i].Suffix == "" {
			r.Groups[i].InTree = root
		}
	}
}

// Traits lists all traits that the request names.
func (r *Request) Traits() []string {
	out := slices.Concat(r.RootRequired, r.RootForbidden)
	for _, g := range r.Groups {
		out = append(out, slices.Concat(g.Required...)...)
		out = append(out, g.Forbidden...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Requires reports whether a group of the request requires the trait.
func (r *Request) Requires(trait string) bool {
	return slices.ContainsFunc(r.Groups, func(g Group) bool {
		return slices.ContainsFunc(g.Required, func(list []string) bool { return slices.Equal(list, []string{trait}) })
	})
}

// Aggregates lists the UUIDs of all aggregates that the request names.
func (r *Request) Aggregates() []string {
	var out []string
	for _, g := range r.Groups {
		out = append(out, slices.Concat(g.MemberOf...)...)
		out = append(out, g.NotMemberOf...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
