// SPDX-License-Identifier: Apache-2.0

// Package filters says what Nova's filters decide on a request beyond what Placement does. No API shows which filters nova.conf turns on: what
// the filters look at is judged, and what follows from it is told with its condition. It is pure.
package filters

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
)

// someHosts is how many hosts a sentence names.
const someHosts = 20

// OfFlavor says which filters decide on a flavor and an image. Those that have nothing to say of them are not named.
func OfFlavor(f openstack.Flavor, properties map[string]string) []string {
	f = scheduler.WithImage(f, properties)
	var open []string
	if topology(f.ExtraSpecs, properties) {
		open = append(open, "which hosts have room for the NUMA topology and the pinned CPUs: only if enabled_filters in nova.conf has NUMATopologyFilter")
	}
	var able []string
	for key := range f.ExtraSpecs {
		if strings.HasPrefix(key, "capabilities:") || key == "hw:maxphysaddr_bits" {
			able = append(able, foreign.Line(key))
		}
	}
	if slices.Sort(able); len(able) > 0 {
		open = append(open, "which hosts have what the flavor asks for with "+foreign.List(able)+" (ComputeCapabilitiesFilter)")
	}
	var kinds []string
	for _, key := range []string{"hw_architecture", "architecture", "img_hv_type", "hypervisor_type", "hw_vm_mode", "vm_mode", "img_hv_requested_version"} {
		if properties[key] != "" {
			kinds = append(kinds, key)
		}
	}
	if len(kinds) > 0 {
		open = append(open, "which hosts can run what the image has as "+foreign.List(kinds)+" (ImagePropertiesFilter)")
	}
	return open
}

// pinned are the extra specs that ask for pinned CPUs without hw:cpu_policy (nova/virt/hardware.py, get_cpu_policy_constraint).
var pinned = regexp.MustCompile(`^resources([1-9][0-9]*)?:PCPU$`)

// topology reports whether Nova makes a NUMA topology of a flavor and an image (nova/virt/hardware.py, numa_get_constraints).
func topology(specs, properties map[string]string) bool {
	for _, key := range slices.Concat(slices.Collect(maps.Keys(specs)), slices.Collect(maps.Keys(properties))) {
		if rest, is := strings.CutPrefix(key, "hw_"); is {
			key = "hw:" + rest
		}
		if strings.HasPrefix(key, "hw:numa_") || key == "hw:mem_page_size" || key == "hw:pmem" {
			return true
		}
		if pinned.MatchString(key) && specs[key] != "0" {
			return true
		}
	}
	return specs["hw:cpu_policy"] == "dedicated" || specs["hw:cpu_policy"] == "mixed"
}

// OfAggregates says what the metadata of host aggregates may decide on a flavor and an image.
func OfAggregates(f openstack.Flavor, properties map[string]string, r *candidates.Request, aggregates []openstack.Aggregate) []string {
	hosts := metadata(aggregates)
	return slices.Concat(isolated(r, aggregates), extraSpecs(f.ExtraSpecs, hosts), types(f.Name, hosts), imageIsolation(properties, hosts))
}

// metadata is what the host aggregates of each host say. A value may be several, with commas (nova/scheduler/filters/utils.py).
func metadata(aggregates []openstack.Aggregate) map[string]map[string][]string {
	hosts := map[string]map[string][]string{}
	for _, a := range aggregates {
		for _, host := range a.Hosts {
			if hosts[host] == nil {
				hosts[host] = map[string][]string{}
			}
			add(hosts[host], a.Metadata)
		}
	}
	return hosts
}

// add adds the values of an aggregate to those of a host.
func add(has map[string][]string, metadata map[string]string) {
	for key, value := range metadata {
		for one := range strings.SplitSeq(value, ",") {
			has[key] = append(has[key], strings.TrimSpace(one))
		}
	}
}

// isolated names the aggregates that a prefilter forbids: those that require a trait which the request does not
// (nova/scheduler/request_filter.py, isolate_aggregates).
func isolated(r *candidates.Request, aggregates []openstack.Aggregate) []string {
	var open []string
	for _, a := range aggregates {
		var lacks []string
		for key, value := range a.Metadata {
			trait, is := strings.CutPrefix(key, "trait:")
			if is && value == "required" && !r.Requires(trait) {
				lacks = append(lacks, foreign.Line(key)+"=required")
			}
		}
		if slices.Sort(lacks); len(lacks) > 0 {
			open = append(open, "whether the host aggregate "+foreign.Line(a.Name)+" ("+hostList(a.Hosts)+") is left out: it has "+foreign.List(lacks)+
				", for which the request does not ask; only if nova.conf has enable_isolated_aggregate_filtering")
		}
	}
	slices.Sort(open)
	return open
}

// extraSpecs names the hosts whose aggregates have the extra specs of the flavor, those of aggregate_instance_extra_specs and those without a
// scope (nova/scheduler/filters/aggregate_instance_extra_specs.py). Of the latter only if an aggregate has such a key: many mean something else.
func extraSpecs(specs map[string]string, hosts map[string]map[string][]string) []string {
	wanted, words := map[string]string{}, []string{}
	scoped := false
	for key, value := range specs {
		rest, ours := strings.CutPrefix(key, "aggregate_instance_extra_specs:")
		if ours || !strings.Contains(key, ":") {
			wanted[rest] = value
			words = append(words, foreign.Line(rest)+"="+foreign.Line(value))
		}
		scoped = scoped || ours
	}
	var pass []string
	for host, has := range hosts {
		if all(wanted, func(key, value string) bool {
			return slices.ContainsFunc(has[key], func(one string) bool { return matches(one, value) })
		}) {
			pass = append(pass, host)
		}
		scoped = scoped || !all(wanted, func(key, _ string) bool { return has[key] == nil })
	}
	if len(wanted) == 0 || !scoped {
		return nil
	}
	slices.Sort(words)
	return []string{"whether it lands only on hosts whose aggregates have " + foreign.List(words) + " (" + hostList(pass) +
		"): only if enabled_filters in nova.conf has AggregateInstanceExtraSpecsFilter"}
}

// all reports whether something is true of all pairs.
func all(pairs map[string]string, is func(key, value string) bool) bool {
	for key, value := range pairs {
		if !is(key, value) {
			return false
		}
	}
	return true
}

// types names the hosts whose aggregates are for other flavors (nova/scheduler/filters/type_filter.py).
func types(name string, hosts map[string]map[string][]string) []string {
	var out []string
	for host, has := range hosts {
		if kinds := has["instance_type"]; len(kinds) > 0 && !slices.Contains(kinds, name) {
			out = append(out, host)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return []string{"whether Nova leaves out " + hostList(out) + ": instance_type of the aggregates there does not name the flavor; only if enabled_filters in " +
		"nova.conf has AggregateTypeAffinityFilter"}
}

// imageIsolation names the hosts whose aggregates are for other images (nova/scheduler/filters/aggregate_image_properties_isolation.py).
func imageIsolation(properties map[string]string, hosts map[string]map[string][]string) []string {
	var out []string
	for host, has := range hosts {
		fits := func(key, value string) bool {
			return !ofImages(key) || value == "" || has[key] == nil || slices.ContainsFunc(has[key], func(one string) bool { return alike(one, value) })
		}
		if !all(properties, fits) {
			out = append(out, host)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return []string{"whether Nova leaves out " + hostList(out) + ": the aggregates there are for other properties of images; only if enabled_filters in nova.conf " +
		"has AggregateImagePropertiesIsolation"}
}

// alike reports whether a value of an aggregate may be that of a property: Nova compares it with the property as it reads it, where
// true is True.
func alike(one, value string) bool {
	return one == value || strings.EqualFold(one, value) && (strings.EqualFold(one, "true") || strings.EqualFold(one, "false"))
}

// ofImages reports whether a property is one that Nova takes over from an image, rather than one of Glance's own.
func ofImages(key string) bool {
	return strings.HasPrefix(key, "hw_") || strings.HasPrefix(key, "img_") || strings.HasPrefix(key, "os_")
}

func hostList(hosts []string) string {
	if len(hosts) == 0 {
		return "no host"
	}
	hosts = slices.Clone(hosts)
	slices.Sort(hosts)
	return foreign.Some(hosts, someHosts)
}
