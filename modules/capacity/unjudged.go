// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/filters"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
)

// mostNamed is how many flavors a sentence names.
const mostNamed = 20

// notJudged says what decides as well: of each flavor only what it asks for.
func (t *task) notJudged() []string {
	out := []string{}
	if len(t.asked) > 0 {
		out = append(out, "what the metadata of host aggregates decides, and what images, ports, scheduler hints and server groups ask for")
		out = append(out, scheduler.Owned(t.newest)...)
	}
	out = append(out, t.byFilters()...)
	out = append(out, t.rootDisks()...)
	if len(t.o.WithoutHosts) > 0 {
		out = append(out, "where the servers of the hosts in without_hosts would go: no room is taken for them elsewhere")
	}
	return out
}

// byFilters says what Nova's filters decide on some of the flavors, and on which.
func (t *task) byFilters() []string {
	names := map[string][]string{}
	for _, a := range t.asked {
		open := filters.OfFlavor(a.flavor, nil)
		if a.flavor.ExtraSpecs["pci_passthrough:alias"] != "" {
			open = append(open, "which hosts have the PCI devices: nova.conf says whether PciPassthroughFilter or Placement decides")
		}
		for _, text := range open {
			names[text] = append(names[text], a.name)
		}
	}
	var out []string
	for _, text := range slices.Sorted(maps.Keys(names)) {
		out = append(out, text+" (flavors: "+foreign.Some(names[text], mostNamed)+")")
	}
	return out
}

// rootDisks says of which flavors the other kind of server was not counted: that with a root disk on the host, or that from a volume.
func (t *task) rootDisks() []string {
	var with, without []string
	for _, a := range t.asked {
		switch {
		case t.o.FromVolume || !hasRootDisk(a.flavor):
		case a.fromVolume:
			without = append(without, a.name)
		default:
			with = append(with, a.name)
		}
	}
	var out []string
	if len(with) > 0 {
		out = append(out, "servers that boot from a volume: the root disk was counted; from_volume counts without it (flavors: "+foreign.Some(with, mostNamed)+")")
	}
	if len(without) > 0 {
		out = append(out, "servers with a root disk on the host: it was not counted, because all existing servers boot from volumes (flavors: "+foreign.Some(without, mostNamed)+")")
	}
	return out
}

// hasRootDisk reports whether it matters to a flavor what its servers boot from.
func hasRootDisk(f openstack.Flavor) bool {
	const class = "DISK_GB"
	return flavor.Plain(openstack.Server{Flavor: f})[class] != flavor.Plain(openstack.Server{Flavor: f, FromVolume: true})[class]
}
