// SPDX-License-Identifier: Apache-2.0

// Package inventorydrift finds compute nodes whose inventory is not what their hypervisor has (PLC305).
package inventorydrift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC305.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC305", Name: "inventory-drift", Severity: check.Medium, Subject: check.OfProvider,
		Title: "The inventory of a compute node differs from what its hypervisor has.",
		Doc: check.Doc{
			Meaning: "Placement offers more than the host has, or less. nova-compute reports the same amounts to Nova and to Placement, so " +
				"one of the two did not arrive.",
			Causes: "A nova-compute whose writes to Placement fail (look for \"Failed to update inventory\"): a conflict at each try, or a class that is in " +
				"use and can't be removed. A total set by hand: nova-compute puts it back, at the latest after about six minutes.",
			ByHand: "openstack resource provider inventory list PROVIDER\n" +
				"openstack --os-compute-api-version 2.87 hypervisor show HOST      # vcpus, memory_mb, local_gb",
			Remedy: "Read the log of nova-compute and restart it: it writes the totals when it starts. Do not write the totals " +
				"by hand. nova-compute owns them: they follow from the host and from cpu_shared_set, cpu_dedicated_set and the " +
				"disks in nova.conf.",
			Never: "What is reserved, and ratios; classes that are not in the inventory (shared storage, pinned CPUs alone), except MEMORY_MB where CPUs are offered; vcpus that are the " +
				"total of VCPU, of PCPU or of both; DISK_GB up to 1 % apart, as the size of a Ceph pool changes from one reading to the " +
				"next; bare metal and VMware vCenter; compute nodes whose service is down, and those for which Nova shows no amounts; " +
				"anything while a cell does not answer.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Inventories, snapshot.Hypervisors},
		Partly: true,
		Run:    run,
	}
}

type drift struct {
	class       string
	total, node int
	option      string // of nova.conf, from which both follow
}

func run(p *check.Pass) {
	for _, h := range p.Snapshot.Hypervisors() {
		provider, there := p.Snapshot.Provider(h.UUID)
		if !there || h.ManyNodes() {
			continue
		}
		found := drifts(p.Snapshot.Inventory(h.UUID), h)
		switch {
		case len(found) == 0:
		case h.State != "up":
			p.NotJudged(h.UUID, "its nova-compute is "+h.State)
		case h.VCPUs == 0 && h.MemoryMB == 0:
			p.NotJudged(h.UUID, "nova does not show how much its hypervisor has")
		default:
			report(p, provider, h, found)
		}
	}
}

func drifts(inventories map[string]openstack.Inventory, h openstack.Hypervisor) []drift {
	var found []drift
	if vcpu, there := inventories["VCPU"]; there && !slices.Contains(cpus(inventories), h.VCPUs) {
		found = append(found, drift{"VCPU", vcpu.Total, h.VCPUs, "[compute]cpu_shared_set"})
	}
	if memory, there := inventories["MEMORY_MB"]; (there || offersCPU(inventories)) && memory.Total != h.MemoryMB {
		found = append(found, drift{"MEMORY_MB", memory.Total, h.MemoryMB, "[libvirt]file_backed_memory"})
	}
	const hundredth = 100
	if disk, there := inventories["DISK_GB"]; there && distance(disk.Total, h.LocalGB) > h.LocalGB/hundredth {
		found = append(found, drift{"DISK_GB", disk.Total, h.LocalGB, "[DEFAULT]instances_path, [libvirt]images_type"})
	}
	return found
}

// offersCPU reports whether CPUs are offered, beside which nova-compute always offers memory.
func offersCPU(inventories map[string]openstack.Inventory) bool {
	_, shared := inventories["VCPU"]
	_, pinned := inventories["PCPU"]
	return shared || pinned
}

// cpus lists what vcpus may be. The libvirt driver counts the shared CPUs alone (nova/virt/libvirt/driver.py,
// get_available_resource); others may count the pinned ones, or all.
func cpus(inventories map[string]openstack.Inventory) []int {
	shared := inventories["VCPU"].Total
	pinned, there := inventories["PCPU"]
	if !there {
		return []int{shared}
	}
	return []int{shared, pinned.Total, shared + pinned.Total}
}

func distance(a, b int) int { return max(a-b, b-a) }

func report(p *check.Pass, provider openstack.Provider, h openstack.Hypervisor, found []drift) {
	var words []string
	var classes []map[string]any
	for _, d := range found {
		words = append(words, fmt.Sprintf("%s %d, hypervisor %d", d.class, d.total, d.node))
		classes = append(classes, map[string]any{"class": d.class, "total": d.total, "hypervisor": d.node, "option": d.option})
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("totals of resource provider %s (%s) are not what the hypervisor of host %s has: %s",
			provider.Name, provider.UUID, h.ServiceHost, strings.Join(words, "; ")),
		Evidence: map[string]any{
			"generation": provider.Generation, "host": h.ServiceHost, "hypervisor_type": h.Type, "classes": classes,
		},
		Remedy: check.Remedy{
			Text: "Look into the log of nova-compute on " + h.ServiceHost + " for \"Failed to update inventory\", and restart nova-compute: it writes the " +
				"totals of resource provider " + check.Named(provider.Name, provider.UUID) + ", and puts back within about six minutes what was set by hand",
			Command: foreign.Command("openstack resource provider inventory list %s", provider.UUID),
		},
	})
}
