// SPDX-License-Identifier: Apache-2.0

// Package countedbyeach finds shared disk that each compute node counts as its own (PLC306).
package countedbyeach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// What makes a pool likely. Disks of a host of its own are smaller, and hosts of different make rarely have equal ones.
const (
	fewest = 3     // compute nodes that offer the same
	huge   = 20000 // GiB: more than hosts have for their servers' disks
	large  = 5000  // GiB: so much only where the hosts differ in CPUs or memory
)

// Check returns PLC306.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC306", Name: "counted-by-each", Severity: check.Low, Subject: check.OfProvider,
		Title: "Many compute nodes offer the same large DISK_GB, as if each had a shared pool for itself.",
		Doc: check.Doc{
			Meaning: "If the disk is one pool (Ceph, NFS), Placement counts it once for each compute node. With ten nodes, ten " +
				"times the pool can be allocated, and no node shows that the pool is full.",
			Causes: "nova-compute reports the size of the file system or the pool of its instances, and does not know that " +
				"others report the same one. Nova itself cannot share it (images_type rbd, or instances_path on NFS).",
			ByHand: "openstack resource provider inventory list PROVIDER      # of several: the same total of DISK_GB\n" +
				"openstack --os-placement-api-version 1.18 resource provider list --required MISC_SHARES_VIA_AGGREGATE",
			Remedy: "If the disk is one pool, monitor the pool itself and limit what may be allocated from it: by a low " +
				"disk_allocation_ratio in nova.conf of each node (1 divided by the number of nodes), or by a large " +
				"reserved_host_disk_mb. Restart nova-compute then. If the disks are the nodes' own, accept the finding in `ignore`.",
			Never: "Groups of fewer than three compute nodes; totals of less than 20000 GiB, or of less than 5000 GiB where the nodes differ in " +
				"CPUs or memory, because local disks of equal size are common; nodes that get DISK_GB from a sharing provider of their " +
				"aggregates; ratios that leave each node less than its part. Bare metal and VMware. Totals up to 1 % apart count as " +
				"equal. Anything while a cell does not answer.",
		},
		Needs: []snapshot.Part{snapshot.Providers, snapshot.Inventories, snapshot.Hypervisors},
		Run:   run,
	}
}

// node is a compute node with its disk.
type node struct {
	hypervisor openstack.Hypervisor
	disk       openstack.Inventory
}

func run(p *check.Pass) {
	for _, group := range groups(nodes(p.Snapshot)) {
		if pool(group) {
			report(p, group)
		}
	}
}

func nodes(s *snapshot.Snapshot) []node {
	var all []node
	for _, h := range s.Hypervisors() {
		_, there := s.Provider(h.UUID)
		disk, offers := s.Inventory(h.UUID)["DISK_GB"]
		if there && offers && !h.ManyNodes() {
			all = append(all, node{h, disk})
		}
	}
	slices.SortFunc(all, func(a, b node) int {
		return cmp.Or(cmp.Compare(a.disk.Total, b.disk.Total), cmp.Compare(a.hypervisor.UUID, b.hypervisor.UUID))
	})
	return all
}

// groups puts together the nodes whose totals are at most 1 % above the smallest of the group: the size of a pool changes from
// one reading to the next.
func groups(all []node) [][]node {
	const hundredth = 100
	var out [][]node
	for _, n := range all {
		last := len(out) - 1
		if last >= 0 && n.disk.Total-out[last][0].disk.Total <= out[last][0].disk.Total/hundredth {
			out[last] = append(out[last], n)
			continue
		}
		out = append(out, []node{n})
	}
	return out
}

// pool reports whether the disk of a group is likely one that they share and of which all together may give out more than there is.
func pool(group []node) bool {
	if len(group) < fewest {
		return false
	}
	total, capacity, makes := group[0].disk.Total, 0, map[[2]int]bool{}
	for _, n := range group {
		capacity += n.disk.Capacity()
		makes[[2]int{n.hypervisor.VCPUs, n.hypervisor.MemoryMB}] = true
	}
	return capacity > total && (total >= huge || total >= large && len(makes) > 1)
}

func report(p *check.Pass, group []node) {
	first := slices.MinFunc(group, func(a, b node) int { return cmp.Compare(a.hypervisor.UUID, b.hypervisor.UUID) }).hypervisor
	provider, _ := p.Snapshot.Provider(first.UUID)
	var hosts, uuids []string
	capacity := 0
	for _, n := range group {
		hosts, uuids, capacity = append(hosts, n.hypervisor.ServiceHost), append(uuids, n.hypervisor.UUID), capacity+n.disk.Capacity()
	}
	slices.Sort(hosts)
	slices.Sort(uuids)
	total := group[0].disk.Total
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("%d providers of one size offer the same DISK_GB %d, each for itself and without a sharing provider, among them %s (%s): if it is one pool, "+
			"its capacity is counted %d times, %d in all", len(group), total, provider.Name, provider.UUID, len(group), capacity),
		Evidence: map[string]any{
			"class": "DISK_GB", "total": total, "hosts": hosts, "providers": uuids, "capacity": capacity,
		},
		Remedy: check.Remedy{
			Text: fmt.Sprintf("Find out whether %s have one pool (images_type, instances_path in nova.conf). If so, watch the pool, and limit what "+
				"nova-compute offers of it, on resource provider %s and the others: set disk_allocation_ratio or reserved_host_disk_mb in nova.conf, "+
				"and restart it",
				strings.Join(hosts[:min(len(hosts), fewest)], ", "), check.Named(provider.Name, provider.UUID)),
			Command: foreign.Command("openstack resource provider inventory list %s", provider.UUID),
		},
	})
}
